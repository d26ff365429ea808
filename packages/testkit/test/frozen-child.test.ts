import { expect } from 'chai';
import { spawnChild, failureOf } from '../src/index.ts';
import type { FrozenChild } from '../src/index.ts';
import { isRunning } from '../src/tools/process-state.ts';
import { isPending } from './support.ts';

const SCRIPT = new URL('fixtures/talker.ts', import.meta.url);

describe('a child process', () => {
  let child: FrozenChild;
  beforeEach(async () => {
    child = await spawnChild(SCRIPT, { args: ['dear'], env: { LIFEGUARD_TEST_WORD: 'parent' } });
  });
  afterEach(() => child.kill());

  it('runs TypeScript with arguments and environment, and its output is collected', async () => {
    await child.waitFor('ready');
    await child.kill();
    expect(child.stdout).to.equal('hello dear parent\n');
  });

  it('answers calls, each with its own result', async () => {
    const [sum, echo] = await Promise.all([
      child.call('add', { a: 2, b: 3 }),
      child.call('echo', { when: new Date(5), big: 5n }),
    ]);
    expect(sum).to.equal(5);
    expect(echo).to.deep.equal({ when: new Date(5), big: 5n });
  });

  it('carries errors back with their codes and causes', async () => {
    const failure = await failureOf(child.call('fail'));
    expect(failure).to.be.instanceOf(Error);
    expect(failure).to.include({ name: 'TypeError', message: 'outer', code: 'E_OUTER', errno: 7 });
    expect(failure.cause).to.include({ name: 'RangeError', code: 'E_DEEP', errno: -5 });
    expect(failure.stack).to.include('talker.ts');
  });

  it('has only the commands which it serves', async () => {
    const failure = await failureOf(child.call('dance'));
    expect(failure.message).to.equal('the child has no command dance');
  });

  it('stands still while it is frozen, and goes on afterwards', async () => {
    await child.call('tick');
    await child.waitFor('tick');
    await child.freeze();
    const frozenAt = Date.now();
    const answer = child.call('add', { a: 1, b: 1 });
    expect(await isPending(answer)).to.equal(true);
    await child.thaw();
    expect(await answer).to.equal(2);
    let tick = await child.waitFor('tick');
    while (Number(tick.at) <= frozenAt) tick = await child.waitFor('tick');
  });

  it('can be killed while it is frozen', async () => {
    await child.waitFor('ready');
    await child.freeze();
    expect(await child.kill()).to.deep.equal({ code: null, signal: 'SIGKILL' });
    expect(isRunning(child.pid)).to.equal(false);
  });

  it('fails whoever waits for it when it ends', async () => {
    const [hanging, waiting] = [failureOf(child.call('hang')), failureOf(child.waitFor('never'))];
    expect(child.hasEnded).to.equal(false);
    await failureOf(child.call('crash'));
    expect(child.hasEnded).to.equal(true);
    expect(await child.exit).to.deep.equal({ code: 9, signal: null });
    expect((await hanging).message)
      .to.include('the child has ended (9)')
      .and.include('last words');
    expect((await waiting).message).to.include('the child has ended (9)');
    expect((await failureOf(child.call('add', { a: 1, b: 1 }))).message).to.include('closed');
  });
});
