import { fateOf } from '@pool-lifeguard/mysql2';
import { eachServer, startProxy, type DatabaseServer } from '@pool-lifeguard/testkit';
import { expect } from 'chai';
import { audit, Book } from './ledger/book.ts';
import { mischief, type Mischief } from './ledger/faults.ts';
import { SUBJECTS, type Login, type Writer } from './ledger/subjects.ts';

/** Writes of each test; more of them by the environment, for who has the time. */
const WRITES = Number(process.env['LIFEGUARD_LEDGER_WRITES'] ?? 400);
const IS_LONG = WRITES > 400;
const AT_ONCE = 8;

const TRANSPORTS: Readonly<Record<string, (server: DatabaseServer) => Partial<Login>>> = {
  plain: () => ({}),
  TLS: ({ ca = '' }) => ({ ssl: { ca } }),
  compressed: () => ({ compress: true }),
};

/** Each of them once, by a few at a time; now and then one that takes many packets of the network. */
async function writeAll(writer: Writer, table: string, faults: Mischief): Promise<Book> {
  const book = new Book();
  let next = 0;
  const work = async (): Promise<void> => {
    for (let n = next++; n < WRITES; n = next++) {
      const padding = n % 40 === 0 ? `/* ${'x'.repeat(300_000)} */ ` : '';
      const sql = `INSERT INTO ${table} ${padding}VALUES (${n})`;
      faults.strike(sql.length);
      try {
        await writer.write(sql);
        book.acknowledged.push(n);
      } catch (error) {
        book.failed.set(n, error);
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
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
        it(`${name}, ${transport}: each write is stored as its sender was told`, async function () {
          this.timeout(60_000 + 30 * WRITES);
          const database = await server().createDatabase('ledger');
          const table = `${database}.ledger`;
          await server().query(`CREATE TABLE ${table} (n INT NOT NULL)`);
          const proxy = await startProxy(server());
          const at = { ...server().connectionOptions(), port: proxy.port, database };
          const writer = await open({ ...at, ...login(server()) });
          const faults = mischief(proxy, server(), database);
          const book = await writeAll(writer, table, faults);
          retries += writer.handle.stats().retries;
          await faults.end();
          await writer.close();
          await proxy.stop();
          // What the server is still doing for connections that are gone.
          await server().killAll({ db: database });
          const rows = await server().query<{ n: number }>(`SELECT n FROM ${table}`);
          const stored = rows.map(({ n }) => n);
          const found = audit(book, stored, (error) => fateOf(error)?.executed === 'no');
          await server().dropDatabase(database);
          if (IS_LONG) process.stdout.write(`${sumOf(book, writer.handle.stats())}\n`);
          expect(found).to.deep.equal({ doubled: [], lost: [], denied: [] });
          expect(book.acknowledged.length + book.failed.size).to.equal(WRITES);
        });
      }
    }
  });
});
