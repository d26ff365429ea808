// Mocha first tries to `require()` a test file, which cannot work for TypeScript modules on
// Node 20 (only `import` passes through the loader hooks), and then it shows that useless error in
// place of the real one. So TypeScript files are imported, and nothing else is tried.
const { isAbsolute } = require('node:path');
const { pathToFileURL } = require('node:url');

/** @type {{ requireOrImport(file: string, ...rest: unknown[]): Promise<unknown> }} */
// @ts-expect-error: internal to Mocha, hence without types
const loading = require('mocha/lib/nodejs/esm-utils.cjs');

const { requireOrImport } = loading;

loading.requireOrImport = (file, ...rest) =>
  isAbsolute(file) && /\.m?ts$/.test(file)
    ? import(pathToFileURL(file).href)
    : requireOrImport(file, ...rest);
