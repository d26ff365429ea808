import { FLAVOUR_FACTS, type Flavour } from '@pool-lifeguard/testkit';
import { readOptions, USAGE, UsageError } from './options.ts';
import { reportOf } from './report.ts';
import { soak } from './soak.ts';
import { canBeSoaked } from './stage.ts';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

async function main(): Promise<void> {
  // The kill switch would leave nothing to soak.
  delete process.env['LIFEGUARD'];
  const { minutes, servers, seed } = readOptions(process.argv.slice(2));
  say(`seed ${seed} (npm run soak -- --minutes ${minutes} --seed ${seed})`);
  const possible = await Promise.all(servers.map(canBeSoaked));
  const flavours = servers.filter((_, place) => possible[place]);
  if (flavours.length === 0) throw new Error('There is no server that may be restarted.');
  const runs = flavours.map((flavour) => soak({ flavour, ms: minutes * 60_000, seed, say }));
  for (const [place, findings] of (await Promise.all(runs)).entries()) {
    say(`\n=== ${FLAVOUR_FACTS[flavours[place] as Flavour].label}\n${reportOf(findings)}`);
    if (findings.troubles.length > 0) process.exitCode = 1;
  }
}

main().catch((error: unknown) => {
  const misused = error instanceof UsageError;
  say(
    misused ? `${error.message}\n\n${USAGE}` : String(error instanceof Error ? error.stack : error),
  );
  process.exit(misused ? 2 : 1);
});
