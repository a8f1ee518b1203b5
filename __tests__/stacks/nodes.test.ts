import type { App, AppConfig } from 'cdktf';
import { spawnSync } from 'node:child_process';
import type { PlatformInputs } from '../../stacks/inputs';
import { NetworkStack } from '../../stacks/network';
import { NodesStack } from '../../stacks/nodes';
import { DEFAULT_CHOICES, DEFAULT_INPUTS } from '../fixtures/platform';
import { testSnapshots } from './snapshots';
import { attributes, resources, synthesize, type TerraformJson } from './synthesize';

const add = (app: App, inputs: PlatformInputs) => {
  const network = new NetworkStack(app, inputs);
  return new NodesStack(app, inputs, network.outputs);
};
const build = (inputs: PlatformInputs, config?: AppConfig): TerraformJson =>
  synthesize('nodes', (app) => void add(app, inputs), config);

testSnapshots('nodes', add);

const nodes = build(DEFAULT_INPUTS);

test('four machines, each in the private subnet of its segment and zone, in its segment’s group', () => {
  const where = resources(nodes, 'aws_instance').map(([name, instance]) => [
    name,
    /subnets_(.*)id}$/.exec(instance['subnet_id'])![1],
    /groups_(.*)id}$/.exec(instance['vpc_security_group_ids'][0])![1],
  ]);
  expect(where).toEqual([
    ['qa-1', 'testing-private-a', 'nodes-testing'],
    ['svc-1', 'production-private-a', 'nodes-production'],
    ['svc-2', 'production-private-b', 'nodes-production'],
    ['svc-3', 'production-private-c', 'nodes-production'],
  ]);
});

test('no public address, no key pair; metadata guarded, disk encrypted and snapshotted', () => {
  const [policy] = attributes(nodes, 'aws_dlm_lifecycle_policy');
  for (const instance of attributes(nodes, 'aws_instance')) {
    expect(instance).not.toHaveProperty('key_name');
    expect(instance).toMatchObject({
      associate_public_ip_address: false,
      metadata_options: { http_tokens: 'required', http_put_response_hop_limit: 1 },
      root_block_device: {
        encrypted: true,
        volume_type: 'gp3',
        kms_key_id: expect.stringContaining('aws_kms_keykeyarn'),
        tags: policy!['policy_details'].target_tags,
      },
    });
  }
});

test('a newer image or script replaces no running machine', () => {
  for (const instance of attributes(nodes, 'aws_instance')) {
    expect(instance['lifecycle']).toEqual({ ignore_changes: ['ami', 'user_data'] });
    expect(instance['user_data_replace_on_change']).toBe(false);
  }
});

test('the image fits the machine', () => {
  const images = (json: TerraformJson) => Object.values(json.data!['aws_ssm_parameter']!).map((one) => one['name']);
  expect(images(nodes)).toEqual(['/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64']);
  const mixed = { ...DEFAULT_CHOICES.nodes['qa-1']!, type: 'm6a.large', architecture: 'x86_64' } as const;
  const json = build({
    ...DEFAULT_INPUTS,
    choices: { ...DEFAULT_CHOICES, nodes: { ...DEFAULT_CHOICES.nodes, 'qa-1': mixed } },
  });
  expect(images(json).sort()).toEqual(
    ['arm64', 'x86_64'].map((one) => `/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-${one}`),
  );
  expect(json.resource['aws_instance']!['qa-1']!['ami']).toContain('amazon-linux-x86-64');
  expect(json.resource['aws_instance']!['qa-1']!['user_data']).toContain('linux-amd64');
});

test('every machine has a name in the private zone', () => {
  const names = attributes(nodes, 'aws_route53_record').map((one) => [one['name'], one['records'][0]]);
  expect(names).toEqual(
    ['qa-1', 'svc-1', 'svc-2', 'svc-3'].map((node) => [
      `${node}.cimiento.internal`,
      `\${aws_instance.${node}.private_ip}`,
    ]),
  );
});

test('user data is a program that bash can read, free of Terraform’s interpolation', () => {
  for (const instance of attributes(nodes, 'aws_instance')) {
    const text: string = instance['user_data'];
    expect(text).not.toMatch(/(^|[^$])\$\{/);
    const { status, stderr } = spawnSync('bash', ['-n'], { input: text.replaceAll('$${', '${'), encoding: 'utf8' });
    expect([status, stderr]).toEqual([0, '']);
  }
});

test('machines refuse termination until protection is lifted', () => {
  const protection = (json: TerraformJson) =>
    attributes(json, 'aws_instance').map((instance) => instance['disable_api_termination']);
  expect(protection(nodes)).toEqual([true, true, true, true]);
  expect(protection(build(DEFAULT_INPUTS, { context: { protection: 'lifted' } }))).toEqual(Array(4).fill(false));
});
