// Coverage over all test passes together, with one threshold per package.
import { readFileSync, rmSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import ts from 'typescript';
import { filesBelow, publishablePackages, root, run } from './workspace.mjs';

/**
 * @typedef {{ total: number, covered: number }} Sum
 * @typedef {{ branches: Sum, functions: Sum }} FileSums
 */

const reports = join(root, 'coverage');
const raw = join(reports, 'raw');

/** Least share of branches that the tests of all passes must take, in percent. */
const leastBranches = { 'packages/core': 95, others: 90 };

/** Makes every Node process of a test pass leave its coverage behind, child processes included. */
export function coverageEnvironment() {
  rmSync(reports, { recursive: true, force: true });
  return { NODE_V8_COVERAGE: raw };
}

/**
 * Merges what the passes left, prints it, and compares each package with its threshold.
 *
 * @returns {boolean} whether every package reaches its threshold
 */
export function checkCoverage() {
  console.log('\n=== Coverage');
  if (!run('c8', ['report', `--temp-directory=${raw}`, `--reports-dir=${reports}`])) return false;
  /** @type {Record<string, FileSums>} */
  const summary = JSON.parse(readFileSync(join(reports, 'coverage-summary.json'), 'utf8'));
  const files = new Map(
    Object.entries(summary).map(([file, sums]) => [
      relative(root, file).split(sep).join('/'),
      sums,
    ]),
  );
  const verdicts = publishablePackages().map(({ path }) => checkPackage(path, files));
  return verdicts.every(Boolean);
}

/**
 * @param {string} path of the package
 * @param {ReadonlyMap<string, FileSums>} files
 */
function checkPackage(path, files) {
  const sources = filesBelow(`${path}/src`).filter((file) => file.endsWith('.ts'));
  const unloaded = sources.filter((file) => !files.has(file) && hasCode(file));
  const sums = sources.flatMap((file) => files.get(file) ?? []);
  const covered = sums.reduce((sum, { branches }) => sum + branches.covered, 0);
  // V8 sees no branches in a function that was never called: the whole of it counts as one.
  const total = sums.reduce(
    (sum, { branches, functions }) => sum + branches.total + (functions.total - functions.covered),
    0,
  );
  const percent = total === 0 ? 100 : (100 * covered) / total;
  const least = path === 'packages/core' ? leastBranches['packages/core'] : leastBranches.others;
  const ok = percent >= least && unloaded.length === 0;
  const verdict = ok ? 'ok' : 'TOO LOW';
  console.log(
    `${path}: ${covered} of ${total} branches, ${percent.toFixed(2)}% (at least ${least}%): ${verdict}`,
  );
  for (const file of unloaded) console.log(`  no test loads ${file}`);
  return ok;
}

/**
 * Whether anything is left of a file when its types are gone.
 *
 * @param {string} file
 */
function hasCode(file) {
  const { outputText } = ts.transpileModule(readFileSync(join(root, file), 'utf8'), {
    compilerOptions: {
      target: ts.ScriptTarget.ES2023,
      module: ts.ModuleKind.ESNext,
      verbatimModuleSyntax: true,
      removeComments: true,
    },
  });
  return outputText.replace('export {};', '').trim() !== '';
}
