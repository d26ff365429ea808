import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { findServer, FLAVOURS } from '@pool-lifeguard/testkit';
import type { Results } from '../src/results/results.ts';
import { summarise } from '../src/results/summary.ts';
import { outsideReferences } from './fixtures/outside-references.ts';

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url));

const SCENES = ['frozen', 'held', 'kill'].flatMap((name) => ['--scene', name]);

interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function demo(...words: string[]): Promise<Outcome> {
  const command = [...process.execArgv, MAIN, ...words];
  return new Promise((resolve) => {
    const child = execFile(process.execPath, command, (_, stdout, stderr) => {
      resolve({ code: child.exitCode ?? -1, stdout, stderr });
    });
  });
}

async function hasServer(): Promise<boolean> {
  const sources = await Promise.all(FLAVOURS.map((flavour) => findServer(flavour)));
  return sources.some(({ kind }) => kind !== 'unavailable');
}

describe('the demo', function () {
  this.timeout(60_000);
  let folder: string;
  before(async () => (folder = await mkdtemp(join(tmpdir(), 'lifeguard-test-'))));
  after(() => rm(folder, { recursive: true }));

  it('ends with code 2 and a message when it does not understand', async () => {
    const { code, stdout, stderr } = await demo('--server', 'oracle');
    expect({ code, stdout }).to.deep.equal({ code: 2, stdout: '' });
    expect(stderr).to.include('oracle').and.include('mariadb, mysql, both');
  });

  it('plays three scenes with both ORMs on a real server, and shows and writes what happened', async function () {
    if (!(await hasServer())) return this.skip();
    const at = (name: string): string => join(folder, name);
    const files = ['--report', at('r.html'), '--picture', at('p.svg'), '--json', at('r.json')];
    const { code, stdout, stderr } = await demo(...SCENES, ...files);
    expect(code, stderr).to.equal(0);
    const plays = JSON.parse(await readFile(at('r.json'), 'utf8')) as Results[];
    expect(plays.map(({ orm }) => orm)).to.deep.equal(['typeorm', 'prisma']);
    const [typeorm, prisma] = plays.map(summarise);
    const names = [typeorm, prisma].map((summary) => summary?.scenes.map(({ name }) => name));
    expect(names).to.deep.equal([
      ['frozen', 'held', 'kill'],
      ['frozen', 'kill'],
    ]);
    expect(plays[1]?.omitted.map(({ title }) => title)).to.deep.equal(['Job holds a connection']);
    for (const { sides } of typeorm!.scenes) expect(sides.bare.failed).to.be.above(0);
    for (const { sides } of [...typeorm!.scenes, ...prisma!.scenes]) {
      expect(sides.guarded.failed).to.equal(0);
      expect(sides.guarded.queries).to.equal(sides.bare.queries);
    }
    for (const { sides } of plays) {
      const { storedTwice, ...posts } = sides.guarded.posts;
      expect(storedTwice).to.equal(0);
      expect(posts.stored).to.equal(posts.confirmed);
      // Every connection of before a fault is known to have ended.
      const ends = [...sides.bare.connections, ...sides.guarded.connections].map(({ end }) => end);
      expect(ends).not.to.include(undefined);
    }
    const { bare } = typeorm!.total;
    const failed = `${bare.failed} of ${bare.queries}`;
    expect(stdout).to.include(`bare, ${failed}`).and.include('Prisma on mariadb');
    expect(stdout.trimEnd().split('\n').at(-1)).to.include(at('r.html'));
    const [page, picture] = [
      await readFile(at('r.html'), 'utf8'),
      await readFile(at('p.svg'), 'utf8'),
    ];
    expect(page).to.include(`${failed} queries failed`);
    expect(picture).to.include(`>${failed}<`);
    expect([...outsideReferences(page), ...outsideReferences(picture)]).to.deep.equal([]);
  });
});
