const { writeFileSync } = require('node:fs');
const { reporters, Runner } = require('mocha');

/** Lines of an error worth repeating in the summary: its message and where it came from. */
const ERROR_LINES = 6;
const LINE_LENGTH = 200;

/**
 * Mocha's `spec` report, closed by one line `N passed, N failed`. When LIFEGUARD_TEST_COUNTS names
 * a file, the same counts go there as JSON, with what failed, so that scripts/test.mjs can add up
 * several passes.
 */
module.exports = class CountingReporter extends reporters.Spec {
  /**
   * @param {import('mocha').Runner} runner
   * @param {import('mocha').MochaOptions} options
   */
  constructor(runner, options) {
    super(runner, options);
    /** @type {string[]} */
    const failures = [];
    runner.on(Runner.constants.EVENT_TEST_FAIL, (test, error) => {
      const told = String(error?.stack ?? error).split('\n', ERROR_LINES);
      failures.push(
        [test.fullTitle(), ...told.map((line) => `    ${line.slice(0, LINE_LENGTH)}`)].join('\n'),
      );
    });
    runner.once(Runner.constants.EVENT_RUN_END, () => {
      const { passes: passed, failures: failed, pending: skipped } = this.stats;
      const counts = `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
      // Servers that could not be had are named at the exit: the counts come after them.
      process.once('exit', () => console.log(counts));
      const countsFile = process.env['LIFEGUARD_TEST_COUNTS'];
      const result = { passed, failed, skipped, failures };
      if (countsFile) writeFileSync(countsFile, JSON.stringify(result));
    });
  }
};
