import type { Kind } from '../options.ts';

/** What is said of a kind of benchmark above its figures. */
export interface Section {
  readonly title: string;
  readonly text: string;
}

/** In the order of the page. */
export const SECTIONS: Readonly<Record<Kind, Section>> = {
  micro: {
    title: 'A borrow',
    text: `A borrow and release of a connection of mysql2 that was used a moment ago, in pools of real
connections, with no I/O in between: the time, the bytes allocated, and those of them that a collection
finds still in use. _Waiting_: as many callers more than connections stand in line all the time. _Each
connection_: the heap that an open connection holds.`,
  },
  load: {
    title: 'Under load',
    text: `\`SELECT 1\` by 1, 8 and 64 callers at once on pools of 10 connections, as text and prepared where
the subject has both. CPU time is that of the measuring process alone and is disturbed least. Bare,
mariadb lends its connections in turn; guarded, the one used last. With one caller at a time a single
connection is slower over loopback than ten in turn, bare too.`,
  },
  rest: {
    title: 'After a rest',
    text: `The first \`SELECT 1\` after nobody asked for a while: after 1 s, after 5 s, and past the server's
\`wait_timeout\`, with the server on this machine or 2 ms away. _Bare, warm_ is asked once more just before:
what the rest costs any process, however open its connections are. _Bare, kept open_ was opened before the
server had its limit. _Ping always_ is a guard with \`aliveBypassWindow: 0\` and \`pingIdleAfter: 0\`. A
statement that fails is told as such and is no time.`,
  },
  freeze: {
    title: 'After a freeze',
    text: `The process is stopped (SIGSTOP) for longer than \`wait_timeout\`, a request comes in meanwhile, and
the process goes on (SIGCONT): the time from the request's being read to the answer. _A dial and a
statement_ does both after the same freeze: it opens a connection with the bare driver, and asks one that
was kept open. A process that an unhandled error of a lost connection ends counts as failed in that round.`,
  },
  drop: {
    title: 'Connections lost in silence',
    text: `A proxy swallows whatever is sent on the existing connections of a pool and closes none, as a
firewall does that forgot them. After 6 s without a statement one is sent. New connections work. Bare,
nothing ends the waiting: the client gives up after 2 s, which is told as a failure and is no time.`,
  },
  peers: {
    title: 'Beside others',
    text: `\`SELECT 1\` by 8 callers at once on pools of 10 connections, all in the same run on the same server,
against bare mysql2. \`minDelayValidation: 0\` is mariadb's own ping at every borrow. Sequelize and Knex run on
mysql2 with their own pools, in their defaults.`,
  },
};
