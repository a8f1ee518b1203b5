/**
 * state: the bucket in which the other stacks keep their state, when platform.yaml says `state: { s3: … }`. Its own state
 * stays on local disk, in .state/: it cannot be in a bucket that is not there yet.
 *
 * Deletion: last, and never with the rest: emptied by hand, after `protection` is lifted.
 * Data protection: `prevent_destroy`, and no `force_destroy`, so that S3 itself refuses while a state is in it; versions kept
 * 90 days. If .state/state.tfstate is lost, `terraform import` of six resources brings it back (docs/adr/0006).
 */
import type { Construct } from 'constructs';
import { StateBucket } from '../modules/aws/state-bucket';
import type { PlatformInputs } from './inputs';
import { PlatformStack } from './platform-stack';

export class StateStack extends PlatformStack {
  constructor(scope: Construct, inputs: PlatformInputs) {
    super(scope, 'state', inputs, { kind: 'local' });
    const { state } = inputs.platform;
    if (state.kind !== 's3') throw new Error('the state stack is for `state: { s3: … }`: local state needs no bucket');
    new StateBucket(this, 'state', { bucket: state.bucket, protection: this.protection });
  }
}
