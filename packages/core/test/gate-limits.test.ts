import { expect } from 'chai';
import { open, type Subject } from './support/open.ts';

const refusal = new Error('Queue limit reached.');

/** A pool of two connections, both lent. */
async function full(): Promise<Subject> {
  const pool = open({}, (driver) => (driver.size = 2));
  pool.askFor(2);
  await pool.clock.settle();
  pool.driver.told.length = 0;
  return pool;
}

describe('at the limit of the pool', () => {
  it('a borrower waits, and the driver tells so', async () => {
    const pool = await full();
    const borrow = pool.ask();
    expect(borrow.answers).to.equal(0);
    expect(pool.guard.stats()).to.include({ total: 2, lent: 2, pending: 1, opening: 0 });
    expect(pool.driver.told).to.deep.equal(['enqueue behind 0']);
  });

  it('the driver hears how many wait already', async () => {
    const pool = await full();
    pool.askFor(3);
    expect(pool.driver.told).to.deep.equal([0, 1, 2].map((count) => `enqueue behind ${count}`));
  });

  it('the driver may refuse him', async () => {
    const pool = await full();
    pool.driver.refusal = refusal;
    const borrow = pool.ask();
    await pool.clock.settle();
    expect(borrow).to.include({ error: refusal, answers: 1 });
    expect(pool.guard.stats().pending).to.equal(0);
  });

  it('he gets what is released before he is refused', async () => {
    const pool = await full();
    const borrow = pool.ask();
    pool.driver.refusal = refusal;
    pool.gate.release(pool.driver.all[0]!);
    await pool.clock.settle();
    expect(borrow.connection).to.equal(pool.driver.all[0]);
    expect(pool.driver.told).not.to.include('acquire 1');
  });

  it('nobody is asked about borrowers for whom there is room', () => {
    const pool = open({}, (driver) => Object.assign(driver, { size: 2, refusal, dials: 'hang' }));
    pool.askFor(2);
    expect(pool.driver.told).to.deep.equal([]);
    expect(pool.ask().error).to.equal(refusal);
  });

  it('a validated connection counts for one borrower', async () => {
    const pool = open({}, (driver) => (driver.size = 1));
    await pool.fill(1);
    pool.clock.advance(1_000);
    pool.driver.refusal = refusal;
    const [first, second] = pool.askFor(2);
    expect(second!.error).to.equal(refusal);
    await pool.clock.settle();
    expect(first!.connection).to.equal(pool.driver.all[0]);
  });

  it('a connection that is drained counts for one borrower', async () => {
    const pool = open({}, (driver) => (driver.size = 1));
    const busy = await pool.borrow();
    busy.busy = true;
    pool.gate.release(busy);
    pool.driver.refusal = refusal;
    const [first, second] = pool.askFor(2);
    expect(second!.error).to.equal(refusal);
    expect(first!.answers).to.equal(0);
    busy.busy = false;
    await pool.clock.settle();
    expect(first!.connection).to.equal(busy);
  });

  it('a bad connection makes room for a dial', async () => {
    const pool = open({}, (driver) => (driver.size = 1));
    const dead = await pool.fillOne();
    dead.flaw = 'closed';
    pool.driver.refusal = refusal;
    const borrow = pool.ask();
    await pool.clock.settle();
    expect(borrow.connection).to.have.property('id', 2);
  });
});

describe('a strict pool whose limit is above the server’s', () => {
  const options = { strict: true, idleTimeout: '10m', logger: false } as const;

  function strict(waitTimeout: number | 'fails' | 'hangs' | 'says nothing'): Subject {
    return open(options, (driver) => (driver.born = { waitTimeout }));
  }

  it('lends nothing', async () => {
    const pool = strict(300_000);
    const borrows = pool.askFor(3);
    await pool.clock.settle();
    for (const { error } of borrows) {
      expect(error).to.have.property('code', 'LIFEGUARD_LIMIT_ABOVE_SERVER');
    }
    expect(pool.guard.stats()).to.include({ pending: 0, lent: 0, validating: 0 });
  });

  it('refuses later borrowers at once, on a later tick', async () => {
    const pool = strict(300_000);
    pool.ask();
    await pool.clock.settle();
    const late = pool.ask();
    expect(late.answers).to.equal(0);
    await pool.clock.settle();
    expect(late.error!.message).to.equal(
      'Option "idleTimeout" is 600000 ms, but the server closes connections after 300000 ms ' +
        'without use (its wait_timeout); allowed: less than that, at best at most 270000 ms.',
    );
    expect(pool.guard.stats().borrows).to.equal(2);
  });

  it('lends once the limit is known to be above', async () => {
    const pool = strict(601_000);
    expect(await pool.borrow()).to.have.property('id', 1);
    expect(pool.events('limitRead')).to.have.length(1);
    pool.driver.born = { waitTimeout: 'hangs' };
    expect(await pool.borrow()).to.have.property('id', 2);
  });

  for (const answer of ['fails', 'says nothing'] as const) {
    it(`lends where the limit cannot be read: the server ${answer}`, async () => {
      expect(await strict(answer).borrow()).to.have.property('id', 1);
    });
  }

  it('gives a connection up whose limit is never told', async () => {
    const pool = strict('hangs');
    const borrow = pool.ask();
    await pool.clock.run(999);
    pool.driver.born = { waitTimeout: 3_600_000 };
    await pool.clock.run(1);
    expect(borrow.connection).to.have.property('id', 2);
    expect(pool.guard.stats().closed).to.deep.equal({ 'ping-timeout': 1 });
  });

  it('asks nothing when it has no limit of its own', async () => {
    const pool = open({ strict: true }, (driver) => (driver.born = { waitTimeout: 'hangs' }));
    expect(await pool.borrow()).to.have.property('id', 1);
  });
});
