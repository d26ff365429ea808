import { expect } from 'chai';
import { show } from '../src/duration.ts';
import { noteFate } from '../src/fates.ts';
import { orAgain, runAgain } from '../src/retry.ts';
import { driverError } from './support/fake-connection.ts';
import { open } from './support/open.ts';
import { cutOff, Sender, unwritten } from './support/sender.ts';

const INSERT = 'INSERT INTO t VALUES (1)';

/** How a promise ended, once the process of its pool has run. */
type End = { result: unknown } | { error: unknown };

/** A statement of which this comes, one after the other, as an ORM sends it. */
async function run(
  outcomes: readonly unknown[],
  wrap: (error: unknown) => unknown = (error) => error,
  mayRun?: (lost: object) => boolean,
): Promise<{ end: End | undefined; sender: Sender }> {
  const sender = new Sender(open(), ...outcomes);
  const send = async (): Promise<unknown> => {
    try {
      return await sender.ask(INSERT);
    } catch (error) {
      throw wrap(error);
    }
  };
  let end: End | undefined;
  const promise = send().catch((error: unknown) => orAgain(error, send, mayRun));
  promise.then(
    (result) => (end = { result }),
    (error: unknown) => (end = { error }),
  );
  await sender.pool.clock.run(60_000);
  return { end, sender };
}

describe('a promise of a statement that was lost', () => {
  it('resolves as the statement does the next time', async () => {
    const { end, sender } = await run([unwritten(), ['a row']]);
    expect(end).to.deep.equal({ result: ['a row'] });
    expect(sender.connections).to.deep.equal([1, 2]);
  });

  it('rejects as the statement does the last time', async () => {
    const duplicate = driverError('Duplicate entry', { errno: 1062 });
    expect((await run([unwritten(), duplicate])).end).to.deep.equal({ error: duplicate });
  });

  it('rejects at once where it may not run again', async () => {
    const cut = cutOff();
    const { end, sender } = await run([cut]);
    expect(end).to.deep.equal({ error: cut });
    expect(sender.connections).to.deep.equal([1]);
  });

  it('rejects where its sender says that it is too late', async () => {
    const lost = unwritten();
    const asked: object[] = [];
    const { end, sender } = await run(
      [lost],
      undefined,
      (connection) => asked.push(connection) < 0,
    );
    expect(end).to.deep.equal({ error: lost });
    expect(asked).to.have.length(1);
    expect(sender.pool.guard.stats().retries).to.equal(0);
  });

  it('knows the error of the driver in that of an ORM, each time', async () => {
    const wrap = (error: unknown): unknown =>
      Object.assign(new Error('QueryFailedError'), { driverError: error });
    const { end, sender } = await run([unwritten(), unwritten(), 'done'], wrap);
    expect(end).to.deep.equal({ result: 'done' });
    expect(sender.connections).to.deep.equal([1, 2, 3]);
  });

  it('rejects with the error as the ORM made it', async () => {
    const wrapped = Object.assign(new Error('QueryFailedError'), { driverError: cutOff() });
    expect((await run([unwritten()], () => wrapped)).end).to.deep.equal({ error: wrapped });
  });
});

describe('what is no lost statement', () => {
  const nobody = { run: () => expect.fail(), answer: () => expect.fail() };

  for (const error of [undefined, null, 'lost', {}, new Error('lost')]) {
    it(`does not run again: ${show(error)}`, async () => {
      expect(runAgain(error, nobody)).to.equal(false);
      const end: unknown = await orAgain(error, () => expect.fail()).catch((said: unknown) => said);
      expect(end).to.equal(error);
    });
  }

  it('does not run again where nobody is there to do it', () => {
    const error = new Error('lost');
    const connection = { id: 1, ageMs: 0, idleMs: 0, silentMs: 0 };
    noteFate(error, { executed: 'no', scope: 'connection', repeatable: true, connection });
    expect(runAgain(error, nobody)).to.equal(false);
  });
});
