import type { KubernetesSpec } from '../../modules/spec/platform';
import { NAME_LIMIT } from '../../modules/spec/names';
import { nodesInZone } from '../../modules/aws/eks-nodes';
import { ClusterStack } from '../../stacks/cluster';
import type { PlatformInputs } from '../../stacks/inputs';
import { NetworkStack } from '../../stacks/network';
import { DEFAULT_CHOICES, DEFAULT_INPUTS } from '../fixtures/platform';
import { testSnapshots } from './snapshots';
import { attributes, resources, synthesize, type TerraformJson } from './synthesize';
import type { App, AppConfig } from 'cdktf';

const add = (app: App, inputs: PlatformInputs) => {
  const network = new NetworkStack(app, inputs);
  new ClusterStack(app, inputs, network.outputs);
};
const build = (inputs: PlatformInputs, config?: AppConfig): TerraformJson =>
  synthesize('cluster', (app) => add(app, inputs), config);
const withKubernetes = (kubernetes: Partial<KubernetesSpec>): TerraformJson =>
  build({
    ...DEFAULT_INPUTS,
    platform: { ...DEFAULT_INPUTS.platform, kubernetes: { ...DEFAULT_INPUTS.platform.kubernetes, ...kubernetes } },
  });

testSnapshots('cluster', add);

const cluster = build(DEFAULT_INPUTS);
const [eks] = attributes(cluster, 'aws_eks_cluster');

/** Everything that a resource needs before it, however far back. */
function needs(json: TerraformJson, address: string, seen = new Set<string>()): Set<string> {
  const [type, name] = address.split('.') as [string, string];
  const text = JSON.stringify(json.resource[type]![name]);
  const addresses = Object.entries(json.resource).flatMap(([kind, all]) =>
    Object.keys(all).map((one) => `${kind}.${one}`),
  );
  for (const other of addresses.filter((one) => new RegExp(`\\b${one.replace('.', '\\.')}(?![\\w-])`).test(text))) {
    if (!seen.has(other)) needs(json, other, seen.add(other));
  }
  return seen;
}

describe('what EKS takes once and for all, or charges for', () => {
  test('services have their own block, away from the platform’s', () => {
    expect(eks!['kubernetes_network_config']).toEqual({ ip_family: 'ipv4', service_ipv4_cidr: '172.20.0.0/16' });
  });

  test('add-ons are ours, access is by entries, support is standard', () => {
    expect(eks).toMatchObject({
      bootstrap_self_managed_addons: false,
      access_config: { authentication_mode: 'API', bootstrap_cluster_creator_admin_permissions: false },
      upgrade_policy: { support_type: 'STANDARD' },
    });
  });

  test('the API is private, and public only from the addresses that are listed', () => {
    expect(eks!['vpc_config']).toMatchObject({ endpoint_private_access: true, endpoint_public_access: false });
    expect(eks!['vpc_config']).not.toHaveProperty('public_access_cidrs');
    const [opened] = attributes(withKubernetes({ api: { publicFrom: ['203.0.113.0/24'] } }), 'aws_eks_cluster');
    expect(opened!['vpc_config']).toMatchObject({
      endpoint_public_access: true,
      public_access_cidrs: ['203.0.113.0/24'],
    });
  });
});

describe('administrators', () => {
  const principals = (json: TerraformJson) =>
    attributes(json, 'aws_eks_access_entry').map((one) => one['principal_arn']);

  test('without any named, the first deployer is the one, and stays it', () => {
    expect(principals(cluster)).toEqual(['${data.aws_iam_session_context.eks_deployer.issuer_arn}']);
    expect(attributes(cluster, 'aws_eks_access_entry')[0]!['lifecycle']).toEqual({ ignore_changes: ['principal_arn'] });
  });

  test('with some named, they are, each with the policy, and nobody else', () => {
    const admins = ['arn:aws:iam::123456789012:role/platform', 'arn:aws:iam::123456789012:user/ops@example.com'];
    const named = withKubernetes({ admins });
    expect(principals(named).sort()).toEqual(admins);
    expect(attributes(named, 'aws_eks_access_policy_association')).toHaveLength(2);
  });

  test('whose names read alike are told apart', () => {
    const admins = ['arn:aws:iam::123456789012:role/a-b', 'arn:aws:iam::123456789012:role/a.b'];
    expect(principals(withKubernetes({ admins })).sort()).toEqual(admins);
  });
});

describe('nodes', () => {
  test('one group a zone, in that zone’s private subnet, with room for one more during an update', () => {
    const groups = resources(cluster, 'aws_eks_node_group');
    expect(groups.map(([name]) => name)).toEqual(['nodes_zone-a', 'nodes_zone-b', 'nodes_zone-c']);
    for (const [name, group] of groups) {
      expect(group['subnet_ids']).toEqual([expect.stringContaining(`kubernetes-private-${name.slice(-1)}`)]);
      expect(group['scaling_config']).toEqual({ min_size: 1, desired_size: 1, max_size: 2 });
      expect(group).toMatchObject({ ami_type: 'AL2023_ARM_64_STANDARD', instance_types: ['m6g.large'] });
    }
  });

  test.each([
    [3, [1, 1, 1]],
    [4, [2, 1, 1]],
    [5, [2, 2, 1]],
    [9, [3, 3, 3]],
  ])('%i nodes are spread %j', (count, expected) => {
    expect([0, 1, 2].map((zone) => nodesInZone(count, 3, zone))).toEqual(expected);
  });

  test('x86 machines get an x86 image', () => {
    const kubernetes = { ...DEFAULT_CHOICES.kubernetes, type: 'm6a.large', architecture: 'x86_64' } as const;
    const x86 = build({ ...DEFAULT_INPUTS, choices: { ...DEFAULT_CHOICES, kubernetes } });
    for (const group of attributes(x86, 'aws_eks_node_group')) {
      expect(group).toMatchObject({ ami_type: 'AL2023_x86_64_STANDARD', instance_types: ['m6a.large'] });
    }
  });

  test('metadata needs a token and ends at the machine; the disk is encrypted; as many pods as prefixes give', () => {
    const [template] = attributes(cluster, 'aws_launch_template');
    expect(template!['metadata_options']).toMatchObject({ http_tokens: 'required', http_put_response_hop_limit: 1 });
    expect(template!['block_device_mappings'][0].ebs).toMatchObject({ encrypted: 'true', volume_type: 'gp3' });
    expect(template!['user_data']).toContain('maxPods: 110');
  });
});

describe('order', () => {
  const nodes = needs(cluster, 'aws_eks_node_group.nodes_zone-a');

  test('the log group is there before the cluster that writes to it', () => {
    expect(needs(cluster, 'aws_eks_cluster.eks')).toContain('aws_cloudwatch_log_group.eks_logs');
  });

  test.each(['eks-pod-identity-agent', 'vpc-cni', 'kube-proxy'])('nodes come after %s', (addon) => {
    expect(nodes).toContain(`aws_eks_addon.addons-before-nodes_${addon}`);
  });

  test.each(['coredns', 'aws-ebs-csi-driver'])('%s comes after the nodes of every zone', (addon) => {
    const before = needs(cluster, `aws_eks_addon.addons-after-nodes_${addon}`);
    for (const [name] of resources(cluster, 'aws_eks_node_group'))
      expect(before).toContain(`aws_eks_node_group.${name}`);
    expect(nodes).not.toContain(`aws_eks_addon.addons-after-nodes_${addon}`);
  });

  test('the network add-on keeps its permissions for as long as it is there', () => {
    expect(needs(cluster, 'aws_eks_addon.addons-before-nodes_vpc-cni')).toContain(
      'aws_iam_role_policy_attachment.pod-roles_aws-node_AmazonEKS_CNI_Policy',
    );
  });

  test('the load balancer finds its log bucket open', () => {
    expect(needs(cluster, 'aws_lb.entry')).toContain('aws_s3_bucket_policy.entry_access-logs_bucket_policy');
  });
});

describe('roles of pods', () => {
  test('are assumed by Pod Identity, sessions tagged', () => {
    const pods = resources(cluster, 'aws_iam_role').filter(([name]) => name.startsWith('pod-roles_'));
    expect(pods).toHaveLength(4);
    for (const [, role] of pods) {
      expect(JSON.parse(role['assume_role_policy']).Statement).toEqual([
        {
          Effect: 'Allow',
          Principal: { Service: 'pods.eks.amazonaws.com' },
          Action: ['sts:AssumeRole', 'sts:TagSession'],
        },
      ]);
    }
  });

  test('what changes anything names its resource', () => {
    const statements = attributes(cluster, 'aws_iam_role_policy').flatMap((one) => JSON.parse(one['policy']).Statement);
    for (const { Action, Resource } of statements) {
      if ([Action].flat().every((action: string) => /:(Describe|List|Get)/.test(action))) continue;
      expect(Resource).not.toBe('*');
    }
  });

  test('external-secrets reads what applications log in with, and no secret of a cluster or of RDS', () => {
    const { Statement } = JSON.parse(
      cluster.resource['aws_iam_role_policy']!['pod-roles_external-secrets_inline']!['policy'],
    );
    const patterns: RegExp[] = Statement[0].Resource.map(
      (arn: string) =>
        new RegExp(
          `^${arn
            .slice(arn.lastIndexOf(':') + 1)
            .replaceAll('*', '.*')
            .replaceAll('?', '.')}$`,
        ),
    );
    const readable = (name: string) => patterns.some((pattern) => pattern.test(`${name}-AbC123`));
    for (const name of ['cimiento/kafka/client', 'cimiento/mongodb/app', 'cimiento/postgres/app']) {
      expect([name, readable(name)]).toEqual([name, true]);
    }
    for (const name of ['cimiento/kafka/cluster', 'cimiento/mongodb/cluster', 'rds!db-1', 'other/kafka/client']) {
      expect([name, readable(name)]).toEqual([name, false]);
    }
  });

  test('each role is bound to its service account, in the add-on or beside it', () => {
    const bound = [
      ...attributes(cluster, 'aws_eks_addon').flatMap((addon) => addon['pod_identity_association'] ?? []),
      ...attributes(cluster, 'aws_eks_pod_identity_association'),
    ].map((one) => one.role_arn);
    const roles = resources(cluster, 'aws_iam_role').filter(([name]) => name.startsWith('pod-roles_'));
    expect(bound.sort()).toEqual(roles.map(([name]) => `\${aws_iam_role.${name}.arn}`).sort());
  });
});

describe('the entry', () => {
  test('is in every public Kubernetes subnet, and sends to pods by address', () => {
    const [balancer] = attributes(cluster, 'aws_lb');
    expect(balancer!['subnets']).toHaveLength(3);
    for (const subnet of balancer!['subnets']) expect(subnet).toContain('kubernetes-public-');
    expect(attributes(cluster, 'aws_lb_target_group')[0]).toMatchObject({ target_type: 'ip', port: 8080 });
  });
});

test('the longest name that spec takes fits every AWS name made of it', () => {
  const name = 'a'.repeat(NAME_LIMIT);
  const { platform } = DEFAULT_INPUTS;
  expect(() => build({ ...DEFAULT_INPUTS, platform: { ...platform, name } })).not.toThrow();
});

test('cluster and load balancer refuse deletion until protection is lifted', () => {
  const protection = (json: TerraformJson) => [
    attributes(json, 'aws_eks_cluster')[0]!['deletion_protection'],
    attributes(json, 'aws_lb')[0]!['enable_deletion_protection'],
  ];
  expect(protection(cluster)).toEqual([true, true]);
  expect(protection(build(DEFAULT_INPUTS, { context: { protection: 'lifted' } }))).toEqual([false, false]);
});

describe('the front door', () => {
  const certificate = 'arn:aws:acm:us-east-2:123456789012:certificate/0f9f8c1e-8a3b-4e8e-9c43-1f2e3d4c5b6a';

  test('without a certificate it speaks HTTP', () => {
    expect(attributes(cluster, 'aws_lb_listener').map(({ port, protocol }) => [port, protocol])).toEqual([
      [80, 'HTTP'],
    ]);
  });

  test('with one it speaks HTTPS, and HTTP only to say so', () => {
    const listeners = attributes(withKubernetes({ entry: { certificate } }), 'aws_lb_listener');
    expect(listeners).toContainEqual(
      expect.objectContaining({ port: 443, protocol: 'HTTPS', certificate_arn: certificate }),
    );
    const plain = listeners.find(({ port }) => port === 80);
    expect(JSON.stringify(plain)).toContain('HTTP_301');
    expect(JSON.stringify(plain)).not.toContain('forward');
  });
});
