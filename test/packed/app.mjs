import * as mysql2Guard from '@pool-lifeguard/mysql2';
import * as typeormGuard from '@pool-lifeguard/typeorm';
import mysql from 'mysql2';
import typeorm from 'typeorm';
import { run } from './scenario.cjs';

await run({
  mysql,
  typeorm,
  mysql2Guard,
  typeormGuard,
  url: String(process.argv[2]),
  guarded: process.argv[3] === 'guarded',
});
