import { guard } from '@pool-lifeguard/prisma';
import { PrismaMariaDb } from '@prisma/adapter-mariadb';
import { run } from './prisma-scenario.cjs';

const { PrismaClient } = await import(new URL('compiled/esm/client.js', import.meta.url).href);
const [, , url, side] = process.argv;
await run({ PrismaClient, PrismaMariaDb, guard, url: String(url), guarded: side === 'guarded' });
