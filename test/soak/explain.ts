import type { FailedStep, Failure } from './application/outcome.ts';
import type { Incidents } from './incidents.ts';

/** Numbers by which servers refuse writes while they are read-only. */
const READ_ONLY = [1290, 1792, 1836];

/** What drivers say of a connection that is gone, by code and by number, where Prisma passes it on. */
const LOSSES = ['ECONNRESET', 'EPIPE', 'PROTOCOL_CONNECTION_LOST', 1053, 1927, 4031, 45009];

/** The deadline of both pools for a connection, less what opening one takes after an outage. */
const DEADLINE_MS = 10_000;
const SLACK_MS = 1_000;

/** The guard's timeout in the words of mariadb. */
const OWN_WORDS = 45028;

/** So often a statement that was not executed is sent: once, and twice again. */
const SENT_AT_MOST = 3;

/**
 * Why a step may have failed, in a few words; `undefined` if nothing that was done to the
 * application explains it.
 */
export function explain(step: FailedStep, incidents: Incidents): string | undefined {
  const { failure, from, since, to, kind } = step;
  if (failure.name === 'Hung' || failure.name === 'WrongAnswer' || kind === 'other') {
    return undefined;
  }
  if (failure.errno !== undefined && READ_ONLY.includes(failure.errno)) {
    // Elsewhere the statement runs again, until the server takes it.
    const isBound = kind === 'transaction' || kind === 'session';
    const isRefused = isBound && incidents.felt('read-only', since, to).length > 0;
    return isRefused ? `${step.orm}, refused in a ${kind}` : undefined;
  }
  const ours = failure.errno === OWN_WORDS ? 'LIFEGUARD_CONNECTION_TIMEOUT' : failure.lifeguard;
  if (ours !== undefined) return explainOurs(step, ours, incidents);
  if (!isLoss(failure)) return undefined;
  const cuts = incidents.felt('severs', from, to).length;
  const isRunAgain = failure.executed === 'no' && failure.repeatable && isOnesOwn(step);
  if (cuts < (isRunAgain ? SENT_AT_MOST : 1)) return undefined;
  return `${step.orm}, ${kind} under way`;
}

function explainOurs(
  { kind, since, to }: FailedStep,
  lifeguard: string,
  incidents: Incidents,
): string | undefined {
  // All connections are replaced after a refusal, also the one that holds a session.
  const effects = ['severs', 'severs idle', 'read-only'] as const;
  const cuts = effects.flatMap((effect) => incidents.felt(effect, since, to)).length;
  switch (lifeguard) {
    case 'LIFEGUARD_TRANSACTION_LOST':
    case 'LIFEGUARD_TRANSACTION_UNKNOWN':
      return kind === 'transaction' && cuts > 0 ? lifeguard : undefined;
    case 'LIFEGUARD_SESSION_LOST':
      return (kind === 'session' || kind === 'stream') && cuts > 0 ? lifeguard : undefined;
    case 'LIFEGUARD_CONNECTION_TIMEOUT': {
      const outageMs = incidents.durationOf('outage', to - DEADLINE_MS, to);
      return outageMs > DEADLINE_MS - SLACK_MS ? lifeguard : undefined;
    }
    default:
      return undefined;
  }
}

/** Whether it says that a connection was lost: to the guard, or at least to everybody. */
function isLoss({ executed, code, errno }: Failure): boolean {
  return executed !== undefined || LOSSES.some((loss) => loss === code || loss === errno);
}

/** Whether it is sent by what runs statements again: neither a stream nor a transaction of Prisma. */
function isOnesOwn({ orm, kind }: FailedStep): boolean {
  return kind !== 'stream' && !(orm === 'prisma' && kind === 'transaction');
}
