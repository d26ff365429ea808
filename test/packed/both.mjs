// Both builds of one package in one process: what one of them guards, the other finds guarded.
import * as esm from '@pool-lifeguard/mysql2';
import mysql from 'mysql2';
import { createRequire } from 'node:module';

const cjs = createRequire(import.meta.url)('@pool-lifeguard/mysql2');
const pool = mysql.createPool({ uri: String(process.argv[2]) });
const first = esm.guard(pool);
const { getConnection } = pool;
const second = cjs.guard(pool);
const inPlace = pool.getConnection === getConnection;
const [error] = [() => cjs.guard({})].map((fails) => {
  try {
    return fails();
  } catch (thrown) {
    return thrown;
  }
});
second.undo();
const result = {
  different: esm.guard !== cjs.guard,
  oneGuard: first === second && inPlace,
  instance: error instanceof esm.LifeguardError && error instanceof cjs.LifeguardError,
  undone: !Object.hasOwn(pool, 'getConnection'),
};
pool.end();
process.stdout.write(JSON.stringify(result));
