/** The base instance of each generation with its price, for machines, database and brokers: what the choosers chose from. */
import { choose, generations } from '../catalog';
import type { InstanceService } from '../spec/facts';
import type { InstanceRequirement, Platform } from '../spec/platform';
import { usd } from './bill';
import type { Paint } from './paint';
import { table, type Cell } from './table';

const HEADS = [
  'generation',
  'type',
  'processor',
  'vCPU',
  'GiB',
  'USD an hour',
  'USD a month',
  'over cheapest',
  'zones',
  '',
];
const RIGHT = ['generation', 'vCPU', 'GiB', 'USD an hour', 'USD a month', 'over cheapest', 'zones'];

/** @returns text without a closing newline */
export function generationTables(platform: Platform, paint: Paint): string {
  const choices = choose(platform);
  const parts: readonly (readonly [string, InstanceRequirement, InstanceService, string])[] = [
    [
      'machines (Kubernetes, MongoDB, services, Kafka on EC2)',
      platform.kubernetes.nodes,
      'ec2',
      choices.kubernetes.type,
    ],
    ['PostgreSQL on RDS, an hour of Single-AZ', platform.postgres, 'rds', choices.postgres.type],
    ['brokers of Amazon MSK', platform.kafka, 'msk', platform.kafka.engine === 'msk' ? choices.kafka.type : ''],
  ];
  return parts
    .map(([what, requirement, service, chosen]) => {
      const wanted = `${requirement.vcpu} vCPU and ${requirement.memoryGiB} GiB`;
      const heading = `${paint.bold(what)}: the smallest of each family with ${wanted}, not burstable, in ${platform.region}`;
      return `${heading}\n${rowsOf(platform, requirement, service, chosen, paint)}`;
    })
    .join('\n\n');
}

function rowsOf(
  { region, network }: Platform,
  requirement: InstanceRequirement,
  service: InstanceService,
  chosen: string,
  paint: Paint,
): string {
  const rows = generations(requirement, region, service, network.zoneIds ?? network.zones).map((row): Cell[] => [
    String(row.generation),
    row.name === chosen ? paint.green(row.name) : row.name,
    `${row.type.vendor}, ${row.type.architecture}`,
    String(row.type.vcpu),
    String(row.type.memoryGiB),
    row.hourly.usd.toLocaleString('en-US', { minimumFractionDigits: 4, maximumFractionDigits: 6 }),
    usd(row.monthlyUsd),
    row.overCheapest === 0 ? 'cheapest' : `+${(100 * row.overCheapest).toFixed(1)} %`,
    String(row.zoneIds.length),
    [
      ...(row.name === chosen ? [paint.green('chosen')] : []),
      ...(row.eligible ? [] : [paint.yellow('in too few zones')]),
      ...(row.hourly.confidence === 'estimate' ? [paint.dim('price estimated')] : []),
    ].join(', '),
  ]);
  return table(
    HEADS.map((head) => ({ head, align: RIGHT.includes(head) ? ('right' as const) : ('left' as const) })),
    rows,
  );
}
