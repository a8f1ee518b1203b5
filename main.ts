/** platform.yaml in, Terraform JSON out. `cdktf synth|deploy|…` runs this file; `npm start` does the same and reports. */
import { App } from 'cdktf';
import { fail } from './cli/failure';
import { loadPlatform } from './cli/platform';
import { requireRecorded } from './modules/addressing';
import { buildStacks } from './stacks';

try {
  const { inputs, ledger } = loadPlatform({ platform: process.env.CIMIENTO_PLATFORM });
  requireRecorded(ledger.before, inputs.plan);
  const app = new App();
  buildStacks(app, inputs);
  app.synth();
} catch (error) {
  fail(error, process.env.CIMIENTO_DEBUG === '1');
}
