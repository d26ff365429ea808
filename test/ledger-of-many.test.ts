import { fateOf } from '@pool-lifeguard/mysql2';
import { eachServer, startProxy } from '@pool-lifeguard/testkit';
import { expect } from 'chai';
import { audit, Book } from './ledger/book.ts';
import { mischief, type Mischief } from './ledger/faults.ts';
import { KINDS, type Kind, type ManyWriter } from './ledger/many-subjects.ts';
import { TRANSPORTS } from './ledger/transports.ts';

/** So many times the calls of each test; more of them by the environment, for who has the time. */
const TIMES = Number(process.env['LIFEGUARD_LEDGER_WRITES'] ?? 400) / 400;
const AT_ONCE = 4;
const USER = 'ledger_of_many';

/** Each call once, by a few at a time. */
async function writeAll(
  writer: ManyWriter,
  { rows, calls, bytes }: Kind,
  table: string,
  faults: Mischief,
): Promise<Book> {
  const book = new Book();
  let next = 0;
  const work = async (): Promise<void> => {
    for (let at = next++; at < calls * TIMES; at = next++) {
      const numbers = Array.from({ length: rows }, (_, index) => at * rows + index);
      faults.strike(bytes);
      const written = await Promise.allSettled(writer.write(table, numbers));
      for (const [index, outcome] of written.entries()) {
        const n = numbers[index] ?? NaN;
        if (outcome.status === 'fulfilled') book.acknowledged.push(n);
        else book.failed.set(n, outcome.reason);
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return book;
}

/** Those that waited in vain for a writer, though there was one again. */
const unserved = (book: Book): number[] =>
  [...book.failed].flatMap(([n, error]) => {
    const fate = fateOf(error);
    return fate?.scope === 'generation' && fate.repeatable ? [n] : [];
  });

describe('the ledger of writes that are more than one statement, or more than one packet', () => {
  eachServer((server) => {
    before(async () => {
      await server().query(`CREATE USER ${USER}@'%' IDENTIFIED BY 'w'`);
      await server().setGlobal('local_infile', 1);
      await server().setGlobal('max_allowed_packet', 64 * 1024 * 1024);
    });
    after(async () => {
      await server().restoreGlobals();
      await server().query(`DROP USER ${USER}@'%'`);
    });

    for (const [name, kind] of Object.entries(KINDS)) {
      for (const [transport, login] of Object.entries(TRANSPORTS)) {
        if (!kind.transports.includes(transport)) continue;
        it(`${name}, ${transport}: each row is stored as its sender was told`, async function () {
          this.timeout(120_000 * Math.max(1, TIMES));
          const database = await server().createDatabase('ledger');
          const table = `${database}.ledger`;
          // What was stored stays stored, whatever becomes of its statement.
          await server().query(`CREATE TABLE ${table} (n INT NOT NULL) ENGINE = MyISAM`);
          await server().query(
            `CREATE PROCEDURE ${table}_write(at INT, rest INT) SQL SECURITY INVOKER ` +
              `WHILE rest > 0 DO INSERT INTO ${table} VALUES (at); ` +
              'SET at = at + 1, rest = rest - 1; END WHILE',
          );
          await server().query(`GRANT ALL ON ${database}.* TO ${USER}@'%'`);
          const proxy = await startProxy(server());
          const at = { ...server().connectionOptions(), port: proxy.port, database };
          const writer = await kind.open({ ...at, user: USER, password: 'w', ...login(server()) });
          const faults = mischief(proxy, server(), database, { oneIn: 3, flips: true });
          const book = await writeAll(writer, kind, table, faults);
          const { retries } = writer.handle.stats();
          await faults.end();
          await writer.close();
          await proxy.stop();
          await server().killAll({ db: database });
          const rows = await server().query<{ n: number }>(`SELECT n FROM ${table}`);
          const stored = rows.map(({ n }) => n);
          const found = audit(book, stored, (error) => fateOf(error)?.executed === 'no');
          await server().dropDatabase(database);
          if (TIMES > 1) {
            const sum = [book.acknowledged.length, book.failed.size, retries, stored.length];
            process.stdout.write(`acknowledged, failed, retried, stored: ${sum.join(', ')}\n`);
          }
          expect(found).to.deep.equal({ doubled: [], lost: [], denied: [] });
          expect(unserved(book)).to.deep.equal([]);
          if (kind.once) expect(retries).to.equal(0);
        });
      }
    }
  });
});
