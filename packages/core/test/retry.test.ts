import { expect } from 'chai';
import type { LifeguardOptions } from '../src/options.ts';
import type { Answer } from '../src/lost-statements.ts';
import { runAgain } from '../src/retry.ts';
import { driverError } from './support/fake-connection.ts';
import { open } from './support/open.ts';
import { cutOff, readOnly, Sender, unwritten } from './support/sender.ts';

const INSERT = 'INSERT INTO t VALUES (1)';

/** A statement that may run again, as a pool's own method sends it. */
class Statement extends Sender {
  readonly answers: Parameters<Answer>[] = [];
  /** Asked before each time, if set. */
  mayRun: ((lost: object) => boolean) | undefined;

  start(): this {
    const { mayRun } = this;
    const run = (answer: Answer): void => this.send(INSERT, answer);
    const answer: Answer = (...result) => void this.answers.push(result);
    run((error, ...results) => {
      if (error && runAgain(error, { run, answer, ...(mayRun && { mayRun }) })) return;
      answer(error, ...results);
    });
    return this;
  }

  get retries(): number {
    return this.pool.guard.stats().retries;
  }

  /** The errors with which it was told to run again. */
  get retried(): Error[] {
    return this.pool.events('retried').map(({ error }) => error);
  }
}

/** A statement of which this comes, one after the other. */
function statement(outcomes: readonly unknown[], options: LifeguardOptions = {}): Statement {
  return new Statement(open(options), ...outcomes);
}

/** Sends it, and lets a minute pass. */
async function run(
  outcomes: readonly unknown[],
  options?: LifeguardOptions,
  thinksMs = 0,
): Promise<Statement> {
  const sent = statement(outcomes, options);
  sent.thinksMs = thinksMs;
  sent.start();
  await sent.pool.clock.run(60_000);
  return sent;
}

describe('a statement that was lost', () => {
  it('runs again at once on another connection, and is answered once', async () => {
    const lost = unwritten();
    const { answers, connections, pauses, retries, retried } = await run([lost, 'a row']);
    expect(answers).to.deep.equal([[null, 'a row']]);
    expect([connections, pauses]).to.deep.equal([[1, 2], [0]]);
    expect(retries).to.equal(1);
    expect(retried).to.deep.equal([lost]);
  });

  it('runs again twice at most: it might be what kills connections', async () => {
    const lost = [unwritten(), unwritten(), unwritten()];
    const { answers, connections, retries, retried } = await run(lost);
    expect(answers).to.deep.equal([[lost[2]]]);
    expect(connections).to.deep.equal([1, 2, 3]);
    expect(retries).to.equal(2);
    expect(retried).to.deep.equal(lost.slice(0, 2));
  });

  it('does not run again after an ordinary error: that is its answer', async () => {
    const duplicate = driverError('Duplicate entry', { errno: 1062 });
    const { answers, retries } = await run([unwritten(), duplicate]);
    expect(answers).to.deep.equal([[duplicate]]);
    expect(retries).to.equal(1);
  });

  it('does not run again once it may have been executed', async () => {
    const cut = cutOff();
    const { answers, retries } = await run([unwritten(), cut, 'a row']);
    expect(answers).to.deep.equal([[cut]]);
    expect(retries).to.equal(1);
  });

  it('does not run again when connectionTimeout is over', async () => {
    const inTime = await run([unwritten(), unwritten()], {}, 10_000);
    expect(inTime.answers).to.deep.equal([[null, 'done']]);
    const last = unwritten();
    const late = await run([unwritten(), last], {}, 10_001);
    expect(late.answers).to.deep.equal([[last]]);
    expect(late.retries).to.equal(1);
  });

  it('ends with its own error where no connection can be had for it', async () => {
    const lost = unwritten();
    const sent = statement([lost], { connectionTimeout: '1s' });
    sent.thinksMs = 100;
    sent.start();
    await sent.pool.clock.settle();
    sent.pool.driver.dials = 'hang';
    await sent.pool.clock.run(60_000);
    expect(sent.pool.guard.stats().timeouts).to.equal(1);
    expect(sent.answers).to.deep.equal([[lost]]);
  });
});

/** Statements of one pool, one after the other. */
function inTurn(options: LifeguardOptions) {
  const pool = open(options);
  const send = async (outcomes: readonly unknown[]) => {
    const before = pool.guard.stats().retries;
    const sent = new Statement(pool, ...outcomes).start();
    await pool.clock.run(5_000);
    return { answer: sent.answers[0], retries: pool.guard.stats().retries - before };
  };
  return { pool, send };
}

describe('a statement that a read-only server refused', () => {
  const refusals = (count: number): Error[] => Array.from({ length: count }, readOnly);

  it('runs again after a pause, which grows', async () => {
    const { answers, pauses, retries, retried } = await run([...refusals(6), 'a row']);
    expect(answers).to.deep.equal([[null, 'a row']]);
    expect(pauses).to.deep.equal([25, 50, 100, 200, 250, 250]);
    expect([retries, retried.length]).to.deep.equal([6, 6]);
  });

  it('runs again until connectionTimeout is over', async () => {
    const refused = refusals(10);
    const { answers, pauses, pool } = await run(refused, { connectionTimeout: '1s' });
    expect(answers).to.deep.equal([[refused[6]]]);
    expect(pauses).to.deep.equal([25, 50, 100, 200, 250, 250]);
    expect(pool.clock.pending('busy')).to.equal(0);
  });

  it('runs again at the last moment, but not behind it', async () => {
    const [first, second] = refusals(2);
    expect((await run([first], { connectionTimeout: 25 })).answers).to.deep.equal([[null, 'done']]);
    expect((await run([second], { connectionTimeout: 24 })).answers).to.deep.equal([[second]]);
  });

  it('runs again but once for a while after no writer was found: some servers never write', async () => {
    const { pool, send } = inTurn({ connectionTimeout: '1s' });
    await send(refusals(10));
    const seldom = await send(refusals(10));
    expect(seldom.retries).to.equal(1);
    pool.clock.advance(60_000);
    expect((await send(refusals(10))).retries).to.be.above(1);
    expect((await send([...refusals(1), 'a row'])).answer).to.deep.equal([null, 'a row']);
    // One was found: the next failover is waited for again.
    expect((await send(refusals(10))).retries).to.be.above(1);
  });

  it('keeps the process alive while it waits', async () => {
    const sent = statement(refusals(1)).start();
    await sent.pool.clock.settle();
    expect(sent.pool.clock.dueIn('busy')).to.deep.equal([25]);
    expect([sent.answers, sent.retries]).to.deep.equal([[], 0]);
  });

  it('may be lost twice in between', async () => {
    const last = unwritten();
    const mixed = [readOnly(), unwritten(), readOnly(), unwritten(), readOnly(), last];
    const { answers, pauses } = await run(mixed);
    expect(answers).to.deep.equal([[last]]);
    expect(pauses).to.deep.equal([25, 0, 50, 0, 100]);
  });
});

describe('who sent a statement', () => {
  it('is asked before it runs again, each time', async () => {
    const asked: object[] = [];
    const sent = statement([unwritten(), readOnly(), unwritten()]);
    sent.mayRun = (lost) => asked.push(lost) > 0;
    sent.start();
    await sent.pool.clock.run(60_000);
    expect(sent.answers).to.deep.equal([[null, 'done']]);
    expect(asked.map((lost) => (lost as { id: number }).id)).to.deep.equal([1, 2, 3]);
  });

  it('can say that it is too late: the error is the answer', async () => {
    const [lost, refused] = [unwritten(), readOnly()];
    const sent = statement([lost, refused]);
    sent.mayRun = () => sent.sent.length < 2;
    sent.start();
    await sent.pool.clock.run(60_000);
    expect(sent.answers).to.deep.equal([[refused]]);
    expect(sent.retried).to.deep.equal([lost]);
  });

  it('is asked after the pause, not before', async () => {
    const sent = statement([readOnly()]);
    let may = true;
    sent.mayRun = () => may;
    sent.start();
    await sent.pool.clock.settle();
    may = false;
    await sent.pool.clock.run(60_000);
    expect([sent.connections, sent.retries]).to.deep.equal([[1], 0]);
  });
});
