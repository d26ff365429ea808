// A Prisma application on the packed packages: its pool goes stale while its event loop stands still.
/**
 * @param {{ PrismaClient: any, PrismaMariaDb: any, guard: Function, url: string, guarded: boolean }} parts
 */
exports.run = async ({ PrismaClient, PrismaMariaDb, guard, url, guarded }) => {
  const address = new URL(url);
  address.searchParams.set('allowPublicKeyRetrieval', 'true');
  address.searchParams.set('connectionLimit', '4');
  // Without the driver's own ping, which takes MySQL's goodbye for a good answer anyway.
  address.searchParams.set('minDelayValidation', '600000');
  const adapter = new PrismaMariaDb(address.href);
  if (guarded) guard(adapter);
  const prisma = new PrismaClient({ adapter });
  await prisma.$executeRaw`CREATE TABLE IF NOT EXISTS Tweet (
    id INT AUTO_INCREMENT PRIMARY KEY, text VARCHAR(280) NOT NULL)`;
  const post = () => prisma.tweet.create({ data: { text: 'Hello' } });
  const postMany = async () => {
    const answers = await Promise.allSettled(Array.from({ length: 8 }, post));
    return answers.filter(({ status }) => status === 'rejected').length;
  };
  const before = await postMany();
  // The server's wait_timeout of 3 s has a grain of one second.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 4500);
  const after = await postMany();
  const stored = await prisma.tweet.count();
  await prisma.$disconnect();
  process.stdout.write(JSON.stringify({ before, after, stored }));
};
