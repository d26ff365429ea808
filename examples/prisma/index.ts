import { guard } from '@pool-lifeguard/prisma';
import { PrismaMariaDb } from '@prisma/adapter-mariadb';
import { PrismaClient } from './generated/client.ts';

const url = new URL(process.env['DATABASE_URL'] ?? 'mysql://root@localhost/test');
// For MySQL without TLS.
url.searchParams.set('allowPublicKeyRetrieval', 'true');
// Spares the driver's own ping at each borrow, which is superfluous under the guard.
url.searchParams.set('minDelayValidation', '600000');

// This is the one line.
const adapter = guard(new PrismaMariaDb(url.href));

// This is for those who want to see what it does.
adapter.lifeguard.on('closed', ({ reason, connection }) => {
  console.log(`closed after ${Math.round(connection.idleMs)} ms without use: ${reason}`);
});

const prisma = new PrismaClient({ adapter });
await prisma.$executeRaw`
  CREATE TABLE IF NOT EXISTS Tweet (
    id INT AUTO_INCREMENT PRIMARY KEY,
    text VARCHAR(280) NOT NULL
  )`;
await prisma.tweet.create({ data: { text: 'Good night' } });

sleepLikeALaptop(Number(process.env['IDLE_MS'] ?? 60_000));

await prisma.tweet.create({ data: { text: 'Good morning' } });
const texts = (await prisma.tweet.findMany()).map(({ text }) => text);
const { borrows, opened } = adapter.lifeguard.stats();
console.log(`${texts.join(', ')} (${borrows} borrows, ${opened} connections opened)`);
await prisma.$disconnect();

/** The lid is closed: the server hangs up meanwhile, and nobody here listens to the sockets. */
function sleepLikeALaptop(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
