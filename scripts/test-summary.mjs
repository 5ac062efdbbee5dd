// Prints the last line of a check, `N passed, N failed`, from vitest's JSON report.
import { readFileSync } from 'node:fs';

let report = { numPassedTests: 0, numFailedTests: 0, numPendingTests: 0, numFailedTestSuites: 1 };
try {
  report = JSON.parse(readFileSync(process.argv[2], 'utf8'));
} catch (error) {
  console.error(`no report of the tests: ${error.message}`);
}
const skipped = report.numPendingTests ? `, ${report.numPendingTests} skipped` : '';
// A file that could not be loaded has no tests of its own to count, and is a failure all the same.
const failed = report.numFailedTests || (report.numFailedTestSuites > 0 ? 1 : 0);
console.log(`${report.numPassedTests} passed, ${failed} failed${skipped}`);
process.exitCode = failed === 0 && report.numPassedTests > 0 ? 0 : 1;
