import { serveCommands, type ConnectionOptions, type Flavour } from '@pool-lifeguard/testkit';
import { answerTo, freshen, timeOf, type First } from '../measuring/first-answer.ts';
import type { Ask } from '../measuring/closed-loop.ts';
import { DIALING, dialing } from '../subjects/dialing.ts';
import { POOL_SIZE, type Address } from '../subjects/opened.ts';
import type { Way } from '../subjects/sides.ts';
import { SUBJECTS } from '../subjects/statements.ts';

// The process of a `FrozenPool`.

/** The pool that is wanted. */
export interface Order {
  readonly flavour: Flavour;
  readonly options: ConnectionOptions;
  /** The subject's name. */
  readonly subject: string;
  readonly way: Way;
}

let pool: { readonly ask: Ask; readonly first: First } | undefined;

serveCommands({
  async open({ flavour, options, subject: name, way }: Order) {
    const subject = SUBJECTS.find((one) => one.name === name);
    if (!subject) throw new Error(`There is no subject ${name}.`);
    const server: Address = { flavour, connectionOptions: () => options };
    const { subject: ask } = await subject.open({ server, guarding: way.guarding });
    const dials = way.name === DIALING;
    const first = dials ? dialing(subject.dial, server, ask) : () => timeOf(() => answerTo(ask));
    pool = { ask, first };
  },
  freshen: () => freshen(opened().ask, POOL_SIZE),
  async first() {
    const { ask, first } = opened();
    try {
      return await first();
    } finally {
      // A lost connection may have an error that nobody handles: it ends the process before its answer.
      await freshen(ask, POOL_SIZE);
    }
  },
});

function opened() {
  if (!pool) throw new Error('The pool is not open.');
  return pool;
}
