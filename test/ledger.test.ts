import { fateOf } from '@pool-lifeguard/mysql2';
import { eachServer, startProxy } from '@pool-lifeguard/testkit';
import { expect } from 'chai';
import { audit, Book } from './ledger/book.ts';
import { mischief, type Manner, type Mischief } from './ledger/faults.ts';
import { SUBJECTS, type Writer } from './ledger/subjects.ts';
import { TRANSPORTS } from './ledger/transports.ts';

/** Writes of each test; more of them by the environment, for who has the time. */
const WRITES = Number(process.env['LIFEGUARD_LEDGER_WRITES'] ?? 400);
const IS_LONG = WRITES > 400;

/** How a ledger is kept. */
interface Keeping {
  readonly title: string;
  readonly writes: number;
  readonly atOnce: number;
  readonly manner: Manner;
  /** Now and then a write takes many packets of the network. */
  readonly large?: true;
  /** Every failure proves too much. */
  readonly noneFails?: true;
}

const KEEPINGS: readonly Keeping[] = [
  {
    title: 'each write is stored as its sender was told',
    writes: WRITES,
    atOnce: 8,
    manner: { oneIn: 12 },
    large: true,
  },
  {
    // Without large ones: what mysql2 compresses on another thread is lost before it is written.
    title: 'none fails that was cut off before the server could have it',
    writes: Math.ceil(WRITES / 10),
    atOnce: 1,
    manner: { oneIn: 3, only: 'reset' },
    noneFails: true,
  },
];

/** Each of them once, by a few at a time. */
async function writeAll(
  { write }: Writer,
  { writes, atOnce, large }: Keeping,
  table: string,
  faults: Mischief,
): Promise<Book> {
  const book = new Book();
  let next = 0;
  const work = async (): Promise<void> => {
    for (let n = next++; n < writes; n = next++) {
      const padding = large && n % 40 === 0 ? `/* ${'x'.repeat(300_000)} */ ` : '';
      const sql = `INSERT INTO ${table} ${padding}VALUES (${n})`;
      faults.strike(sql.length);
      try {
        await write(sql);
        book.acknowledged.push(n);
      } catch (error) {
        book.failed.set(n, error);
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return book;
}

/** What happened, for who let it run for long. */
function sumOf({ acknowledged, failed }: Book, { retries }: { retries: number }): string {
  return `${acknowledged.length} acknowledged, ${failed.size} failed, ${retries} retried`;
}

describe('the ledger of writes under continuous faults', () => {
  eachServer((server) => {
    let retries = 0;
    after('not all of them were lost for good', () => {
      expect(retries, 'statements that ran again').to.be.above(0);
    });

    for (const [name, open] of Object.entries(SUBJECTS)) {
      for (const [transport, login] of Object.entries(TRANSPORTS)) {
        for (const keeping of KEEPINGS) {
          const { title, writes, manner, noneFails } = keeping;
          it(`${name}, ${transport}: ${title}`, async function () {
            this.timeout(60_000 + 30 * WRITES);
            const database = await server().createDatabase('ledger');
            const table = `${database}.ledger`;
            await server().query(`CREATE TABLE ${table} (n INT NOT NULL)`);
            const proxy = await startProxy(server());
            const at = { ...server().connectionOptions(), port: proxy.port, database };
            const writer = await open({ ...at, ...login(server()) });
            const faults = mischief(proxy, server(), database, manner);
            const book = await writeAll(writer, keeping, table, faults);
            const stats = writer.handle.stats();
            retries += stats.retries;
            await faults.end();
            await writer.close();
            await proxy.stop();
            // What the server is still doing for connections that are gone.
            await server().killAll({ db: database });
            const rows = await server().query<{ n: number }>(`SELECT n FROM ${table}`);
            const stored = rows.map(({ n }) => n);
            const found = audit(book, stored, (error) => fateOf(error)?.executed === 'no');
            await server().dropDatabase(database);
            if (IS_LONG) process.stdout.write(`${sumOf(book, stats)}\n`);
            expect(found).to.deep.equal({ doubled: [], lost: [], denied: [] });
            expect(book.acknowledged.length + book.failed.size).to.equal(writes);
            if (noneFails) expect([...book.failed.values()]).to.deep.equal([]);
          });
        }
      }
    }
  });
});
