import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readSchema } from '../../../../cli/provider-schema';
import { checkPolicies } from '../../../../modules/checks/policy';
import { BURSTABLE } from '../../../../modules/checks/policy/burstable';
import type { BlockSchema, CtyType } from '../../../../modules/checks/schema';
import { resources, type Blocks } from '../project';

const caught = async (type: string, body: Blocks): Promise<string[]> => {
  const found = checkPolicies(
    await resources({ [type]: { x: body } }),
    { today: '2026-11-24', schemas: {} },
    BURSTABLE,
  );
  return found.map(({ attribute }) => attribute);
};

/** What each service calls a burstable class. */
const CLASS: readonly (readonly [RegExp, string])[] = [
  [/^aws_(db|rds|docdb|neptune|memorydb|timestreaminfluxdb)/, 'db.t4g.medium'],
  [/^aws_msk/, 'kafka.t3.small'],
  [/^aws_elasticache/, 'cache.t3.micro'],
  [/^aws_(opensearch|elasticsearch)/, 't3.small.search'],
  [/^aws_dms/, 'dms.t3.medium'],
  [/^aws_mq/, 'mq.t3.micro'],
  [/^aws_dax/, 'dax.t3.small'],
  [/^aws_sagemaker/, 'ml.t3.medium'],
  [/^aws_lightsail/, 'micro_3_0'],
  [/./, 't3.micro'],
];

const burstableClass = (type: string): string => CLASS.find(([pattern]) => pattern.test(type))?.[1] as string;

/**
 * Whether an argument may hold the type of a machine: found by another rule than the policy's, a wide one, from which what is no
 * machine is taken out by name.
 */
const WIDE = /(instance|node|host|server|machine|master|warm|bundle|hardware|compute).*_(types?|class|family|id)$/;
const NO_MACHINE: Readonly<Record<string, string>> = {
  excluded_instance_types: 'keeps types out',
  hidden_instance_types: 'keeps types out of a menu',
  spot_instance_type: 'one-time or persistent',
  single_instance_type: 'true or false',
  netbios_node_type: 'a number of NetBIOS',
  hostname_type: 'how names are made',
  host_type: 'who runs the host of a data source',
  server_type: 'GitHub or Bitbucket',
  database_server_type: 'Exadata machines, bought whole',
  storage_server_type: 'Exadata machines, bought whole',
  compute_type: 'sizes of CodeBuild, which has no credits',
  build_compute_type: 'sizes of Amplify',
  change_compute_type: 'ENABLED or DISABLED',
  machine_type: 'GENERAL or NVME of CodeBuild',
  cluster_endpoint_encryption_type: 'TLS or NONE',
};

interface Place {
  readonly type: string;
  /** `launch_template_config.override.instance_type` */
  readonly path: readonly string[];
  readonly list: boolean;
}

function placesIn(type: string, block: BlockSchema, path: readonly string[] = []): Place[] {
  const here = Object.entries(block.attributes).flatMap(([name, { type: cty, computed, optional }]) => {
    if (computed && !optional) return [];
    return placesInType(type, cty ?? 'dynamic', [...path, name]);
  });
  return [
    ...here,
    ...Object.entries(block.block_types).flatMap(([name, one]) => placesIn(type, one.block, [...path, name])),
  ];
}

function placesInType(type: string, cty: CtyType, path: readonly string[]): Place[] {
  const name = path.at(-1) as string;
  const list = typeof cty !== 'string' && cty[0] !== 'object' && cty[1] === 'string';
  if (cty === 'string' || list) return WIDE.test(name) && !(name in NO_MACHINE) ? [{ type, path, list }] : [];
  if (typeof cty === 'string') return [];
  if (cty[0] === 'object')
    return Object.entries(cty[1]).flatMap(([inner, one]) => placesInType(type, one, [...path, inner]));
  return placesInType(type, cty[1], path);
}

/** Identifiers of machines and bundles, whose names end like theirs: `instance_id`, `host_id`. */
const isIdentifier = ({ type, path }: Place): boolean =>
  /_id$/.test(path.at(-1) as string) &&
  !(path.at(-1) === 'bundle_id' && /^aws_lightsail_(instance|database)$/.test(type));

function everyType(): string[] {
  const lib = join(dirname(require.resolve('@cdktf/provider-aws/package.json')), 'lib');
  return readdirSync(lib, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== 'provider' && !entry.name.startsWith('data-'))
    .map(({ name }) => `aws_${name.replaceAll('-', '_')}`);
}

test('a burstable class is refused in every attribute of every type that may hold a machine', async () => {
  const places = everyType()
    .flatMap((type) => placesIn(type, readSchema('aws', 'resource', type) as BlockSchema))
    .filter((place) => !isIdentifier(place));
  const missed: string[] = [];
  for (const { type, path, list } of places) {
    const value = burstableClass(type);
    const body = [...path]
      .reverse()
      .reduce<unknown>((inner, name) => ({ [name]: inner }), list ? ['m6g.large', value] : value);
    if ((await caught(type, body as Blocks)).length === 0) missed.push(`${type} ${path.join('.')}`);
  }
  process.stdout.write(
    `burstable mutants: ${places.length - missed.length} of ${places.length} killed, in ${new Set(places.map(({ type }) => type)).size} resource types\n`,
  );
  expect(missed).toEqual([]);
  // The number of places in the AWS provider 6.25: a smaller one means that the search above has gone blind.
  expect(places.length).toBeGreaterThan(90);
}, 60_000);

describe('where no attribute says "instance"', () => {
  test.each<[string, string, Blocks]>([
    [
      'requirements of a fleet',
      'aws_launch_template',
      { instance_requirements: [{ burstable_performance: 'required' }] },
    ],
    [
      'an option of Elastic Beanstalk',
      'aws_elastic_beanstalk_environment',
      { setting: [{ name: 'InstanceTypes', value: 'm6g.large,t4g.small' }] },
    ],
    ['nothing said to Elastic Beanstalk', 'aws_elastic_beanstalk_environment', {}],
    [
      'a CloudFormation template',
      'aws_cloudformation_stack',
      { template_body: '{"Type":"AWS::EC2::Instance","Properties":{"InstanceType":"t2.nano"}}' },
    ],
    ['a node pool in Helm values', 'helm_release', { values: ['requirements:\n- {key: x, values: ["t3.large"]}\n'] }],
    [
      'a wildcard',
      'aws_ec2_fleet',
      { launch_template_config: { override: { instance_requirements: { allowed_instance_types: ['t3*', 'm6g.*'] } } } },
    ],
    ['a family', 'aws_ec2_host', { instance_family: 't3' }],
    ['a node group without types', 'aws_eks_node_group', { cluster_name: 'c' }],
    ['upper case', 'aws_instance', { instance_type: 'T3.Micro' }],
    ['a type that only an apply tells', 'aws_instance', { instance_type: '${data.aws_ssm_parameter.type.value}' }],
    ['a condition', 'aws_instance', { instance_type: '${true ? "t3.micro" : "m6g.large"}' }],
    ['a lookup', 'aws_instance', { instance_type: '${lookup({"a" = "t3.micro"}, "a", "m6g.large")}' }],
  ])('%s', async (_, type, body) => expect(await caught(type, body)).not.toEqual([]));
});

describe('no false alarm', () => {
  test.each<[string, string, Blocks]>([
    ['a class at full speed', 'aws_instance', { instance_type: 'm6g.large' }],
    ['Trainium is no T class', 'aws_instance', { instance_type: 'trn1.2xlarge' }],
    [
      'types that are kept out',
      'aws_ec2_fleet',
      { launch_template_config: { override: { instance_requirements: { excluded_instance_types: ['t3.*'] } } } },
    ],
    ['a name', 'aws_instance', { instance_type: 'm6g.large', tags: { Name: 'was t3.micro' } }],
    [
      'a policy that forbids them',
      'aws_iam_policy',
      { policy: '{"Condition":{"StringLike":{"ec2:InstanceType":"t3.micro"}}}' },
    ],
  ])('%s', async (_, type, body) => expect(await caught(type, body)).toEqual([]));
});
