/** Where a usage moves the answer: at how many GB a month the dearer build becomes the cheaper one. */
import { price } from '../../catalog';
import type { Platform, UsageRange, UsageSpec } from '../../spec/platform';
import { resolved, type Synthesize } from './compare';
import { estimate } from './estimate';

export interface Crossover {
  /** What is compared: `Amazon MSK against Kafka on EC2`. */
  readonly between: string;
  readonly usage: keyof UsageSpec;
  /** Units of the usage per month above which `cheaperAbove` wins; undefined when it never does. */
  readonly at?: number;
  readonly cheaperAbove: string;
  readonly why: string;
}

/** Far enough out that cents do not blur a price of a thousandth of a dollar. */
const FAR = 1e6;

const exactly = (value: number): UsageRange => ({ low: value, likely: value, high: value });

/** The line that a build's price follows in one usage: USD per month at none of it, and per unit. */
async function lineIn(usage: keyof UsageSpec, platform: Platform, synthesize: Synthesize, today: string) {
  const project = await resolved(platform, synthesize);
  const at = (value: number) =>
    estimate(project, { usage: { ...platform.usage, [usage]: exactly(value) }, today }).monthly.likely;
  const none = at(0);
  return { none, each: (at(FAR) - none) / FAR };
}

/** Amazon MSK does not bill what its brokers copy to each other between zones; EC2 does, twice a GB produced, both ways. */
export async function kafkaCrossover(base: Platform, synthesize: Synthesize, today: string): Promise<Crossover> {
  const on = (engine: 'ec2' | 'msk') => {
    const instance = base.kafka.engine === engine ? base.kafka.instance : undefined;
    return lineIn('producedGb', { ...base, kafka: { ...base.kafka, engine, instance } }, synthesize, today);
  };
  const [ec2, msk] = [await on('ec2'), await on('msk')];
  const saved = ec2.each - msk.each;
  return {
    between: 'Kafka on EC2 and Amazon MSK',
    usage: 'producedGb',
    at: saved <= 0 ? undefined : Math.max(0, Math.round((msk.none - ec2.none) / saved)),
    cheaperAbove: 'Amazon MSK',
    why: `MSK costs ${(msk.none - ec2.none).toFixed(2)} USD more a month, and saves ${saved.toFixed(3)} of replication traffic a GB produced`,
  };
}

/**
 * A gateway in each zone spares the traffic that would cross to the only one: two thirds of it with three zones, billed both
 * ways. The estimate itself leaves that traffic to `usage.interZoneGb`.
 */
export async function natCrossover(base: Platform, synthesize: Synthesize, today: string): Promise<Crossover> {
  const costs = async (egress: Platform['network']['egress']) =>
    (await lineIn('natGb', { ...base, network: { ...base.network, egress } }, synthesize, today)).none;
  const more = (await costs('nat-per-zone')) - (await costs('single-nat'));
  const { zones } = base.network;
  const spared = ((zones - 1) / zones) * 2 * price('transferInterAz.gbEachDirection', base.region).usd;
  return {
    between: 'one NAT gateway and one in each zone',
    usage: 'natGb',
    at: Math.round(more / spared),
    cheaperAbove: 'a NAT gateway in each zone',
    why: `${zones - 1} more gateways cost ${more.toFixed(2)} USD a month, and spare ${spared.toFixed(4)} a GB that would cross zones to the only one`,
  };
}
