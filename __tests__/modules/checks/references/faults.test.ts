import type { Finding } from '../../../../modules/checks/finding';
import { REFERENCE_RULES } from '../../../../modules/checks/references';
import { edited, synthesizedFiles, type Mutable } from '../clean-platform';
import { link } from './link';

let clean: ReadonlyMap<string, string>;
beforeAll(async () => {
  clean = await synthesizedFiles();
}, 30_000);

test('the platform as it is synthesized has no fault', async () => {
  expect((await link(clean)).map(({ address, message }) => `${address}: ${message}`)).toEqual([]);
});

/** Each is one edit of the synthesized platform, and what must be said of it: rule, address, argument, a part of the sentence. */
type Fault = [
  name: string,
  stack: string,
  edit: (json: Mutable) => void,
  rule: keyof typeof REFERENCE_RULES,
  address: string,
  attribute: string,
  says: string,
];

const cluster = (json: Mutable) => json.resource.aws_eks_cluster.eks;
const group = (json: Mutable) => json.resource.aws_eks_node_group['nodes_zone-a'];
const vpc = (json: Mutable) => json.resource.aws_vpc.vpc;
const address = (json: Mutable) => json.resource.aws_eip['routing_nat-a-address'];

const FAULTS: Fault[] = [
  // Arguments.
  [
    'an unknown argument',
    'network',
    (json) => (vpc(json).cidr_blok = '10.0.0.0/16'),
    'reference.unknown-argument',
    'aws_vpc.vpc',
    'cidr_blok',
    'did you mean "cidr_block"?',
  ],
  [
    'an unknown argument in a block',
    'cluster',
    (json) => (cluster(json).vpc_config.subnets = []),
    'reference.unknown-argument',
    'aws_eks_cluster.eks',
    'vpc_config.subnets',
    'no argument or block "subnets"',
  ],
  [
    'a required argument missing',
    'cluster',
    (json) => delete cluster(json).role_arn,
    'reference.missing-argument',
    'aws_eks_cluster.eks',
    'role_arn',
    'argument "role_arn" is required',
  ],
  [
    'a required block missing',
    'cluster',
    (json) => delete cluster(json).vpc_config,
    'reference.missing-argument',
    'aws_eks_cluster.eks',
    'vpc_config',
    'at least one block "vpc_config"',
  ],
  [
    'two blocks where there may be one',
    'cluster',
    (json) => (cluster(json).vpc_config = [cluster(json).vpc_config, cluster(json).vpc_config]),
    'reference.too-many-blocks',
    'aws_eks_cluster.eks',
    'vpc_config',
    '2 blocks',
  ],
  [
    'text for a list',
    'cluster',
    (json) => (cluster(json).vpc_config.subnet_ids = 'subnet-1'),
    'reference.wrong-type',
    'aws_eks_cluster.eks',
    'vpc_config.subnet_ids',
    'a set of string belongs there',
  ],
  [
    'text for a number',
    'cluster',
    (json) => (group(json).scaling_config.max_size = 'two'),
    'reference.wrong-type',
    'aws_eks_node_group.nodes_zone-a',
    'scaling_config.max_size',
    '"two", and a number',
  ],
  [
    'text for a boolean',
    'network',
    (json) => (vpc(json).enable_dns_support = 'yes'),
    'reference.wrong-type',
    'aws_vpc.vpc',
    'enable_dns_support',
    'a boolean belongs there',
  ],
  [
    'an object for text',
    'network',
    (json) => (vpc(json).cidr_block = { a: 1 }),
    'reference.wrong-type',
    'aws_vpc.vpc',
    'cidr_block',
    'an object, and a string',
  ],
  [
    'a list for a map',
    'network',
    (json) => (vpc(json).tags = ['a']),
    'reference.wrong-type',
    'aws_vpc.vpc',
    'tags',
    'a list, and a map of string',
  ],
  [
    'a whole resource for text',
    'network',
    (json) => (json.resource.aws_internet_gateway.vpc_internet.vpc_id = '${aws_vpc.vpc}'),
    'reference.wrong-type',
    'aws_internet_gateway.vpc_internet',
    'vpc_id',
    '${aws_vpc.vpc}, an object',
  ],
  [
    'a list attribute for text',
    'gitops',
    (json) => (json.resource.helm_release.root.name = '${helm_release.argocd.values}'),
    'reference.wrong-type',
    'helm_release.root',
    'name',
    'a list of string, and a string',
  ],
  [
    'an expression where a block belongs',
    'cluster',
    (json) => (cluster(json).vpc_config = '${aws_vpc.vpc}'),
    'reference.block-as-attribute',
    'aws_eks_cluster.eks',
    'vpc_config',
    'a block belongs there',
  ],
  [
    'helm-2 style blocks',
    'gitops',
    (json) => (json.provider.helm[0].kubernetes = [json.provider.helm[0].kubernetes, 'x']),
    'reference.block-as-attribute',
    'provider.helm',
    'kubernetes.1',
    'a block belongs there',
  ],
  [
    'an argument that only the provider sets',
    'network',
    (json) => (vpc(json).arn = 'arn:aws:ec2:…'),
    'reference.computed-only',
    'aws_vpc.vpc',
    'arn',
    'only the provider sets it',
  ],
  [
    'an unknown argument of a provider',
    'network',
    (json) => (json.provider.aws[0].regoin = 'us-east-2'),
    'reference.unknown-argument',
    'provider.aws',
    'regoin',
    'did you mean "region"?',
  ],
  [
    'an unknown argument in ignore_changes',
    'network',
    (json) => (vpc(json).lifecycle = { ignore_changes: ['tagz'] }),
    'reference.unknown-argument',
    'aws_vpc.vpc',
    'lifecycle.ignore_changes',
    'did you mean "tags"?',
  ],
  // Types and providers.
  [
    'an unknown resource type',
    'network',
    (json) => (json.resource.aws_vcp = { x: {} }),
    'reference.unknown-type',
    'aws_vcp.x',
    '',
    'did you mean "aws_vpc"?',
  ],
  [
    'an unknown data source type',
    'network',
    (json) => (json.data.aws_regionn = { x: {} }),
    'reference.unknown-type',
    'data.aws_regionn.x',
    '',
    'did you mean "aws_region"?',
  ],
  [
    'an undeclared provider alias',
    'network',
    (json) => (vpc(json).provider = 'aws.east'),
    'reference.provider-alias',
    'aws_vpc.vpc',
    'provider',
    'asks for provider "aws.east"',
  ],
  [
    'a provider without bindings',
    'network',
    (json) => (json.resource.random_id = { x: { byte_length: 4 } }),
    'reference.no-schema',
    'random_id.x',
    '',
    'bindings of provider "random"',
  ],
  [
    'a provider configured by its own apply',
    'cluster',
    (json) => (json.provider.aws[0].region = '${aws_eks_cluster.eks.arn}'),
    'reference.provider-unknown',
    'provider.aws',
    'region',
    'known only after aws_eks_cluster.eks is applied',
  ],
  [
    'a provider configured through a local and a data source',
    'cluster',
    (json) => {
      json.locals = { r: '${data.aws_arn.eks.region}' };
      json.data.aws_arn = { eks: { arn: '${aws_eks_cluster.eks.arn}' } };
      json.provider.aws[0].region = '${local.r}';
    },
    'reference.provider-unknown',
    'provider.aws',
    'region',
    'aws_eks_cluster.eks',
  ],
  [
    'a number of copies known after apply',
    'network',
    (json) => (address(json).count = '${length(aws_vpc.vpc.id)}'),
    'reference.count-unknown',
    'aws_eip.routing_nat-a-address',
    'count',
    'known only after aws_vpc.vpc',
  ],
  [
    'fewer copies than none',
    'network',
    (json) => (address(json).count = -1),
    'reference.wrong-type',
    'aws_eip.routing_nat-a-address',
    'count',
    'count is -1, and a whole number from 0 on',
  ],
  [
    'half a copy',
    'network',
    (json) => (address(json).count = '1.5'),
    'reference.wrong-type',
    'aws_eip.routing_nat-a-address',
    'count',
    'count is "1.5"',
  ],
  [
    'a copy for each of a list',
    'network',
    (json) => (address(json).for_each = ['a', 'b']),
    'reference.wrong-type',
    'aws_eip.routing_nat-a-address',
    'for_each',
    'a map or a set of texts belongs there; write it as ${toset([…])}',
  ],
  [
    'copies counted in two ways',
    'network',
    (json) => Object.assign(address(json), { count: 1, for_each: { a: 1 } }),
    'reference.wrong-type',
    'aws_eip.routing_nat-a-address',
    'for_each',
    'count is given as well; keep one',
  ],
  // Expressions.
  [
    'an expression that does not end',
    'network',
    (json) => (vpc(json).tags = { Name: '${upper(aws_vpc.vpc.id}' }),
    'reference.syntax',
    'aws_vpc.vpc',
    'tags.Name',
    'Missing argument separator',
  ],
  [
    'an unknown function',
    'network',
    (json) => (address(json).domain = '${uper("vpc")}'),
    'reference.unknown-function',
    'aws_eip.routing_nat-a-address',
    'domain',
    'did you mean "upper"?',
  ],
  [
    'too few arguments',
    'network',
    (json) => (address(json).domain = '${cidrsubnet("10.0.0.0/8")}'),
    'reference.function-arguments',
    'aws_eip.routing_nat-a-address',
    'domain',
    'takes 3 arguments and is given 1',
  ],
  [
    'an argument of the wrong type',
    'gitops',
    (json) => (json.resource.helm_release.root.name = '${upper(helm_release.argocd.values)}'),
    'reference.function-arguments',
    'helm_release.root',
    'name',
    'takes a string and is given helm_release.argocd.values, a list of string',
  ],
  [
    'a resource that is not there',
    'network',
    (json) => (address(json).instance = '${aws_instance.nat.id}'),
    'reference.undeclared',
    'aws_eip.routing_nat-a-address',
    'instance',
    'names resource "aws_instance.nat"',
  ],
  [
    'a data source that is not there',
    'network',
    (json) => (address(json).domain = '${data.aws_region.here.id}'),
    'reference.undeclared',
    'aws_eip.routing_nat-a-address',
    'domain',
    'names data source "data.aws_region.here"',
  ],
  [
    'a variable that is not there',
    'network',
    (json) => (address(json).domain = '${var.domain}'),
    'reference.undeclared',
    'aws_eip.routing_nat-a-address',
    'domain',
    'names variable "domain"',
  ],
  [
    'a local that is not there',
    'data',
    (json) => (json.resource.aws_db_instance.postgres.identifier = '${local.name}'),
    'reference.undeclared',
    'aws_db_instance.postgres',
    'identifier',
    'names local "name"',
  ],
  [
    'a module that is not there',
    'network',
    (json) => (address(json).domain = '${module.m.x}'),
    'reference.undeclared',
    'aws_eip.routing_nat-a-address',
    'domain',
    'names module "m"',
  ],
  [
    'depends_on to nothing',
    'cluster',
    (json) => cluster(json).depends_on.push('aws_iam_role.none'),
    'reference.undeclared',
    'aws_eks_cluster.eks',
    'depends_on',
    'depends on "aws_iam_role.none"',
  ],
  [
    'an attribute that is not there',
    'network',
    (json) => (json.resource.aws_internet_gateway.vpc_internet.vpc_id = '${aws_vpc.vpc.idd}'),
    'reference.no-such-attribute',
    'aws_internet_gateway.vpc_internet',
    'vpc_id',
    'did you mean "id"?',
  ],
  [
    'an attribute deep inside that is not there',
    'cluster',
    (json) => (json.output['x'] = { value: '${aws_eks_cluster.eks.identity[0].oidc[0].isuer}' }),
    'reference.no-such-attribute',
    'output.x',
    '',
    'did you mean "issuer"?',
  ],
  [
    'an attribute of a list',
    'cluster',
    (json) => (json.output['x'] = { value: '${aws_eks_cluster.eks.vpc_config.vpc_id}' }),
    'reference.no-such-attribute',
    'output.x',
    '',
    'write aws_eks_cluster.eks.vpc_config[0]',
  ],
  [
    'an attribute inside a splat',
    'cluster',
    (json) => (json.output['x'] = { value: '${aws_eks_cluster.eks.vpc_config[*].vpcid}' }),
    'reference.no-such-attribute',
    'output.x',
    '',
    'did you mean "vpc_id"?',
  ],
  [
    'a counted resource read without an index',
    'network',
    (json) => (vpc(json).count = 1),
    'reference.missing-index',
    'aws_internet_gateway.vpc_internet',
    'vpc_id',
    'write aws_vpc.vpc[0]',
  ],
  [
    'an index where there is one',
    'network',
    (json) => (json.resource.aws_internet_gateway.vpc_internet.vpc_id = '${aws_vpc.vpc[0].id}'),
    'reference.missing-index',
    'aws_internet_gateway.vpc_internet',
    'vpc_id',
    'neither count nor for_each',
  ],
  // Stacks.
  [
    'an output that the other stack does not write',
    'network',
    (json) => delete json.output['cross-stack-output-aws_vpcvpcid'],
    'reference.dangling-output',
    'helm_release.root',
    'values.0',
    'stack network, which writes none of that name',
  ],
  [
    'a state that nobody keeps',
    'network',
    (json) => (json.terraform.backend.local.path = 'elsewhere.tfstate'),
    'reference.foreign-state',
    'data.terraform_remote_state.cross-stack-reference-input-network',
    'config',
    'no stack of this project keeps',
  ],
  [
    'a remote state that is not there',
    'nodes',
    (json) => delete json.data.terraform_remote_state,
    'reference.undeclared',
    'aws_instance.svc-1',
    'subnet_id',
    'names remote state',
  ],
  // Cycles.
  [
    'two resources that need each other',
    'network',
    (json) => (vpc(json).tags = { Name: '${aws_internet_gateway.vpc_internet.id}' }),
    'reference.cycle',
    'aws_vpc.vpc',
    '',
    'aws_vpc.vpc → aws_internet_gateway.vpc_internet → aws_vpc.vpc',
  ],
  [
    'a resource that needs itself',
    'network',
    (json) => (vpc(json).tags = { Name: '${aws_vpc.vpc.id}' }),
    'reference.cycle',
    'aws_vpc.vpc',
    '',
    'aws_vpc.vpc → aws_vpc.vpc',
  ],
  [
    'a cycle through locals',
    'network',
    (json) => (json.locals = { a: '${local.b}', b: '${local.a}' }),
    'reference.cycle',
    'local.a',
    '',
    'local.a → local.b → local.a',
  ],
  [
    'stacks that need each other',
    'network',
    (json) => {
      json.data.terraform_remote_state = {
        c: { backend: 'local', config: { path: '../../../.state/cluster.tfstate' } },
      };
      vpc(json).tags = {
        Cluster: '${data.terraform_remote_state.c.outputs.cross-stack-output-aws_eks_clustereksname}',
      };
    },
    'reference.cycle',
    'cluster',
    '',
    'cluster → network → cluster',
  ],
  [
    'a module whose insides are not seen',
    'network',
    (json) => (json.module = { m: { source: './m' } }),
    'reference.module',
    'module.m',
    '',
    'what it makes is not in this JSON',
  ],
];

test.each(FAULTS)('%s', async (_, stack, edit, rule, at, attribute, says) => {
  const findings = await link(edited(clean, stack, edit));
  const caught = findings.find((one) => one.id === rule && one.address === at && one.attribute === attribute);
  expect(caught ?? findings.map(summary)).toMatchObject({ id: rule, address: at });
  expect(`${caught?.message}; ${caught?.fix}`).toContain(says);
});

const summary = ({ id, address, attribute, message }: Finding) => `${id} ${address} ${attribute}: ${message}`;

test('every rule of the linker is broken by one of them', () => {
  expect(new Set(FAULTS.map(([, , , rule]) => rule))).toEqual(new Set(Object.keys(REFERENCE_RULES)));
});

test('a fault says where it was written', async () => {
  const [caught] = await link(edited(clean, 'network', (json) => (vpc(json).cidr_blok = 'x')));
  expect(caught?.origin).toEqual({
    file: 'stacks/network/cdk.tf.json',
    path: ['resource', 'aws_vpc', 'vpc', 'cidr_blok'],
  });
});
