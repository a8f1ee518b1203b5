/**
 * Traffic that no resource states: to the internet, between zones, and the copies that Kafka makes of what is produced.
 * Billed to the account, so these lines bear the name of the usage they come from.
 */
import { price } from '../../catalog';
import type { UsageRange, UsageSpec } from '../../spec/platform';
import { boolean, type Instance, type ResolvedProject } from '../terraform';
import { billLine } from './bill-line';
import type { CostLine } from './line';
import { purposeOf } from './purpose';

/** A month's first GB to the internet that AWS gives away, account-wide. */
const FREE_EGRESS_GB = 100;
/** Where each egress price ends, in GB a month (TB of 1,024 GB, counted after the free GB). */
const EGRESS_TIERS: readonly (readonly [item: string, upToGb: number])[] = [
  ['transferInternetOut.gb', 10 * 1024],
  ['transferInternetOut.next40Tb', 50 * 1024],
  ['transferInternetOut.next100Tb', 150 * 1024],
  ['transferInternetOut.above150Tb', Infinity],
];
/** A byte that crosses zones is billed where it leaves and where it enters. */
const DIRECTIONS = 2;
/** Each record is kept three times: the leader sends it to two followers, each in another zone. */
const KAFKA_FOLLOWERS = 2;

const MACHINES = ['aws_instance', 'aws_eks_node_group', 'aws_db_instance', 'aws_msk_cluster', 'aws_autoscaling_group'];

/** Machines of the project's own that are Kafka brokers. */
export function kafkaBrokersOnEc2(project: ResolvedProject): Instance[] {
  return project.ofType('aws_instance').filter((one) => purposeOf(one) === 'Kafka');
}

export function trafficLines(project: ResolvedProject, usage: UsageSpec, fallbackRegion?: string): CostLine[] {
  const firstOf = (types: readonly string[]) => types.flatMap((type) => project.ofType(type)).at(0);
  const machine = firstOf(MACHINES);
  const broker = kafkaBrokersOnEc2(project).at(0);
  const facing =
    firstOf(['aws_internet_gateway', 'aws_nat_gateway']) ??
    project.ofType('aws_lb').find((one) => boolean(one.values.internal) !== true);
  const regionOf = (one: Instance) => project.region(one.resource) ?? fallbackRegion;

  const lines: CostLine[] = [];
  const add = (instance: Instance | undefined, make: (stack: string, region: string) => CostLine[]) => {
    const region = instance === undefined ? undefined : regionOf(instance);
    if (instance !== undefined && region !== undefined) lines.push(...make(instance.resource.stack, region));
  };
  add(machine, (stack, region) => [
    betweenZones(
      stack,
      region,
      usage.interZoneGb,
      1,
      'usage.interZoneGb',
      'traffic between zones',
      'both directions are billed',
    ),
  ]);
  add(broker, (stack, region) => [
    betweenZones(
      stack,
      region,
      usage.producedGb,
      KAFKA_FOLLOWERS,
      'usage.producedGb',
      'Kafka replication between zones',
      'three copies: two cross zones, both directions are billed; Amazon MSK would not bill them',
    ),
  ]);
  add(facing, (stack, region) => egress(stack, region, usage.egressGb));
  return lines;
}

function betweenZones(
  stack: string,
  region: string,
  usage: UsageRange,
  copies: number,
  address: string,
  item: string,
  reason: string,
): CostLine {
  const perGb = price('transferInterAz.gbEachDirection', region);
  const amount = (gb: number) => gb * copies * DIRECTIONS * perGb.usd;
  return billLine(
    { stack, address, purpose: 'Traffic' },
    {
      item,
      price: perGb,
      quantity: usage.likely * copies * DIRECTIONS,
      unit: 'GB',
      basis: 'assumed',
      reason: `${address} ${usage.likely}: ${reason}`,
      amounts: { low: amount(usage.low), likely: amount(usage.likely), high: amount(usage.high) },
    },
  );
}

/** One line for each tier that the likely or the high usage reaches, so that every line is quantity × price. */
function egress(stack: string, region: string, usage: UsageRange): CostLine[] {
  let from = 0;
  return EGRESS_TIERS.flatMap(([item, upTo], index) => {
    const within = (gb: number) => Math.max(0, Math.min(gb - FREE_EGRESS_GB, upTo) - from);
    const [low, likely, high] = [within(usage.low), within(usage.likely), within(usage.high)] as const;
    const perGb = price(item, region);
    from = upTo;
    if (high === 0 && index > 0) return [];
    return [
      billLine(
        { stack, address: 'usage.egressGb', purpose: 'Traffic' },
        {
          item: 'traffic to the internet',
          price: perGb,
          quantity: likely,
          unit: 'GB',
          basis: high === 0 ? 'zero' : 'assumed',
          reason: `usage.egressGb ${usage.likely}: the first ${FREE_EGRESS_GB} are free`,
          amounts: { low: low * perGb.usd, likely: likely * perGb.usd, high: high * perGb.usd },
        },
      ),
    ];
  });
}
