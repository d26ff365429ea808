import { expect } from 'chai';
import { Readable } from 'node:stream';
import { retryOneShots, type OneShots } from '../src/one-shots.ts';
import type { Answer } from '../src/lost-statements.ts';
import { driverError } from './support/fake-connection.ts';
import { open } from './support/open.ts';
import { cutOff, Sender, unwritten } from './support/sender.ts';

const INSERT = 'INSERT INTO t VALUES (?)';

/** Pools of a driver's two kinds; each notes what it was asked for. */
abstract class FakePool implements OneShots {
  readonly calls: unknown[][] = [];
  readonly sender: Sender;

  constructor(sender: Sender) {
    this.sender = sender;
  }

  query(...call: unknown[]): unknown {
    return this.send('query', ...call);
  }

  execute(...call: unknown[]): unknown {
    return this.send('execute', ...call);
  }

  protected abstract send(...call: unknown[]): unknown;
}

class CallbackPool extends FakePool {
  protected send(...call: unknown[]): unknown {
    const answer = call.pop();
    this.calls.push(call);
    if (typeof answer !== 'function') return 'a stream';
    this.sender.send(INSERT, (error, result) => (answer as Answer)(error, result, 'fields'));
    return 'a command';
  }
}

class PromisePool extends FakePool {
  protected send(...call: unknown[]): unknown {
    this.calls.push(call);
    return call.includes('no promise') ? 'no promise' : this.sender.ask(INSERT);
  }
}

const METHODS = ['query', 'execute'] as const;

/** A pool whose statements end like this, one after the other, and run again. */
function guarded<P extends FakePool>(
  Pool: new (sender: Sender) => P,
  ...outcomes: readonly unknown[]
): { pool: P; run: () => Promise<void>; undo: () => void; close: () => void } {
  const pool = new Pool(new Sender(open(), ...outcomes));
  const state = { open: true };
  const undo = retryOneShots(pool, () => state.open);
  return {
    pool,
    close: () => void (state.open = false),
    run: () => pool.sender.pool.clock.run(60_000),
    undo: () => undo.forEach((each) => each()),
  };
}

for (const method of METHODS) {
  const call = [method, INSERT, [1]];

  describe(`a pool’s ${method}() with a callback`, () => {
    it('sends what was lost again, and answers once', async () => {
      const { pool, run } = guarded(CallbackPool, unwritten(), 'a row');
      const answers: unknown[][] = [];
      expect(pool[method](INSERT, [1], (...said: unknown[]) => answers.push(said))).to.equal(
        'a command',
      );
      await run();
      expect(answers).to.deep.equal([[null, 'a row', 'fields']]);
      expect(pool.calls).to.deep.equal([call, call]);
    });

    it('keeps what its callback is called on', async () => {
      const { pool, run } = guarded(CallbackPool, unwritten(), 'a row');
      const said: unknown[] = [];
      pool[method](INSERT, function (this: unknown, ...results: unknown[]) {
        said.push(this, results[1]);
      });
      await run();
      expect(said).to.deep.equal([undefined, 'a row']);
    });

    it('does not send anything again once the pool is closed', async () => {
      const lost = unwritten();
      const { pool, run, close } = guarded(CallbackPool, lost, 'a row');
      const answers: unknown[][] = [];
      pool[method](INSERT, (...said: unknown[]) => answers.push(said));
      close();
      await run();
      expect(answers).to.deep.equal([[lost]]);
    });

    it('answers at once where all went well', async () => {
      const { pool, run } = guarded(CallbackPool, 'a row');
      const answers: unknown[][] = [];
      pool[method](INSERT, (...said: unknown[]) => answers.push(said));
      await run();
      expect(answers).to.deep.equal([[null, 'a row', 'fields']]);
      expect(pool.calls).to.have.length(1);
    });

    it('gives every other error to its callback', async () => {
      for (const error of [cutOff(), driverError('Duplicate entry', { errno: 1062 })]) {
        const { pool, run } = guarded(CallbackPool, error);
        const answers: unknown[][] = [];
        pool[method](INSERT, (...said: unknown[]) => answers.push(said));
        await run();
        expect(answers).to.deep.equal([[error, undefined, 'fields']]);
        expect(pool.calls).to.have.length(1);
      }
    });

    it('is the pool’s own without one: what it returns may be read as a stream', () => {
      const { pool } = guarded(CallbackPool);
      expect(pool[method](INSERT, [1])).to.equal('a stream');
    });
  });

  describe(`a pool’s ${method}() with a promise`, () => {
    it('sends what was lost again', async () => {
      const { pool, run } = guarded(PromisePool, unwritten(), 'a row');
      const result = pool[method](INSERT, [1]);
      await run();
      expect(await result).to.equal('a row');
      expect(pool.calls).to.deep.equal([call, call]);
    });

    it('rejects with every other error', async () => {
      for (const error of [cutOff(), driverError('Duplicate entry', { errno: 1062 })]) {
        const { pool, run } = guarded(PromisePool, error);
        const said = (pool[method](INSERT) as Promise<unknown>).catch((reason: unknown) => reason);
        await run();
        expect(await said).to.equal(error);
        expect(pool.calls).to.have.length(1);
      }
    });

    it('passes on what is no promise', () => {
      const { pool } = guarded(PromisePool);
      expect(pool[method]('no promise')).to.equal('no promise');
      expect(pool.calls).to.deep.equal([[method, 'no promise']]);
    });
  });
}

describe('a statement with a stream as its parameter', () => {
  const stream = (): Readable => Readable.from(['a']);
  const CALLS: readonly [topic: string, parameters: () => unknown[]][] = [
    ['given alone', () => [INSERT, stream()]],
    ['among the values of an object', () => [{ sql: INSERT, values: [null, 1, stream()] }]],
    ['in a list', () => [INSERT, [1, stream()]]],
    ['in a list behind an object', () => [{ sql: INSERT }, [stream()]]],
    ['by its name', () => [INSERT, { data: stream() }]],
    ['by its name in an object', () => [{ sql: INSERT, values: { data: stream() } }]],
    ['as the value of an object', () => [{ sql: INSERT, values: stream() }]],
  ];

  for (const [topic, parameters] of CALLS) {
    it(`is not sent again: ${topic}`, async () => {
      const error = unwritten();
      const [one, other] = [guarded(CallbackPool, error), guarded(PromisePool, error)];
      const answers: unknown[] = [];
      one.pool.query(...parameters(), (said: unknown) => answers.push(said));
      (other.pool.query(...parameters()) as Promise<void>).catch((said) => answers.push(said));
      await one.run();
      await other.run();
      expect(answers).to.deep.equal([error, error]);
      expect([one.pool.calls.length, other.pool.calls.length]).to.deep.equal([1, 1]);
    });
  }

  it('is told from what only looks like one', async () => {
    const { pool, run } = guarded(PromisePool, unwritten());
    const values = [null, undefined, 1, 'pipe', { pipe: true }, new Date(0), Buffer.from('a')];
    const result = pool.query({ sql: INSERT, values });
    await run();
    expect(await result).to.equal('done');
  });
});

describe('undone', () => {
  it('leaves no own property', () => {
    const { pool, undo } = guarded(PromisePool);
    const own = (): string[] => Object.getOwnPropertyNames(pool);
    expect(own()).to.include.members([...METHODS]);
    undo();
    expect(own()).to.have.members(['calls', 'sender']);
    expect(pool).to.have.property('query', FakePool.prototype.query);
  });

  it('sends nothing again', async () => {
    const error = unwritten();
    const { pool, run, undo } = guarded(PromisePool, error);
    undo();
    const said = (pool.query(INSERT) as Promise<unknown>).catch((reason: unknown) => reason);
    await run();
    expect(await said).to.equal(error);
  });
});
