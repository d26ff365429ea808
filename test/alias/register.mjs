// Loaded through `--import`: lets LIFEGUARD_TEST_TYPEORM, LIFEGUARD_TEST_MYSQL2,
// LIFEGUARD_TEST_MARIADB and LIFEGUARD_TEST_PRISMA choose which installed version a test's ORM and driver are, for import and
// require alike (TypeORM itself loads its driver by require).
import Module, { register } from 'node:module';
import { aliasesFrom, applyAliases } from './aliases.mjs';

const aliases = aliasesFrom(process.env);

if (Object.keys(aliases).length > 0) {
  register('./hooks.mjs', { parentURL: import.meta.url, data: aliases });

  /** @type {{ _resolveFilename: (request: string, ...rest: unknown[]) => string }} */
  const loader = /** @type {never} */ (Module);
  const resolveFilename = loader._resolveFilename;
  loader._resolveFilename = function (request, ...rest) {
    return resolveFilename.call(this, applyAliases(request, aliases), ...rest);
  };
}
