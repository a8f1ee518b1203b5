/** Prints the one line that every runner of this project ends with: `N passed, N failed`. */
module.exports = class ClosingLine {
  onRunComplete(_contexts, results) {
    // A file that does not even load runs no test, so it is counted as a failure of its own.
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
    const skipped = results.numPendingTests ? `, ${results.numPendingTests} skipped` : '';
    // Jest's own summary goes to stderr; wait for it, so that this line is the last one on a terminal too.
    setImmediate(() => process.stdout.write(`\n${results.numPassedTests} passed, ${failed} failed${skipped}\n`));
  }
};
