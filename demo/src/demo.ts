import type { Arguments } from './arguments.ts';
import type { Cleanup } from './cleanup.ts';
import { Play } from './play.ts';
import type { Results } from './results/results.ts';
import type { HostRequest } from './stage/host.ts';
import { runSteps } from './terminal/progress.ts';
import { drawTable, TABLE_NOTES } from './terminal/table.ts';
import { isShown, judge } from './verdict.ts';
import { writeFiles } from './write-files.ts';

const say = (text: string): void => void process.stdout.write(`${text}\n`);

/** Plays, shows and writes. Returns the exit code: 0 when what the demo claims was seen. */
export async function runDemo(args: Arguments, cleanup: Cleanup): Promise<number> {
  const plays: Results[] = [];
  const said: string[] = [];
  let shown = true;
  for (const host of hostsOf(args)) {
    const play = new Play({ host, orms: args.orms, scenes: args.scenes, cleanup });
    await runSteps(play.steps());
    plays.push(...play.results);
    const verdicts = play.results.map(judge);
    said.push(...verdicts.map(({ words }) => words));
    shown &&= isShown(verdicts);
    say(`\n${drawTable(play.results)}\n${TABLE_NOTES}\n`);
  }
  await writeFiles(plays, args);
  say(`${said.join('.\n')}. Report: ${args.report}`);
  return shown ? 0 : 1;
}

function hostsOf({ server, url, allowGlobals }: Arguments): HostRequest[] {
  if (url !== undefined) return [{ url, allowGlobals }];
  if (server === 'any') return [{ firstOf: ['mariadb', 'mysql'] }];
  if (server === 'both') return [{ firstOf: ['mariadb'] }, { firstOf: ['mysql'] }];
  return [{ firstOf: [server] }];
}
