import { readJson } from './lib/files.mjs';
import { say } from './lib/say.mjs';

/**
 * `ci-summary BROKEN REPORT…`: the last line of CI, from the number of steps that failed and Jest's JSON reports. A step with
 * tests is one of those when a test of it failed, so it counts only where Jest has no failure of its own to tell.
 */
const [broken, ...reportFiles] = process.argv.slice(2);
const NOTHING = { numPassedTests: 0, numFailedTests: 0, numRuntimeErrorTestSuites: 0 };
const reports = await Promise.all(reportFiles.map(async (file) => (await readJson(file)) ?? NOTHING));
const failures = reports.map((report) => report.numFailedTests + report.numRuntimeErrorTestSuites);
const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);

const passed = sum(reports.map((report) => report.numPassedTests));
const told = failures.filter((count) => count > 0).length;
const failed = sum(failures) + Math.max(0, Number(broken) - told);
const nothingRan = passed + failed === 0 ? 1 : 0;

say(`${passed} passed, ${failed + nothingRan} failed`);
process.exitCode = failed + nothingRan > 0 ? 1 : 0;
