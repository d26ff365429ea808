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
    'function instead of a closure for each borrow, counters are plain fields.',
  load:
    'mariadb, and with it Prisma, lends its connections in turn, so that what the server does after an ' +
    'answer overlaps with the next statement; guarded the one used last is lent, as mysql2 and most pools ' +
    'do. With few callers that is slower over loopback, bare too: compare a bare pool of one connection. ' +
    'With TypeORM every statement passes the methods of its QueryRunner that the guard stands before. ' +
    'Tried: fewer of these, and no promise where none is needed; the rest is spread over what is left of ' +
    'them.',
};
