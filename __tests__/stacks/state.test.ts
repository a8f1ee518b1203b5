import { Eip } from '@cdktf/provider-aws/lib/eip';
import { NetworkStack } from '../../stacks/network';
import { StateStack } from '../../stacks/state';
import { DEFAULT_INPUTS } from '../fixtures/platform';
import { attributes, synthesize, type TerraformJson } from './synthesize';
import { VARIANTS } from './variants';

const { inputs } = VARIANTS.find(({ name }) => name.startsWith('S3 state'))!;
const state = synthesize('state', (app) => void new StateStack(app, inputs));

test('synthesized JSON of the bucket for state', () => {
  expect(state).toMatchSnapshot();
});

test('the bucket keeps versions, refuses strangers and plain HTTP, and cannot be destroyed by accident', () => {
  expect(attributes(state, 'aws_s3_bucket')).toEqual([
    { bucket: 'cimiento-state', lifecycle: { prevent_destroy: true } },
  ]);
  expect(attributes(state, 'aws_s3_bucket_versioning')[0]).toMatchObject({
    versioning_configuration: { status: 'Enabled' },
  });
  expect(attributes(state, 'aws_s3_bucket_public_access_block')[0]).toMatchObject({
    block_public_acls: true,
    block_public_policy: true,
    ignore_public_acls: true,
    restrict_public_buckets: true,
  });
  expect(JSON.parse(attributes(state, 'aws_s3_bucket_policy')[0]!['policy']).Statement).toContainEqual(
    expect.objectContaining({
      Effect: 'Deny',
      Principal: '*',
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    }),
  );
});

describe('backend', () => {
  const backendOf = (json: TerraformJson) => json.terraform['backend'];
  const network = (of: typeof inputs) => synthesize('network', (app) => void new NetworkStack(app, of));

  test('the state stack keeps its own state on local disk, outside cdktf.out', () => {
    expect(backendOf(state)).toEqual({ local: { path: '../../../.state/state.tfstate' } });
  });

  test('the others keep theirs in the bucket, encrypted and locked, one file a stack', () => {
    expect(backendOf(network(inputs))).toEqual({
      s3: {
        bucket: 'cimiento-state',
        key: 'cimiento/network.tfstate',
        region: 'us-east-2',
        encrypt: true,
        use_lockfile: true,
      },
    });
  });

  test('with local state they keep it beside, and there is no bucket to make', () => {
    expect(backendOf(network(DEFAULT_INPUTS))).toEqual({ local: { path: '../../../.state/network.tfstate' } });
    expect(() => synthesize('state', (app) => void new StateStack(app, DEFAULT_INPUTS))).toThrow(
      'the state stack is for `state: { s3: … }`',
    );
  });
});

test('two constructs whose names would meet in Terraform are refused', () => {
  expect(() =>
    synthesize('network', (app) => {
      const stack = new NetworkStack(app, DEFAULT_INPUTS);
      // The internet gateway's path is `vpc/internet`.
      new Eip(stack, 'vpc_internet', {});
    }),
  ).toThrow('would both be called "vpc_internet" in Terraform: rename one construct');
});
