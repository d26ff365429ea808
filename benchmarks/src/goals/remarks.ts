import type { GoalId } from './goals.ts';

/**
 * What was tried for a goal and why it is not met, as Markdown; shown only under goals that the run
 * finds not met. No numbers here: they would be another run's.
 */
export const REMARKS: Readonly<Partial<Record<GoalId, string>>> = {
  'fast-path':
    'What remains is one reading of the clock at the borrow and one at the hand-over, the comparisons of ' +
    'the judge, the flags of the socket, and the tick in between, which the driver itself takes too. ' +
    'Tried and kept: one clock reading serves all judgements of a turn, the hand-over is one bound ' +
    'function instead of a closure for each borrow, counters are plain fields. Bare and guarded pools ' +
    'share a process here, so the engine cannot take the one kind for the only one; in a process of its ' +
    'own each is faster, and what the guard adds is about half of this.',
  load:
    'A statement costs the guard a borrow (above) and the watching of one command, which calls one function ' +
    'of its own when it is answered; with TypeORM also the methods of its QueryRunner that the guard stands ' +
    'before, and one promise. Beside what the driver and the kernel do for a statement over loopback, where ' +
    'nothing else takes time, these can be measured; over a network they cannot. Measured with the network ' +
    'taken away (a stream that answers within the process), and cut by about a half: an execute is not ' +
    'given a listener of its own any more, a SELECT is told from a COMMIT without being read to its end, ' +
    'what is needed to send a statement again is made when it has failed, and the clock is read once less. ' +
    'Tried without effect: callbacks of a fixed number of arguments, fewer promises in TypeORM. ' +
    'Bare `pool.query` of mysql2 itself spends much of its time on garbage: V8 takes a function that it ' +
    'assigns to a property for one that lives long; the guard does not change that. ' +
    'mariadb, and with it Prisma, lends its connections in turn, so that what the server does after an ' +
    'answer overlaps with the next statement; guarded the one used last is lent, as mysql2 and most pools ' +
    'do. With few callers that is slower over loopback, bare too: compare a bare pool of one connection.',
  rest:
    'The keeper has kept the connection open, so what is added is the look: it lets one poll phase of the ' +
    'event loop pass, two turns, before the connection is lent, in case its end has come already and was ' +
    'not read yet. Where the server was not heard on any connection for `pingAfter`, a ping comes on top, ' +
    'one round trip. Both run code that has not run since the rest began, as the statement itself does ' +
    '(see _bare, warm_). Where a rest is short enough to be sure, `aliveBypassWindow` spares both.',
};
