/** The platforms whose synthesized JSON is kept as snapshots: platform.yaml, and one edit for each choice that changes much. */
import type { PlatformInputs } from '../../stacks/inputs';
import { DEFAULT_INPUTS, platformInputs } from '../fixtures/platform';

export const VARIANTS: readonly { readonly name: string; readonly inputs: PlatformInputs }[] = [
  { name: 'default', inputs: DEFAULT_INPUTS },
  { name: 'managed profile', inputs: platformInputs(['profile: cheapest-durable', 'profile: managed']) },
  { name: 'nat-per-zone', inputs: platformInputs(['egress: single-nat', 'egress: nat-per-zone']) },
  { name: 'us-west-2', inputs: platformInputs(['region: us-east-2', 'region: us-west-2']) },
  {
    name: 'S3 state and a budget',
    inputs: platformInputs(
      ['state: local', 'state: { s3: cimiento-state }'],
      ['usage:', 'budget: { monthly: 1500 USD, email: platform@example.com }\n\nusage:'],
    ),
  },
];
