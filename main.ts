/** platform.yaml in, Terraform JSON out. `cdktf synth|deploy|…` runs this file; `npm start` does the same and reports. */
import { App } from 'cdktf';
import { fail } from './cli/failure';
import { loadPlatform, recordLedger } from './cli/platform';
import { buildStacks } from './stacks';
import { withoutTraces } from './stacks/without-traces';

try {
  const { inputs, ledger } = loadPlatform({ platform: process.env.CIMIENTO_PLATFORM });
  withoutTraces(() => {
    const app = new App();
    buildStacks(app, inputs);
    app.synth();
  });
  recordLedger(ledger);
} catch (error) {
  fail(error, process.env.CIMIENTO_DEBUG === '1');
}
