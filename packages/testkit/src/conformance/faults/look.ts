import { expect } from 'chai';
import { all, eachHasItsAnswer, nothingFails } from '../checks/expectations.ts';
import { reads } from '../checks/pool-checks.ts';
import type { Variation } from '../checks/pool-checks.ts';
import type { Check, Expectation, Fault } from '../fault.ts';
import type { Origin } from '../orders.ts';
import { closedByServer, killed, whileBlocked, whileFrozen } from '../strikes.ts';
import type { Mishap } from '../strikes.ts';
import type { Login } from '../subject.ts';
import type { Trial } from '../trial.ts';

const ORIGINS: readonly Origin[] = ['timer', 'I/O callback', 'promise job', 'setImmediate'];

/** A way to reach the server. */
interface Transport {
  readonly title: string;
  readonly needs: Check['needs'];
  readonly login: (trial: Trial) => Partial<Login>;
}

const TRANSPORTS: readonly Transport[] = [
  { title: 'plain', needs: [], login: () => ({}) },
  { title: 'TLS', needs: ['tls'], login: ({ server }) => ({ ssl: { ca: server.ca ?? '' } }) },
  { title: 'compressed', needs: [], login: () => ({ compress: true }) },
  {
    title: 'unix socket',
    needs: ['unixSocket'],
    login: ({ server }) => ({ socketPath: server.socketPath ?? '' }),
  },
];

/** How connections come to be closed without anything that tells the guard to expect it. */
interface Close {
  readonly title: string;
  readonly mishap: Mishap;
  readonly secretLimit?: number;
}

const CLOSES: readonly Close[] = [
  { title: 'killed', mishap: killed },
  // The server's clock has a grain of a second.
  {
    title: 'closed at a wait_timeout unknown to the guard',
    mishap: closedByServer,
    secretLimit: 3,
  },
];

/** Every closed connection was seen to be closed, and none is left in the pool. */
function allSeen(count: number): Expectation {
  return async (trial) => {
    const { closed = {} } = (await trial.stats()) ?? {};
    const seen = Object.values(closed).reduce<number>((sum, each = 0) => sum + each, 0);
    expect(seen, 'connections seen to be closed').to.be.at.least(count);
  };
}

/** As many borrows at once as there are closed connections. */
function look(title: string, count: number, rest: Variation): Check {
  const guarded = all(nothingFails, eachHasItsAnswer, allSeen(count));
  return reads(count, { title, guarded, ...rest });
}

const FEW = 3;

function looks(secretLimit: number | undefined, origins: readonly Origin[]): Check[] {
  return TRANSPORTS.flatMap(({ title, needs, login }) =>
    origins.map((from) =>
      look(`${title}, from ${from}`, FEW, {
        needs,
        prepare: (trial) => trial.open({ connections: FEW, login: login(trial), secretLimit }),
        plan: (trial) => ({ ...reads(FEW).plan(trial), from }),
      }),
    ),
  );
}

/** 100 sockets whose close all waits to be read at once. */
function crowd(secretLimit: number | undefined): Check {
  return look('100 sockets at once', 100, { pool: { connections: 100, secretLimit } });
}

/**
 * Connections that were closed while the process could not see it, so that a look alone can tell:
 * asked for from everywhere in the event loop, over everything that carries a connection.
 */
export const lookFaults: readonly Fault[] = CLOSES.flatMap(
  ({ title, mishap, secretLimit }): Fault[] => [
    {
      title: `${title} while the event loop is blocked`,
      checks: [...looks(secretLimit, ORIGINS), crowd(secretLimit)],
      strike: whileBlocked(mishap),
    },
    {
      title: `${title} while the process is frozen`,
      checks: [...looks(secretLimit, ['timer', 'I/O callback']), crowd(secretLimit)],
      strike: whileFrozen(mishap),
    },
  ],
);
