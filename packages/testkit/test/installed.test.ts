import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { expect } from 'chai';
import { FLAVOURS, findServer } from '../src/index.ts';
import type { ServerProgram } from '../src/index.ts';
import { installedProgram } from '../src/programs/installed.ts';

/** Makes an installation whose `mysqld` is the given program. */
async function install(prefix: string, { command, locations, sqlFolder }: ServerProgram) {
  const binary = join(prefix, 'bin/mysqld');
  await mkdir(join(prefix, 'bin'));
  await mkdir(join(prefix, 'share'));
  const quoted = command.map((word) => `'${word}'`).join(' ');
  await writeFile(
    binary,
    `#!/bin/sh\nfirst=$1; shift\nexec ${quoted} "$first" ${locations.join(' ')} "$@"\n`,
  );
  await chmod(binary, 0o755);
  if (sqlFolder) await symlink(sqlFolder, join(prefix, 'share/mysql'));
}

describe('an installed server', () => {
  const { PATH } = process.env;
  let prefix: string;
  beforeEach(async () => (prefix = await mkdtemp(join(tmpdir(), 'lifeguard-test-'))));
  afterEach(async () => {
    process.env.PATH = PATH;
    await rm(prefix, { recursive: true });
  });

  for (const flavour of FLAVOURS) {
    it(`is told by what it says, not by its name: mysqld that is ${flavour}`, async function () {
      const source = await findServer(flavour);
      if (source.kind !== 'program') return this.skip();
      await install(prefix, source.program);
      process.env.PATH = `${join(prefix, 'bin')}${delimiter}${PATH}`;
      const found = await installedProgram(flavour);
      expect(found).to.deep.include({ flavour, version: source.program.version });
      expect(found?.command).to.deep.equal([join(prefix, 'bin/mysqld')]);
      if (flavour === 'mariadb') expect(found?.sqlFolder).to.equal(join(prefix, 'share/mysql'));
      const other = await installedProgram(flavour === 'mysql' ? 'mariadb' : 'mysql');
      expect(other?.command).not.to.deep.equal(found?.command);
    });
  }
});
