import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { ArgumentsError, readArguments } from '../src/arguments.ts';

function refusal(...words: string[]): ArgumentsError {
  try {
    readArguments(words);
  } catch (error) {
    if (error instanceof ArgumentsError) return error;
    throw error;
  }
  throw new Error('the arguments were accepted');
}

describe('the arguments of the demo', () => {
  it('may all be left out', () => {
    const { scenes, ...rest } = readArguments([]);
    expect(scenes).to.have.lengthOf(6);
    expect(rest).to.deep.equal({
      server: 'any',
      url: undefined,
      allowGlobals: false,
      orms: ['typeorm', 'prisma'],
      report: join(process.cwd(), 'lifeguard-report.html'),
      picture: undefined,
      json: undefined,
    });
  });

  it('choose scenes, which keep their order', () => {
    const { scenes } = readArguments(['--scene', 'drop', '--scene', 'idle']);
    expect(scenes.map(({ name }) => name)).to.deep.equal(['idle', 'drop']);
  });

  it('choose an ORM', () => {
    expect(readArguments(['--orm', 'prisma']).orms).to.deep.equal(['prisma']);
  });

  const nonsense: readonly (readonly [words: string[], ...said: string[]])[] = [
    [['--server', 'oracle'], '--server', 'oracle', 'mariadb, mysql, both'],
    [['--orm', 'hand'], '--orm', 'hand', 'typeorm, prisma'],
    [['--scene', 'opera'], '--scene', 'opera', 'idle, frozen, held, kill, restart, drop'],
    [['--url', 'nonsense'], '--url', 'nonsense', 'mysql://user:password@host:port'],
    [['--report', '/no/such/folder/r.html'], '--report', '/no/such/folder/r.html', 'exists'],
    [['--picture', tmpdir()], '--picture', tmpdir(), 'a file'],
    [['--json'], '--json', 'missing'],
    [['--allow-globals'], '--allow-globals', '--url'],
    [['--url', 'mysql://localhost', '--server', 'mysql'], '--server mysql', '--url'],
    [['--bogus'], '--bogus', '--help'],
    [['bogus'], 'too many arguments', '--help'],
  ];
  for (const [words, ...said] of nonsense) {
    it(`refuse ${words.join(' ')} with exit code 2, and say what is allowed`, () => {
      const { message, exitCode } = refusal(...words);
      expect(exitCode).to.equal(2);
      for (const part of said) expect(message).to.include(part);
    });
  }

  it('never repeat a password', () => {
    const { message } = refusal('--url', 'http://me:s3cret@localhost:3306');
    expect(message).to.include('http://me:***@localhost').and.not.include('s3cret');
  });

  it('explain themselves with exit code 0', () => {
    const { message, exitCode } = refusal('--help');
    expect(exitCode).to.equal(0);
    expect(message).to.include('--allow-globals').and.include('--picture <file>');
  });
});
