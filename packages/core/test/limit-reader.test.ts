import { expect } from 'chai';
import { restore, stub } from 'sinon';
import type { LifeguardOptions } from '../src/options.ts';
import type { FakeConnection } from './support/fake-connection.ts';
import { open, type Subject } from './support/open.ts';

type Answer = FakeConnection['waitTimeout'];

/** A pool of connections that were just released for the first time. */
async function released(
  count: number,
  waitTimeout: Answer = 60_000,
  options: LifeguardOptions = {},
): Promise<{ pool: Subject; connections: FakeConnection[] }> {
  const pool = open(options, (driver) => (driver.born = { waitTimeout }));
  pool.askFor(count);
  await pool.clock.settle();
  const connections = [...pool.driver.all];
  for (const connection of connections) pool.gate.release(connection);
  return { pool, connections };
}

const limitsRead = (pool: Subject): number[] =>
  pool.events('limitRead').map(({ connection }) => connection.id);

describe('the server’s idle limit', () => {
  afterEach(() => restore());

  it('is read at the first idle moment of a connection', async () => {
    const { pool, connections } = await released(1);
    await pool.clock.run(49);
    expect(limitsRead(pool)).to.deep.equal([]);
    await pool.clock.run(1);
    expect(limitsRead(pool)).to.deep.equal([1]);
    expect(pool.record(connections[0]!).silenceLimitMs).to.equal(54_000);
    expect(pool.guard.stats().waitTimeoutMs).to.equal(60_000);
    expect(pool.driver.free).to.deep.equal(connections);
  });

  it('is told: what was read, and what follows from it', async () => {
    const { pool } = await released(1);
    await pool.clock.run(50);
    expect(pool.events('limitRead')[0]).to.deep.include({
      waitTimeoutMs: 60_000,
      idleTimeoutMs: 54_000,
    });
  });

  it('is read of every connection, one after the other', async () => {
    const { pool } = await released(5);
    await pool.clock.run(50);
    expect(limitsRead(pool)).to.deep.equal([1, 2, 3, 4, 5]);
  });

  it('is read once of each', async () => {
    const { pool } = await released(2);
    for (let turn = 0; turn < 5; turn++) {
      await pool.clock.run(100);
      pool.gate.release(await pool.borrow());
    }
    expect(limitsRead(pool)).to.deep.equal([1, 2]);
  });

  it('is not read while the pool is busy', async () => {
    const { pool } = await released(1);
    for (let turn = 0; turn < 20; turn++) {
      const lent = await pool.borrow();
      pool.query(lent);
      pool.gate.release(lent);
      await pool.clock.run(20);
    }
    expect(limitsRead(pool)).to.deep.equal([]);
    await pool.clock.run(100);
    expect(limitsRead(pool)).to.deep.equal([1]);
  });

  it('keeps no process alive while it waits for its moment', async () => {
    const { pool } = await released(1);
    expect(pool.clock.pending('idle')).to.equal(1);
    expect(pool.clock.pending('busy')).to.equal(0);
  });

  it('is no use by the application: idle time goes on', async () => {
    const { pool, connections } = await released(1);
    await pool.clock.run(60);
    expect(pool.record(connections[0]!).idleSince).to.equal(pool.clock.now() - 60);
  });

  it('of connections opened since is taken to be the newest known one', async () => {
    const { pool } = await released(1);
    await pool.clock.run(50);
    pool.driver.free.length = 0;
    const fresh = await pool.borrow();
    expect(pool.record(fresh).silenceLimitMs).to.equal(54_000);
  });

  it('is followed when an administrator changes it', async () => {
    const { pool } = await released(1);
    await pool.clock.run(50);
    pool.driver.born = { waitTimeout: 10_000 };
    const old = await pool.borrow();
    const fresh = await pool.borrow();
    pool.gate.release(fresh);
    await pool.clock.run(50);
    expect(pool.record(fresh).silenceLimitMs).to.equal(9_000);
    expect(pool.record(old).silenceLimitMs).to.equal(54_000);
    expect(pool.guard.stats().waitTimeoutMs).to.equal(10_000);
  });

  it('is the reason why a connection is not lent after it', async () => {
    const { pool, connections } = await released(1);
    await pool.clock.run(54_050);
    expect(await pool.borrow()).not.to.equal(connections[0]);
    expect(pool.guard.stats().closed).to.deep.equal({ 'idle-timeout': 1 });
  });

  it('that is below the user’s own is warned about once, for all connections', async () => {
    const warnings: string[] = [];
    const logger = { warn: (message: string) => void warnings.push(message) };
    const { pool } = await released(3, 60_000, { idleTimeout: '5m', logger });
    await pool.clock.run(50);
    expect(warnings).to.have.length(1);
    expect(warnings[0]).to.match(/^Lifeguard, pool "fake": Option "idleTimeout" is 300000 ms/);
    expect(pool.events('warning')).to.have.length(1);
  });

  it('is learned although the logger throws', async () => {
    stub(process, 'emitWarning');
    const logger = {
      warn() {
        throw new Error('disk full');
      },
    };
    const { pool } = await released(1, 60_000, { idleTimeout: '5m', logger });
    await pool.clock.run(50);
    expect(pool.guard.stats()).to.include({ waitTimeoutMs: 60_000, idle: 1 });
  });
});

describe('a connection whose limit is being read', () => {
  it('is not lent; who comes meanwhile gets it when the answer is there', async () => {
    const { pool, connections } = await released(1);
    pool.driver.size = 1;
    pool.clock.advance(50);
    const borrow = pool.ask();
    expect(pool.guard.stats()).to.include({ validating: 1, pending: 1, opening: 0 });
    await pool.clock.settle();
    expect(borrow.connection).to.equal(connections[0]);
    expect(pool.driver.told.slice(-2)).to.deep.equal(['acquire 1', 'lend 1']);
  });

  for (const answer of ['fails', 'says nothing'] as const) {
    it(`stays when the server ${answer}, and is not asked again`, async () => {
      const { pool, connections } = await released(1, answer);
      await pool.clock.run(500);
      expect(pool.driver.free).to.deep.equal(connections);
      expect(pool.guard.stats()).to.deep.include({ waitTimeoutMs: undefined, closed: {} });
      expect(pool.clock.pending('idle')).to.equal(0);
      expect(await pool.borrow()).to.equal(connections[0]);
    });
  }

  it('is closed when no answer comes within validationTimeout', async () => {
    const { pool, connections } = await released(1, 'hangs');
    await pool.clock.run(1_100);
    expect(pool.driver.discarded).to.deep.equal(connections);
    expect(pool.guard.stats().closed).to.deep.equal({ 'ping-timeout': 1 });
  });

  it('that turns out cut off was no word of the server: the others are as silent as before', async () => {
    const { pool, connections } = await released(2, 'hangs');
    const { peer } = pool.record(connections[1]!);
    const { heardAt } = peer;
    connections[0]!.waitTimeout = 'is cut off';
    await pool.clock.run(60);
    expect(pool.guard.stats().closed).to.deep.equal({ poisoned: 1 });
    expect(peer.heardAt).to.equal(heardAt);
  });

  it('leaves the next ones to be read after that', async () => {
    const { pool, connections } = await released(2, 'hangs');
    connections[1]!.waitTimeout = 60_000;
    await pool.clock.run(1_100);
    expect(limitsRead(pool)).to.deep.equal([2]);
    expect(pool.driver.free).to.deep.equal([connections[1]]);
  });

  it('is looked at first: a dead one is asked nothing', async () => {
    const { pool, connections } = await released(1, 'hangs');
    pool.driver.kill(connections[0]!);
    pool.clock.advance(50);
    await pool.clock.settle();
    expect(connections[0]!.asking.size).to.equal(0);
    expect(pool.guard.stats().closed).to.deep.equal({ closed: 1 });
  });

  it('may be dropped by the driver meanwhile', async () => {
    const { pool, connections } = await released(1, 'hangs');
    pool.clock.advance(50);
    await pool.clock.settle();
    pool.driver.drop(connections[0]!);
    await pool.clock.run(2_000);
    expect(pool.guard.stats()).to.include({ total: 0, validating: 0 });
    expect(pool.guard.stats().closed).to.deep.equal({ removed: 1 });
    expect(pool.guard.roster.health.suspectBefore).to.equal(-Infinity);
  });

  it('is put back when the gate stops meanwhile, and no other one is asked', async () => {
    const { pool, connections } = await released(2);
    pool.clock.advance(50);
    pool.gate.stop();
    await pool.clock.run(1_000);
    expect(limitsRead(pool)).to.deep.equal([1]);
    expect(pool.driver.free).to.have.members(connections);
  });

  it('may answer after its deadline: that is nobody’s business any more', async () => {
    const { pool, connections } = await released(1, 'hangs');
    pool.clock.advance(50);
    await pool.clock.settle();
    const [late] = connections[0]!.asking;
    await pool.clock.run(1_000);
    expect(() => late!(null)).not.to.throw();
    expect(pool.guard.stats()).to.include({ total: 0, validating: 0 });
  });

  it('is closed when it was spoiled by that', async () => {
    const { pool, connections } = await released(1, 'fails');
    pool.clock.advance(50);
    pool.clock.poll();
    pool.clock.poll();
    pool.record(connections[0]!).poisoned = true;
    await pool.clock.settle();
    expect(pool.guard.stats().closed).to.deep.equal({ poisoned: 1 });
  });
});
