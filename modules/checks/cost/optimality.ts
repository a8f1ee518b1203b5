/**
 * Enumerates every legal configuration within the stated choices and shows that the default is the cheapest that loses no
 * data with a zone.
 *
 * The choices: Kafka's engine, NAT gateways, PostgreSQL's standby (each combination is synthesized), and for each the region,
 * the volume type, the base instance of every generation for the machines, and every class of RDS and MSK that meets the
 * requirement. These move no quantity, only unit prices, so those bills are the synthesized one with its prices replaced.
 */
import { choose, generations, NoPrice, price, PRICED_REGIONS, region as regionFact, classPrice } from '../../catalog';
import { Rejection } from '../../rejection';
import type { InstanceRequirement, Platform } from '../../spec/platform';
import { resolved, type Synthesize } from './compare';
import { estimate, type Estimate } from './estimate';
import type { CostLine } from './line';

export interface Configuration {
  readonly kafka: 'ec2' | 'msk';
  readonly egress: Platform['network']['egress'];
  readonly multiAz: boolean;
  readonly volumes: Platform['volumes'];
  readonly region: string;
  /** Type of every EC2 machine, class of PostgreSQL, class of the brokers when on MSK. */
  readonly machines: string;
  readonly database: string;
  readonly broker?: string;
  /** USD per month at the likely usage. */
  readonly monthly: number;
  /** Whether the loss of a zone can lose committed data: PostgreSQL without a standby does. */
  readonly losesData: boolean;
}

export interface Optimality {
  /** The configuration of the platform as it is. */
  readonly chosen: Configuration;
  readonly enumerated: number;
  readonly durable: number;
  /** Durable ones that cost less than the chosen one: none, if it is optimal. */
  readonly cheaper: readonly Configuration[];
  /** Durable ones at the same price to the cent. */
  readonly equal: readonly Configuration[];
  /** The cheapest that loses data with a zone: what durability costs. */
  readonly cheapestOfAll: Configuration;
}

/** Bills closer than this are the same price. */
const HALF_A_CENT = 0.005;

type Structure = Pick<Configuration, 'kafka' | 'egress' | 'multiAz'>;

const STRUCTURES: readonly Structure[] = (['ec2', 'msk'] as const).flatMap((kafka) =>
  (['single-nat', 'nat-per-zone'] as const).flatMap((egress) =>
    [true, false].map((multiAz) => ({ kafka, egress, multiAz })),
  ),
);

const VOLUMES: readonly Platform['volumes'][] = ['gp3', 'gp2'];

/** @param onEach told before each synthesis, for progress */
export async function proveOptimal(
  base: Platform,
  synthesize: Synthesize,
  today: string,
  onEach?: (done: number, of: number) => void,
): Promise<Optimality> {
  return judge(base, await enumerate(base, synthesize, today, onEach));
}

/** Every legal configuration with its price, in the order of the choices. */
export async function enumerate(
  base: Platform,
  synthesize: Synthesize,
  today: string,
  onEach: (done: number, of: number) => void = () => undefined,
): Promise<Configuration[]> {
  const found: Configuration[] = [];
  for (const [index, structure] of STRUCTURES.entries()) {
    onEach(index, STRUCTURES.length);
    const platform = withStructure(base, structure);
    const bill = estimate(await resolved(platform, synthesize), { usage: base.usage, today });
    const [failure] = bill.unpriced;
    if (failure !== undefined) {
      throw new Rejection(failure.address, failure.message, 'a configuration without a price cannot be compared');
    }
    found.push(...repriced(platform, structure, bill));
  }
  return found;
}

function withStructure(base: Platform, { kafka, egress, multiAz }: Structure): Platform {
  return {
    ...base,
    profile: kafka === 'msk' ? 'managed' : 'cheapest-durable',
    network: { ...base.network, egress },
    kafka: { ...base.kafka, engine: kafka, instance: kafka === base.kafka.engine ? base.kafka.instance : undefined },
    postgres: { ...base.postgres, multiAz },
  };
}

/** One bill under every region, volume type and class. */
function repriced(platform: Platform, structure: Structure, bill: Estimate): Configuration[] {
  const quantities = quantitiesOf(bill.lines);
  const choices = choose(platform);
  const { zones } = platform.network;
  const optionsOf = (requirement: InstanceRequirement, service: 'ec2' | 'rds' | 'msk', region: string) =>
    requirement.instance === undefined
      ? generations(requirement, region, service, zones).flatMap((row) => (row.eligible ? [row.name] : []))
      : [requirement.instance];

  const regions = PRICED_REGIONS.filter((name) => (regionFact(name)?.zoneIds.length ?? 0) >= zones);
  const found: Configuration[] = [];
  for (const region of regions) {
    const brokers = structure.kafka === 'msk' ? optionsOf(platform.kafka, 'msk', region) : [undefined];
    for (const volumes of VOLUMES) {
      for (const machines of optionsOf(platform.kubernetes.nodes, 'ec2', region)) {
        for (const database of optionsOf(platform.postgres, 'rds', region)) {
          for (const broker of brokers) {
            const replaced: Readonly<Record<string, string | undefined>> = {
              // Machines that were chosen for another requirement than the nodes' keep their type.
              [`ec2.${choices.kubernetes.type}`]: `ec2.${machines}`,
              [`rds.postgres.${choices.postgres.type}.singleAz`]: `rds.postgres.${database}.singleAz`,
              [`msk.${choices.kafka.type}`]: broker === undefined ? undefined : `msk.${broker}`,
              [`ebs.${platform.volumes}.gbMonth`]: `ebs.${volumes}.gbMonth`,
              [`rds.${platform.volumes}.gbMonth.singleAz`]: `rds.${volumes}.gbMonth.singleAz`,
            };
            const monthly = repricedTotal(quantities, (item) => unitPrice(replaced[item] ?? item, region));
            if (monthly === undefined) continue;
            const losesData = !structure.multiAz;
            found.push({ ...structure, region, volumes, machines, database, broker, monthly, losesData });
          }
        }
      }
    }
  }
  return found;
}

/** USD by the catalogue's item name, for classes of managed services too. @throws NoPrice */
function unitPrice(item: string, region: string): number {
  const database = /^rds\.postgres\.(db\..+)\.singleAz$/.exec(item)?.[1];
  if (database !== undefined) return classPrice('rds', database, region).usd;
  const broker = /^msk\.(kafka\..+)$/.exec(item)?.[1];
  if (broker !== undefined) return classPrice('msk', broker, region).usd;
  return price(item, region).usd;
}

function quantitiesOf(lines: readonly CostLine[]): Map<string, number> {
  const quantities = new Map<string, number>();
  for (const { priceItem, quantity } of lines) {
    if (priceItem !== '') quantities.set(priceItem, (quantities.get(priceItem) ?? 0) + quantity);
  }
  return quantities;
}

/** USD per month; undefined when something of it has no price in the region. */
function repricedTotal(
  quantities: ReadonlyMap<string, number>,
  unitPrice: (item: string) => number,
): number | undefined {
  try {
    let sum = 0;
    for (const [item, quantity] of quantities) sum += quantity * unitPrice(item);
    return Math.round(sum * 1e6) / 1e6;
  } catch (error) {
    if (error instanceof NoPrice) return undefined;
    throw error;
  }
}

/** @throws Rejection when the platform itself is outside the stated choices */
export function judge(base: Platform, found: readonly Configuration[]): Optimality {
  const choices = choose(base);
  const isBase = (one: Configuration) =>
    one.kafka === base.kafka.engine &&
    one.egress === base.network.egress &&
    one.multiAz === base.postgres.multiAz &&
    one.volumes === base.volumes &&
    one.region === base.region &&
    one.machines === choices.kubernetes.type &&
    one.database === choices.postgres.type &&
    (one.broker ?? choices.kafka.type) === choices.kafka.type;
  const chosen = found.find(isBase);
  if (chosen === undefined) {
    throw new Rejection(
      'platform.yaml',
      'its machines are outside the choices that are enumerated (the base instance of each generation)',
      'leave out `instance:` to let the catalogue choose',
    );
  }
  const durable = found.filter((one) => !one.losesData);
  const [cheapestOfAll] = [...found].sort((a, b) => a.monthly - b.monthly);
  return {
    chosen,
    enumerated: found.length,
    durable: durable.length,
    cheaper: durable.filter((one) => one.monthly < chosen.monthly - HALF_A_CENT).sort((a, b) => a.monthly - b.monthly),
    equal: durable.filter((one) => one !== chosen && Math.abs(one.monthly - chosen.monthly) <= HALF_A_CENT),
    cheapestOfAll: cheapestOfAll as Configuration,
  };
}
