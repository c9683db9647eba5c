import { readJson } from './lib/files.mjs';
import { say } from './lib/say.mjs';

/**
 * `ci-summary REPORT BROKEN`: the last line of CI, from Jest's JSON report and the number of steps that failed. The
 * test step itself is one of those when a test failed, so it counts only where Jest has no failure of its own to tell.
 */
const [reportFile, broken] = process.argv.slice(2);
const report = (await readJson(reportFile)) ?? {
  numPassedTests: 0,
  numFailedTests: 0,
  numRuntimeErrorTestSuites: 0,
};
const passed = report.numPassedTests;
const failedTests = report.numFailedTests + report.numRuntimeErrorTestSuites;
const failed = failedTests + Math.max(0, Number(broken) - (failedTests > 0 ? 1 : 0));
const nothingRan = passed + failed === 0 ? 1 : 0;

say(`${passed} passed, ${failed + nothingRan} failed`);
process.exitCode = failed + nothingRan > 0 ? 1 : 0;
