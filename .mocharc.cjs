const { existsSync } = require('node:fs');
const { join } = require('node:path');
const { pathToFileURL } = require('node:url');

/** Files named on the command line replace the whole suite instead of adding to it. */
const namesFiles = process.argv.slice(2).some((argument) => /\.test\.ts$|[*]/.test(argument));

/** Reports the servers that could not be had, and closes what a run leaves open. */
const hasServerHooks = existsSync(join(__dirname, 'packages/testkit/src/mocha-hooks.ts'));

module.exports = {
  'node-option': [
    'import=@oxc-node/core/register',
    `import=${pathToFileURL(join(__dirname, 'test/alias/register.mjs')).href}`,
    'conditions=@pool-lifeguard/source',
  ],
  require: [
    join(__dirname, 'scripts/mocha-import.cjs'),
    ...(hasServerHooks ? ['@pool-lifeguard/testkit/mocha-hooks'] : []),
  ],
  reporter: join(__dirname, 'scripts/mocha-reporter.cjs'),
  ...(namesFiles
    ? {}
    : { spec: ['{packages,demo,benchmarks}/**/test/**/*.test.ts', 'test/**/*.test.ts'] }),
  ignore: ['**/node_modules/**', '**/dist/**'],
  timeout: 10_000,
};
