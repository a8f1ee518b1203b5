/** What has no price fails by type, attribute and place; it is never 0. */
import { loadTerraform, resolveProject, type Json } from '../../../../modules/checks/terraform';
import { estimate } from '../../../../modules/checks/cost';
import { NO_USAGE, priced, TODAY, type Resources } from './project';

const group = (more: Record<string, Json>) => ({
  scaling_config: { desired_size: 1 },
  instance_types: ['m6g.large'],
  ...more,
});
const postgres = (more: Record<string, Json>) => ({
  engine: 'postgres',
  instance_class: 'db.m6g.large',
  allocated_storage: 100,
  ...more,
});
const broker = (info: Record<string, Json>, more: Record<string, Json> = {}) => ({
  number_of_broker_nodes: 3,
  broker_node_group_info: {
    instance_type: 'kafka.m7g.large',
    storage_info: { ebs_storage_info: { volume_size: 10 } },
    ...info,
  },
  ...more,
});

test.each<[string, Json & object, string, RegExp]>([
  ['aws_lambda_function', {}, 'type', /neither a price nor a declared zero/],
  ['google_compute_instance', {}, 'type', /google_compute_instance has neither/],
  [
    'aws_instance',
    { instance_type: 't3.micro' },
    'instance_type',
    /ec2.t3.micro in us-east-1: the type is not in the catalogue/,
  ],
  ['aws_instance', { instance_type: 'p5.48xlarge' }, 'instance_type', /p5.48xlarge/],
  ['aws_instance', {}, 'instance_type', /instance_type is missing/],
  ['aws_instance', { instance_type: '${var.type}' }, 'instance_type', /known only at apply/],
  ['aws_instance', { instance_type: 'm6g.large', tenancy: 'dedicated' }, 'tenancy', /prices of its own/],
  [
    'aws_instance',
    { instance_type: 'm6g.large', instance_market_options: { market_type: 'spot' } },
    'instance_market_options',
    /Spot/,
  ],
  ['aws_instance', { instance_type: 'm6g.large', count: '${var.n}' }, 'count', /known only at apply/],
  ['aws_instance', { instance_type: 'm6g.large', count: -1 }, 'count', /is -1, and that is no number of copies/],
  ['aws_instance', { instance_type: 'm6g.large', count: '1.5' }, 'count', /is "1.5", and that is no number/],
  ['aws_instance', { instance_type: 'm6g.large', for_each: '${var.names}' }, 'for_each', /known only at apply/],
  [
    'aws_instance',
    { instance_type: 'm6g.large', root_block_device: { volume_size: -1 } },
    'root_block_device.volume_size',
    /below zero/,
  ],
  [
    'aws_instance',
    { instance_type: 'm6g.large', launch_template: { id: 'lt-1' } },
    'launch_template',
    /not in this project/,
  ],
  ['aws_ebs_volume', { size: '${var.size}' }, 'size', /known only at apply/],
  ['aws_ebs_volume', {}, 'size', /size is missing/],
  ['aws_ebs_volume', { size: 10, type: 'gp9' }, 'type', /ebs.gp9.gbMonth/],
  ['aws_ebs_volume', { size: 10, type: 'io2' }, 'iops', /billed by IOPS/],
  ['aws_eks_node_group', group({ capacity_type: 'SPOT' }), 'capacity_type', /SPOT has no list price/],
  ['aws_eks_node_group', { instance_types: ['m6g.large'] }, 'scaling_config.desired_size', /missing/],
  [
    'aws_eks_node_group',
    group({ scaling_config: { desired_size: '${var.n}' } }),
    'scaling_config.desired_size',
    /apply/,
  ],
  [
    'aws_eks_node_group',
    group({ instance_types: undefined as unknown as Json }),
    'instance_types',
    /EKS would take t3.medium/,
  ],
  ['aws_eks_cluster', { version: '1.20' }, 'version', /EKS 1.20 is not in the catalogue/],
  ['aws_eks_cluster', { version: '1.36', compute_config: { enabled: true } }, 'compute_config', /Auto Mode/],
  ['aws_eks_fargate_profile', {}, 'type', /Fargate/],
  ['aws_db_instance', postgres({ engine: 'mysql' }), 'engine', /RDS for mysql/],
  [
    'aws_db_instance',
    postgres({ instance_class: 'db.t3.micro' }),
    'instance_class',
    /db.t3.micro is not in the catalogue/,
  ],
  ['aws_db_instance', postgres({ instance_class: 'db.m8g.large' }), 'instance_class', /db.m8g.large/],
  ['aws_db_instance', postgres({ engine_version: '9.6' }), 'engine_version', /PostgreSQL 9/],
  ['aws_db_instance', postgres({ storage_type: 'io2' }), 'storage_type', /rds.io2/],
  ['aws_db_instance', postgres({ allocated_storage: null }), 'allocated_storage', /missing/],
  ['aws_db_instance', postgres({ multi_az: '${var.ha}' }), 'multi_az', /known only at apply/],
  [
    'aws_db_instance',
    postgres({ performance_insights_enabled: true, performance_insights_retention_period: 731 }),
    'performance_insights_retention_period',
    /beyond 7 days/,
  ],
  [
    'aws_msk_cluster',
    broker({ instance_type: 'kafka.m6g.large' }),
    'broker_node_group_info.instance_type',
    /not in the catalogue/,
  ],
  [
    'aws_msk_cluster',
    broker({ storage_info: {} }),
    'broker_node_group_info.storage_info.ebs_storage_info.volume_size',
    /missing/,
  ],
  ['aws_msk_cluster', broker({}, { storage_mode: 'TIERED' }), 'storage_mode', /tiered/],
  ['aws_msk_serverless_cluster', {}, 'type', /Serverless/],
  ['aws_lb', { load_balancer_type: 'gateway', subnets: ['a'] }, 'load_balancer_type', /gateway load balancers/],
  ['aws_lb', { load_balancer_type: 'application' }, 'subnets', /how many zones/],
  ['aws_vpc_endpoint', { vpc_endpoint_type: 'GatewayLoadBalancer' }, 'vpc_endpoint_type', /gatewayloadbalancer/],
  ['aws_acm_certificate', { certificate_authority_arn: 'arn:x' }, 'certificate_authority_arn', /private authority/],
  ['aws_autoscaling_group', { min_size: 1, mixed_instances_policy: {} }, 'mixed_instances_policy', /run time/],
  ['aws_eip', { for_each: 'abc' }, 'for_each', /is "abc", and that is no number of copies/],
  ['aws_ebs_volume', { size: '${"many" * 2}' }, 'size', /is \$\{"many" \* 2\}/],
  [
    'aws_msk_cluster',
    broker({
      storage_info: { ebs_storage_info: { volume_size: 10, provisioned_throughput: { enabled: '${var.fast}' } } },
    }),
    'broker_node_group_info.storage_info.ebs_storage_info.provisioned_throughput.enabled',
    /known only at apply/,
  ],
  [
    'aws_msk_cluster',
    broker({ connectivity_info: { public_access: { type: '${var.access}' } } }),
    'broker_node_group_info.connectivity_info.public_access.type',
    /known only at apply/,
  ],
  [
    'aws_eks_cluster',
    { version: '1.36', control_plane_scaling_config: { tier: '${var.tier}' } },
    'control_plane_scaling_config.tier',
    /known only at apply/,
  ],
  ['aws_eks_cluster', { version: '1.36', compute_config: '${var.auto}' }, 'compute_config', /known only at apply/],
  ['aws_eks_node_group', group({ ami_type: 'WINDOWS_CORE_2022_x86_64' }), 'ami_type', /licence/],
  ['aws_nat_gateway', { availability_mode: 'regional' }, 'availability_mode', /billed by zones/],
  ['aws_cloudwatch_log_group', { log_group_class: 'INFREQUENT_ACCESS' }, 'log_group_class', /INFREQUENT_ACCESS/],
  ['aws_flow_log', { log_destination_type: 'kinesis-data-firehose' }, 'log_destination_type', /firehose/],
  ['aws_db_instance', postgres({ database_insights_mode: 'advanced' }), 'database_insights_mode', /by vCPU/],
  ['aws_db_instance', postgres({ dedicated_log_volume: true }), 'dedicated_log_volume', /log volume/],
])('%s %j: %s', async (type, body, attribute, message) => {
  const { unpriced, lines } = await priced({ [type]: { subject: body } } as Resources);
  expect(unpriced).toEqual([
    {
      stack: 'root',
      address: `${type}.subject`,
      type,
      attribute,
      message: expect.stringMatching(message),
      place: expect.stringMatching(/^main\.tf\.json:\d+$/),
    },
  ]);
  expect(lines.filter((line) => line.address === `${type}.subject`)).toEqual([]);
});

test('what a launch template buys is refused at what is launched from it', async () => {
  const from = (name: string) => ({ min_size: 1, launch_template: { id: `\${aws_launch_template.${name}.id}` } });
  const { unpriced } = await priced({
    aws_launch_template: {
      spot: { instance_type: 'm6g.large', instance_market_options: { market_type: 'spot' } },
      alone: { instance_type: 'm6g.large', placement: { tenancy: 'dedicated' } },
      many: { count: 2, instance_type: 'm6g.large' },
    },
    aws_autoscaling_group: {
      spot: from('spot'),
      alone: from('alone'),
      many: { min_size: 1, launch_template: { id: '${aws_launch_template.many[var.i].id}' } },
    },
  });
  expect(unpriced.map(({ address, attribute }) => `${address} ${attribute}`)).toEqual([
    'aws_autoscaling_group.spot instance_market_options',
    'aws_autoscaling_group.alone tenancy',
    'aws_autoscaling_group.many launch_template',
  ]);
});

test('arguments that are null are as if they were not there', async () => {
  const { unpriced, lines } = await priced({
    aws_db_instance: { a: postgres({ iops: null, engine_version: null, storage_type: null }) },
    aws_eks_cluster: { a: { version: null } },
  });
  expect(unpriced).toEqual([]);
  expect(lines.map(({ item }) => item)).toContain('RDS storage gp2, Single-AZ');
});

test('a region whose prices are not known fails each thing that is sold', async () => {
  const { unpriced } = await priced({ aws_nat_gateway: { a: {} }, aws_vpc: { v: {} } }, { region: 'eu-west-1' });
  expect(unpriced.filter((one) => one.type.startsWith('aws_')).map((one) => one.address)).toEqual([
    'aws_nat_gateway.a',
  ]);
});

test('no region at all', async () => {
  const files = new Map([['main.tf.json', JSON.stringify({ resource: { aws_kms_key: { a: {} } } })]]);
  const found = estimate(await resolveProject(loadTerraform(files)), { usage: NO_USAGE, today: TODAY });
  expect(found.unpriced.map((one) => [one.attribute, one.message])).toEqual([
    ['region', 'neither the resource nor its provider names a region'],
  ]);
});

test('what a module makes is not in the JSON', async () => {
  const files = new Map([
    ['main.tf.json', JSON.stringify({ module: { vpc: { source: 'terraform-aws-modules/vpc/aws' } } })],
  ]);
  const found = estimate(await resolveProject(loadTerraform(files)), { usage: NO_USAGE, today: TODAY });
  expect(found.unpriced.map((one) => one.address)).toEqual(['module.vpc']);
});

test('the place is the line of the attribute', async () => {
  const text = `{
  "provider": { "aws": { "region": "us-east-1" } },
  "resource": {
    "aws_instance": {
      "a": {
        "ami": "ami-1",
        "instance_type": "t3.micro"
      }
    }
  }
}`;
  const found = estimate(await resolveProject(loadTerraform(new Map([['main.tf.json', text]]))), {
    usage: NO_USAGE,
    today: TODAY,
  });
  expect(found.unpriced.map((one) => one.place)).toEqual(['main.tf.json:7']);
});

test('a free resource may be as many as it likes', async () => {
  const { unpriced, monthly } = await priced({ aws_subnet: { a: { count: '${var.n}' } } });
  expect([unpriced, monthly.likely]).toEqual([[], 0]);
});

test.each<[string, Json & object]>([
  ['aws_ebs_volume', { type: 'gp3', size: 0 }],
  ['aws_eks_node_group', { scaling_config: { desired_size: 0 }, instance_types: ['m6g.large'] }],
  ['aws_msk_cluster', broker({}, { number_of_broker_nodes: 0 })],
])('%s of none is a zero with its reason', async (type, body) => {
  const { lines, unpriced } = await priced({ [type]: { subject: body } } as Resources);
  const own = lines.filter((line) => line.address === `${type}.subject`);
  expect(unpriced).toEqual([]);
  expect(own.length).toBeGreaterThan(0);
  for (const line of own)
    expect([line.monthly, line.basis, line.reason]).toEqual([0, 'zero', expect.stringContaining('says 0')]);
});
