/** Every line of a bill that was worked by hand, in five shapes and four regions, within a cent. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CostLine } from '../../../../modules/checks/cost';
import { exactly, priced, sumOf, type Resources } from './project';

const WORKED = readFileSync(join(__dirname, 'worked-by-hand.md'), 'utf8');
const REGIONS = ['us-east-1', 'us-east-2', 'us-west-2', 'ca-central-1'];

interface Scenario {
  readonly heading: string;
  readonly worker: string;
  readonly kafka: 'strimzi' | { readonly msk: string } | { readonly ec2: string };
  readonly postgres: { readonly ec2: string } | { readonly rds: string; readonly multiAz: boolean };
  readonly mongodb: string;
  readonly nats: number;
  readonly interZoneGb: number;
}

const SCENARIOS: readonly Scenario[] = [
  {
    heading: 'a naive',
    worker: 'm5.large',
    kafka: { msk: 'kafka.m5.large' },
    postgres: { rds: 'db.m5.large', multiAz: true },
    mongodb: 'r5.large',
    nats: 3,
    interZoneGb: 500,
  },
  {
    heading: 'b1 managed Graviton',
    worker: 'm6g.large',
    kafka: { msk: 'kafka.m7g.large' },
    postgres: { rds: 'db.m6g.large', multiAz: true },
    mongodb: 'r6g.large',
    nats: 1,
    interZoneGb: 600,
  },
  {
    heading: 'b2 cheap Graviton',
    worker: 'm6g.large',
    kafka: { ec2: 'm6g.large' },
    postgres: { rds: 'db.m6g.large', multiAz: false },
    mongodb: 'r6g.large',
    nats: 1,
    interZoneGb: 900,
  },
  {
    heading: 'b3 floor',
    worker: 'm6g.large',
    kafka: 'strimzi',
    postgres: { ec2: 'm6g.large' },
    mongodb: 'm6g.large',
    nats: 1,
    interZoneGb: 900,
  },
  {
    heading: 'b4 gen7 Graviton',
    worker: 'm7g.large',
    kafka: { ec2: 'm7g.large' },
    postgres: { rds: 'db.m7g.large', multiAz: false },
    mongodb: 'r7g.large',
    nats: 1,
    interZoneGb: 900,
  },
];

const gp3 = (size: number) => ({ volume_type: 'gp3', volume_size: size });
const machines = (count: number, type: string, rootGb: number) => ({
  count,
  instance_type: type,
  root_block_device: gp3(rootGb),
});
const volumes = (count: number, size: number) => ({ count, type: 'gp3', size, availability_zone: 'a' });

function resourcesOf({ worker, kafka, postgres, mongodb, nats }: Scenario): Resources {
  const instances: Record<string, object> = { mongodb: machines(3, mongodb, 20), service: machines(4, worker, 30) };
  const disks: Record<string, object> = { mongodb: volumes(3, 100) };
  const more: Record<string, object> = {};
  if (kafka === 'strimzi') disks.strimzi = volumes(3, 100);
  else if ('ec2' in kafka) {
    instances.kafka = machines(3, kafka.ec2, 20);
    disks.kafka = volumes(3, 100);
  } else {
    more.aws_msk_cluster = {
      kafka: {
        number_of_broker_nodes: 3,
        broker_node_group_info: {
          instance_type: kafka.msk,
          storage_info: { ebs_storage_info: { volume_size: 100 } },
        },
      },
    };
  }
  if ('ec2' in postgres) instances.postgres = machines(1, postgres.ec2, 120);
  else {
    more.aws_db_instance = {
      postgres: {
        engine: 'postgres',
        engine_version: '17',
        instance_class: postgres.rds,
        multi_az: postgres.multiAz,
        allocated_storage: 100,
        storage_type: 'gp3',
      },
    };
  }
  return {
    ...more,
    aws_instance: instances,
    aws_ebs_volume: disks,
    aws_eks_cluster: { platform: { version: '1.36' } },
    aws_launch_template: { worker: { instance_type: worker, block_device_mappings: { ebs: gp3(50) } } },
    aws_eks_node_group: {
      worker: { scaling_config: { desired_size: 3 }, launch_template: { id: '${aws_launch_template.worker.id}' } },
    },
    aws_eip: { nat: { count: nats } },
    aws_nat_gateway: { nat: { count: nats, allocation_id: '${aws_eip.nat[count.index].id}' } },
    aws_lb: { entry: { load_balancer_type: 'application', subnets: ['a', 'b', 'c'] } },
    aws_cloudwatch_log_group: { platform: { retention_in_days: 30 } },
    aws_kms_key: { data: {}, state: {} },
    aws_secretsmanager_secret: { a: {}, b: {}, c: {}, d: {} },
    aws_s3_bucket: { state: {} },
  } as unknown as Resources;
}

/** Which lines each row of the worked bill stands for. */
const ROWS: readonly (readonly [row: RegExp, address: RegExp, item: RegExp])[] = [
  [/^EKS control plane/, /^aws_eks_cluster/, /./],
  [/^EKS workers/, /^aws_eks_node_group/, /^EC2/],
  [/^MSK 3/, /^aws_msk_cluster/, /broker/],
  [/^MSK storage/, /^aws_msk_cluster/, /storage/],
  [/^RDS PostgreSQL/, /^aws_db_instance/, /^RDS PostgreSQL/],
  [/^RDS gp3/, /^aws_db_instance/, /^RDS storage/],
  [/^MongoDB 3/, /^aws_instance.mongodb/, /^EC2/],
  [/^Mongo EBS/, /mongodb/, /^EBS/],
  [/^Kafka on EC2/, /^aws_instance.kafka/, /^EC2/],
  [/^Kafka EBS/, /kafka/, /^EBS/],
  [/^Kafka on EKS/, /strimzi/, /^EBS/],
  [/^PostgreSQL on EC2/, /^aws_instance.postgres/, /^EC2/],
  [/^PG EBS/, /postgres/, /^EBS/],
  [/^Service nodes/, /^aws_instance.service/, /^EC2/],
  [/^Node root EBS/, /^aws_(eks_node_group|instance.service)/, /^EBS/],
  [/^NAT gateway x/, /^aws_nat/, /^NAT gateway/],
  [/^NAT data/, /^aws_nat/, /^NAT data/],
  [/^Public IPv4/, /./, /^public IPv4/],
  [/^ALB/, /^aws_lb/, /^application/],
  [/^Inter-AZ/, /interZone/, /./],
  [/^Logs/, /log_group/, /./],
  [/^KMS/, /^aws_(kms_key|secretsmanager_secret|s3_bucket)/, /./],
];

/** The rows of a scenario's table: label → figures by region. */
function workedRows(heading: string): Map<string, number[]> {
  const section = WORKED.split('\n## ').find((text) => text.startsWith(heading)) ?? '';
  const rows = [...section.matchAll(/^\| (?!line)(.+?) \| ([\d,.]+) \| ([\d,.]+) \| ([\d,.]+) \| ([\d,.]+) \|$/gm)];
  return new Map(
    [
      ...rows,
      ...section.matchAll(
        /^\| (\*\*total\*\*) \| \*\*(.+?)\*\* \| \*\*(.+?)\*\* \| \*\*(.+?)\*\* \| \*\*(.+?)\*\* \|$/gm,
      ),
    ].map(([, label, ...figures]) => [label as string, figures.map((figure) => Number(figure.replace(',', '')))]),
  );
}

const rowOf = (line: CostLine) =>
  ROWS.filter(([, address, item]) => address.test(line.address) && item.test(line.item)).map(([row]) => row);

describe.each(SCENARIOS)('$heading', (scenario) => {
  const worked = workedRows(scenario.heading);

  test.each(REGIONS)('%s', async (region) => {
    const { lines, monthly, unpriced } = await priced(resourcesOf(scenario), {
      region,
      usage: {
        natGb: exactly(200),
        interZoneGb: exactly(scenario.interZoneGb),
        logsGb: exactly(20),
        lcu: exactly(1),
      },
    });
    expect(unpriced).toEqual([]);
    const column = REGIONS.indexOf(region);
    const costly = lines.filter((line) => line.monthly > 0);
    for (const line of costly)
      expect([line.address, line.item, rowOf(line).length]).toEqual([line.address, line.item, 1]);

    const rows = [...worked].filter(([label]) => label !== '**total**');
    expect(rows.length).toBeGreaterThanOrEqual(16);
    for (const [label, figures] of rows) {
      const ours = sumOf(costly.filter((line) => rowOf(line).some((row) => row.test(label))));
      expect([label, Math.abs(ours - (figures[column] as number)) < 0.0101, ours]).toEqual([label, true, ours]);
    }
    // The worked total was rounded once, ours is the sum of lines in cents.
    expect(Math.abs(monthly.likely - (worked.get('**total**')?.[column] ?? NaN))).toBeLessThan(0.0301);
  });
});
