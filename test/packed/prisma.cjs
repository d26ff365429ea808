const { join } = require('node:path');
const { guard } = require('@pool-lifeguard/prisma');
const { PrismaMariaDb } = require('@prisma/adapter-mariadb');
const { run } = require('./prisma-scenario.cjs');

const { PrismaClient } = require(join(__dirname, 'compiled/cjs/client.js'));
const [, , url, side] = process.argv;
void run({ PrismaClient, PrismaMariaDb, guard, url: String(url), guarded: side === 'guarded' });
