import { failureOf } from '../src/index.ts';
import { once } from 'node:events';
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { cachedFolder, isPresent } from '../src/tools/cache-folder.ts';
import { freePort, returnPort } from '../src/tools/free-port.ts';
import { withLock } from '../src/tools/lock.ts';
import { waitUntil } from '../src/tools/wait-until.ts';

describe('waitUntil', () => {
  it('returns the first truthy answer', async () => {
    let count = 0;
    expect(await waitUntil(() => (count += 1) > 2 && count, { intervalMs: 1 })).to.equal(3);
  });

  it('gives up with words', async () => {
    const waiting = waitUntil(() => false, { timeoutMs: 20, what: 'the thaw' });
    expect((await failureOf(waiting)).message).to.equal('the thaw did not come true within 20 ms');
  });
});

describe('freePort', () => {
  it('gives ports above the ephemeral range, none of them twice', async () => {
    const ports = await Promise.all(Array.from({ length: 20 }, freePort));
    ports.forEach(returnPort);
    expect(new Set(ports).size).to.equal(20);
    expect(Math.min(...ports)).to.be.above(61_000);
  });

  it('gives a port on which one can listen', async () => {
    const server = createServer().listen(await freePort(), '127.0.0.1');
    await once(server, 'listening');
    server.close();
  });
});

describe('the cache', () => {
  let folder: string;
  beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'lifeguard-test-'))));
  afterEach(() => rm(folder, { recursive: true }));

  it('lets one task at a time through a lock', async () => {
    let inside = 0;
    let most = 0;
    const task = async (): Promise<void> => {
      inside += 1;
      most = Math.max(most, inside);
      await new Promise((resolve) => setImmediate(resolve));
      inside -= 1;
    };
    const lock = join(folder, 'lock');
    await Promise.all([withLock(lock, task), withLock(lock, task), withLock(lock, task)]);
    expect(most).to.equal(1);
    expect(await isPresent(lock)).to.equal(false);
  });

  it('takes over the lock of a process that has died', async () => {
    const dead = spawn('true');
    await once(dead, 'exit');
    const lock = join(folder, 'lock');
    await writeFile(lock, `${dead.pid} ${hostname()}`);
    expect(await withLock(lock, async () => 'done')).to.equal('done');
  });

  it('fills a folder once, and not by halves', async () => {
    const home = process.env.XDG_CACHE_HOME;
    process.env.XDG_CACHE_HOME = folder;
    try {
      const broken = cachedFolder('a/b', async (draft) => {
        await writeFile(join(draft, 'half'), '');
        throw new Error('broken off');
      });
      expect((await failureOf(broken)).message).to.equal('broken off');
      const filled = await cachedFolder('a/b', (draft) => writeFile(join(draft, 'whole'), ''));
      await cachedFolder('a/b', () => Promise.reject(new Error('filled twice')));
      expect(await isPresent(join(filled, 'whole'))).to.equal(true);
      expect(await isPresent(join(filled, 'half'))).to.equal(false);
    } finally {
      if (home === undefined) delete process.env.XDG_CACHE_HOME;
      else process.env.XDG_CACHE_HOME = home;
    }
  });
});
