import { expect } from 'chai';
import { closeInTime } from '../src/closing.ts';
import { open } from './support/open.ts';

const ENDED = new Error('Pool is closed.');

describe('a pool that ends', () => {
  it('closes after validationTimeout what was at rest', async () => {
    const pool = open();
    const [one, two] = await pool.fill(2);
    closeInTime(pool.guard.roster, ENDED);
    await pool.clock.run(999);
    expect(pool.driver.discarded).to.deep.equal([]);
    await pool.clock.run(1);
    expect(pool.driver.discarded).to.have.members([one, two]);
  });

  it('gives up after ten seconds what was under way and has not been heard', async () => {
    const pool = open();
    const connection = await pool.borrow();
    connection.busy = true;
    closeInTime(pool.guard.roster, ENDED);
    await pool.clock.run(9_999);
    expect(pool.driver.discarded).to.deep.equal([]);
    await pool.clock.run(1);
    expect(pool.driver.discarded).to.deep.equal([connection]);
  });

  it('waits for what is still being heard, and for whoever holds a connection', async () => {
    const pool = open();
    const [talking, held] = [await pool.borrow(), await pool.borrow()];
    talking.busy = true;
    closeInTime(pool.guard.roster, ENDED);
    for (let times = 0; times < 5; times++) {
      talking.bytes += 10;
      await pool.clock.run(10_000);
    }
    expect(pool.driver.discarded).to.deep.equal([]);
    held.busy = true;
    await pool.clock.run(20_000);
    expect(pool.driver.discarded).to.have.members([talking, held]);
    expect(pool.clock.pending('idle')).to.equal(0);
  });

  it('has no timer that keeps the process alive', async () => {
    const pool = open();
    await pool.fill(2);
    closeInTime(pool.guard.roster, ENDED);
    expect(pool.clock.pending('busy')).to.equal(0);
  });
});
