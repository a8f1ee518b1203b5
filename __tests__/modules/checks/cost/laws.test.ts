/** Laws that every bill obeys, whatever the prices. */
import fc from 'fast-check';
import { price, PRICED_REGIONS } from '../../../../modules/catalog';
import type { CostLine } from '../../../../modules/checks/cost';
import type { Json } from '../../../../modules/checks/terraform';
import { exactly, priced, sumOf, type Resources } from './project';

const USAGE = {
  natGb: { low: 10, likely: 200, high: 900 },
  producedGb: { low: 1, likely: 150, high: 7000 },
  egressGb: { low: 0, likely: 333, high: 20_000 },
  interZoneGb: { low: 5, likely: 100, high: 400 },
  logsGb: { low: 1, likely: 20, high: 70 },
  lcu: { low: 0.1, likely: 1, high: 3 },
  snapshotGb: { low: 0, likely: 10, high: 100 },
};

const machine = (type: string, more: Record<string, Json> = {}) => ({
  instance_type: type,
  root_block_device: { volume_type: 'gp3', volume_size: 30 },
  ...more,
});
const database = (more: Record<string, Json> = {}) => ({
  engine: 'postgres',
  engine_version: '17',
  instance_class: 'db.m6g.large',
  storage_type: 'gp3',
  allocated_storage: 100,
  multi_az: false,
  ...more,
});
const cost = async (resources: Resources, region?: string) => sumOf((await priced(resources, { region })).lines);

const TYPES = ['m6g.large', 'm7g.xlarge', 'r6g.large', 'c6g.2xlarge', 'm5.large'] as const;

test('n machines cost n times one, by count, by for_each, or one by one', async () => {
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...TYPES), fc.integer({ min: 1, max: 12 }), async (type, n) => {
      const one = await cost({ aws_instance: { a: machine(type) } });
      const keys = Array.from({ length: n }, (_, index) => `k${index}`);
      const counted = await cost({ aws_instance: { a: machine(type, { count: n }) } });
      const each = await cost({ aws_instance: { a: machine(type, { for_each: keys }) } } as Resources);
      const apart = await cost({ aws_instance: Object.fromEntries(keys.map((key) => [key, machine(type)])) });
      for (const many of [counted, each, apart]) expect(many).toBeCloseTo(n * one, 6);
    }),
    { numRuns: 25 },
  );
});

test('count 0 costs nothing', async () => {
  expect(await cost({ aws_instance: { a: machine('m6g.large', { count: 0 }) } })).toBe(0);
});

test('an xlarge costs two of the large, a 2xlarge four', async () => {
  const root = sumOf(
    (await priced({ aws_instance: { a: machine('m6g.large') } })).lines.filter((l) => l.item.startsWith('EBS')),
  );
  const size = async (name: string) => (await cost({ aws_instance: { a: machine(`m6g.${name}`) } })) - root;
  expect(await size('xlarge')).toBeCloseTo(2 * (await size('large')), 6);
  expect(await size('2xlarge')).toBeCloseTo(4 * (await size('large')), 6);
});

test('Multi-AZ costs two of Single-AZ, instance and storage', async () => {
  const single = await cost({ aws_db_instance: { a: database() } });
  expect(await cost({ aws_db_instance: { a: database({ multi_az: true }) } })).toBeCloseTo(2 * single, 6);
});

test('a node group costs its machines', async () => {
  const groups = {
    aws_launch_template: {
      a: { instance_type: 'm6g.large', block_device_mappings: { ebs: { volume_type: 'gp3', volume_size: 30 } } },
    },
    aws_eks_node_group: {
      a: { scaling_config: { desired_size: 3 }, launch_template: { id: '${aws_launch_template.a.id}' } },
    },
  };
  expect(await cost(groups as unknown as Resources)).toBeCloseTo(
    await cost({ aws_instance: { a: machine('m6g.large', { count: 3 }) } }),
    6,
  );
});

test.each(PRICED_REGIONS)(
  'in %s each line is the line of us-east-1 times the ratio of the two prices',
  async (region) => {
    const resources: Resources = {
      aws_instance: { a: machine('m6g.large') },
      aws_db_instance: { a: database() },
      aws_eks_cluster: { a: { version: '1.36' } },
      aws_nat_gateway: { a: { allocation_id: 'x' } },
      aws_lb: { a: { load_balancer_type: 'application', subnets: ['a', 'b', 'c'] } },
      aws_kms_key: { a: {} },
    };
    const [there, here] = await Promise.all([
      priced(resources, { region, usage: USAGE }),
      priced(resources, { usage: USAGE }),
    ]);
    expect(there.lines.length).toBe(here.lines.length);
    there.lines.forEach((line, index) => {
      const original = here.lines[index] as CostLine;
      if (line.basis === 'zero') return;
      const ratio = price(line.priceItem, region).usd / price(line.priceItem, 'us-east-1').usd;
      // Both are in cents: half a cent each.
      expect([line.item, Math.abs(line.monthly - original.monthly * ratio) < 0.0121]).toEqual([line.item, true]);
    });
  },
);

describe('a bill adds up', () => {
  const resources: Resources = {
    aws_instance: {
      kafka: machine('m6g.large', { count: 3 }),
      b: machine('m7g.large', { associate_public_ip_address: true }),
    },
    aws_nat_gateway: { a: { count: 3, allocation_id: 'x' } },
    aws_internet_gateway: { a: {} },
    aws_cloudwatch_log_group: { a: { count: 7, retention_in_days: 90 } },
    aws_dlm_lifecycle_policy: { a: { count: 3 } },
    aws_lb: { a: { load_balancer_type: 'application', subnets: ['a', 'b', 'c'] } },
  };
  test('each line is quantity × unit price, the total is the lines, a year is twelve months', async () => {
    const { lines, monthly, yearly } = await priced(resources, { usage: USAGE });
    for (const line of lines)
      expect([line.item, Math.abs(line.monthly - line.quantity * line.unitPrice) < 0.0101]).toEqual([line.item, true]);
    expect(monthly.likely).toBeCloseTo(
      lines.reduce((sum, line) => sum + line.monthly, 0),
      6,
    );
    expect(monthly.low).toBeCloseTo(
      lines.reduce((sum, line) => sum + line.low, 0),
      6,
    );
    expect(monthly.high).toBeCloseTo(
      lines.reduce((sum, line) => sum + line.high, 0),
      6,
    );
    expect(yearly.likely).toBeCloseTo(12 * monthly.likely, 4);
  });
  test('low ≤ likely ≤ high on every line; only usage moves', async () => {
    const { lines, monthly } = await priced(resources, { usage: USAGE });
    for (const { item, low, monthly: likely, high, basis } of lines) {
      expect([item, low <= likely && likely <= high]).toEqual([item, true]);
      if (basis === 'priced') expect([low, high]).toEqual([likely, likely]);
    }
    expect(monthly.low).toBeLessThan(monthly.likely);
    expect(monthly.high).toBeGreaterThan(monthly.likely);
  });
  test('a usage is shared, not multiplied: seven log groups ingest the GB of one', async () => {
    const gbOf = (lines: readonly CostLine[]) =>
      lines.filter((line) => line.item.endsWith('ingested')).reduce((sum, line) => sum + line.quantity, 0);
    const { lines } = await priced(resources, { usage: { logsGb: exactly(20) } });
    expect(gbOf(lines)).toBeCloseTo(20, 9);
  });
  test('nothing is 0 in silence', async () => {
    const { lines } = await priced({ ...resources, aws_vpc: { a: {} }, aws_iam_role: { r: {} } }, { usage: USAGE });
    for (const line of lines) {
      if (line.monthly === 0 && line.high === 0)
        expect([line.item, line.basis, line.reason !== '']).toEqual([line.item, 'zero', true]);
      else expect([line.item, line.source !== '' && line.asOf !== '']).toEqual([line.item, true]);
      if (line.basis === 'assumed') expect(line.reason).not.toBe('');
    }
  });
});

test('a copy of for_each is priced by its own launch template', async () => {
  const { lines } = await priced({
    aws_launch_template: { t: { for_each: { a: 'm6g.large', b: 'm6g.2xlarge' }, instance_type: '${each.value}' } },
    aws_autoscaling_group: { g: { min_size: 1, launch_template: { id: '${aws_launch_template.t["b"].id}' } } },
  });
  expect(lines.map(({ item }) => item)).toContain('EC2 m6g.2xlarge, on demand');
});

test('what is bought by zone or copy in resources of their own is counted', async () => {
  const { lines } = await priced({
    aws_vpc_endpoint: { e: { vpc_endpoint_type: 'Interface' }, other: { vpc_endpoint_type: 'Interface' } },
    aws_vpc_endpoint_subnet_association: { a: { count: 3, vpc_endpoint_id: '${aws_vpc_endpoint.e.id}' } },
    aws_nat_gateway: { n: { availability_mode: 'regional', availability_zone_address: [{}, {}] } },
    aws_secretsmanager_secret: { s: { replica: [{ region: 'us-east-2' }, { region: 'us-west-2' }] } },
  });
  const cost = (address: string) => sumOf(lines.filter((line) => line.address === address));
  expect(
    ['aws_vpc_endpoint.e', 'aws_vpc_endpoint.other', 'aws_nat_gateway.n', 'aws_secretsmanager_secret.s'].map(cost),
  ).toEqual([21.9, 7.3, 65.7, 1.2]);
});
