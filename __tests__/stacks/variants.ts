/** The platforms whose synthesized JSON is kept as snapshots: the default one, and one for each choice that changes much. */
import type { AddressPlan } from '../../modules/addressing/plan';
import type { Platform } from '../../modules/spec/platform';
import type { PlatformInputs } from '../../stacks/inputs';
import { DEFAULT_CHOICES, DEFAULT_INPUTS } from '../fixtures/platform';

const change = (platform: Partial<Platform>): PlatformInputs => ({
  ...DEFAULT_INPUTS,
  platform: { ...DEFAULT_INPUTS.platform, ...platform },
});

const managed = change({ profile: 'managed', kafka: { ...DEFAULT_INPUTS.platform.kafka, engine: 'msk' } });

const OREGON = ['usw2-az1', 'usw2-az2', 'usw2-az3'] as const;

const moved: AddressPlan = {
  ...DEFAULT_INPUTS.plan,
  blocks: DEFAULT_INPUTS.plan.blocks.map((block) => ({
    ...block,
    subnets: block.subnets.map((subnet) => ({ ...subnet, zone: OREGON[subnet.zoneIndex]! })),
  })),
};

export const VARIANTS: readonly { readonly name: string; readonly inputs: PlatformInputs }[] = [
  { name: 'default', inputs: DEFAULT_INPUTS },
  {
    name: 'managed profile',
    inputs: {
      ...managed,
      choices: { ...DEFAULT_CHOICES, kafka: { ...DEFAULT_CHOICES.kafka, type: 'kafka.m7g.large', hourlyUsd: 0.204 } },
    },
  },
  {
    name: 'nat-per-zone',
    inputs: change({ network: { ...DEFAULT_INPUTS.platform.network, egress: 'nat-per-zone' } }),
  },
  {
    name: 'us-west-2',
    inputs: {
      ...change({ region: 'us-west-2' }),
      plan: moved,
      choices: { ...DEFAULT_CHOICES, zones: OREGON.map((id, i) => ({ letter: 'abc'[i]!, id })) },
    },
  },
  {
    name: 'S3 state and a budget',
    inputs: change({
      state: { kind: 's3', bucket: 'cimiento-state' },
      budget: { monthlyUsd: 1500, email: 'platform@example.com' },
    }),
  },
];
