import { FLAVOURS, FLAVOUR_FACTS } from './flavour.ts';
import { findServer } from './programs/find-server.ts';
import type { ServerSource } from './programs/find-server.ts';

// Brings both servers to this machine and says what it found. Fails only if there is none at all.

const say = (line: string): void => void process.stdout.write(`${line}\n`);

function describeSource(source: ServerSource): string {
  switch (source.kind) {
    case 'url':
      return 'a running server, given in the environment';
    case 'program':
      return `${source.program.version}, ${source.program.command.at(-1)}`;
    case 'unavailable':
      return `not available here: ${source.advice}`;
  }
}

let available = 0;
for (const flavour of FLAVOURS) {
  const source = await findServer(flavour, say);
  say(`${FLAVOUR_FACTS[flavour].label}: ${describeSource(source)}`);
  if (source.kind !== 'unavailable') available += 1;
}
process.exitCode = available > 0 ? 0 : 1;
