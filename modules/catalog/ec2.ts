/** EC2 instance types: what they are, where they are offered, what an hour costs (Linux, on demand, shared tenancy). */
import type { Architecture } from '../spec/platform';
import ec2 from './data/ec2-ondemand.json';
import offerings from './data/offerings.json';
import { NoPrice, type Confidence, type Price } from './sources';

export interface InstanceType {
  readonly type: string;
  /** `m6g` */
  readonly family: string;
  /** `large` */
  readonly size: string;
  /** `c` compute, `m` general purpose, `r` memory. */
  readonly letter: string;
  readonly generation: number;
  readonly architecture: Architecture;
  readonly vendor: string;
  readonly vcpu: number;
  readonly memoryGiB: number;
  /** A plain family (`m6g`, `m6i`, `m6a`): volumes are EBS, the network is the standard one, full speed at all times. */
  readonly plain: boolean;
  /** Elastic network interfaces, and IPv4 addresses each: what limits pods. */
  readonly interfaces: number;
  readonly addressesPerInterface: number;
}

interface RawType {
  arch: string;
  base: boolean;
  burstable: boolean;
  cpuVendor: string;
  family: string;
  flex: boolean;
  generation: number;
  ipv4PerENI: number;
  letter: string;
  localNvme: boolean;
  maxENI: number;
  memoryMiB: number;
  size: string;
  vcpu: number;
}

const PRICES = ec2.prices as unknown as Record<string, Record<string, number>>;
const PROVENANCE = ec2.provenance as unknown as Record<string, Record<string, string>>;
const OFFERINGS = offerings.regions as unknown as Record<
  string,
  { zoneIds: string[]; notInEveryZone: Record<string, string[]> }
>;

/** The legend of data/ec2-ondemand.json, as dates and as trust; a scaled or copied figure is an estimate, however good. */
const READ: Readonly<Record<string, { readonly asOf: string; readonly confidence: Confidence }>> = {
  K: { asOf: '2026-07-20', confidence: 'published' },
  S: { asOf: '2026 snapshot', confidence: 'published' },
  C: { asOf: '2022-09-03', confidence: 'published' },
  Sx: { asOf: '2026 snapshot', confidence: 'estimate' },
  E1: { asOf: '2026-07-20', confidence: 'estimate' },
  Ef: { asOf: '2026-07-20', confidence: 'estimate' },
  Ec: { asOf: '2026-07-20', confidence: 'estimate' },
  Em: { asOf: '2026-07-20', confidence: 'estimate' },
};

export const EC2_PROVENANCE: Readonly<Record<string, string>> = ec2.meta.provenanceLegend;

const TYPES: ReadonlyMap<string, InstanceType> = new Map(
  Object.entries(ec2.types as unknown as Record<string, RawType>).map(([type, raw]) => [
    type,
    {
      type,
      family: raw.family,
      size: raw.size,
      letter: raw.letter,
      generation: raw.generation,
      architecture: raw.arch as Architecture,
      vendor: raw.cpuVendor,
      vcpu: raw.vcpu,
      memoryGiB: raw.memoryMiB / 1024,
      plain: raw.base && !raw.flex && !raw.localNvme && !raw.burstable,
      interfaces: raw.maxENI,
      addressesPerInterface: raw.ipv4PerENI,
    },
  ]),
);

/** Every type the catalogue knows: m, c and r families of generations 5 to 8, no bare metal, no T family. */
export function instanceTypes(): Iterable<InstanceType> {
  return TYPES.values();
}

export function instanceType(type: string): InstanceType | undefined {
  return TYPES.get(type);
}

/** Regions in which the type has a price, in the catalogue's order. */
export function regionsOffering(type: string): string[] {
  return Object.keys(PRICES).filter((region) => PRICES[region]?.[type] !== undefined);
}

/** Zone ids (of those EKS accepts) that offer the type; empty where it is not offered or nobody has said. */
export function zonesOffering(type: string, region: string): readonly string[] {
  const known = OFFERINGS[region];
  if (known === undefined || PRICES[region]?.[type] === undefined) return [];
  return known.notInEveryZone[type] ?? known.zoneIds;
}

/** USD per hour on demand. @throws NoPrice */
export function ec2Price(type: string, region: string): Price {
  const usd = PRICES[region]?.[type];
  const code = PROVENANCE[region]?.[type];
  const read = code === undefined ? undefined : READ[code];
  if (usd === undefined || code === undefined || read === undefined) {
    throw new NoPrice(
      `ec2.${type}`,
      region,
      PRICES[region] === undefined
        ? 'the region is not in the catalogue'
        : TYPES.has(type)
          ? `the type is not sold there (it is in ${regionsOffering(type).join(', ')})`
          : 'the type is not in the catalogue (m, c and r families of generations 5 to 8)',
    );
  }
  return { item: `ec2.${type}`, region, usd, unit: 'USD/hour', source: `EC2-${code}`, ...read };
}

/**
 * How many `large` a size is worth: 0.5 for medium, 2 for xlarge, 2 N for Nxlarge. Prices are linear in it within a family
 * (all 837 types of us-east-1, within 0.2 %: data/ec2-ondemand.json). Undefined for a size without a number, such as `metal`.
 */
export function sizeInLarges(size: string): number | undefined {
  if (size === 'medium') return 0.5;
  if (size === 'large') return 1;
  if (size === 'xlarge') return 2;
  const times = /^(\d+)xlarge$/.exec(size);
  return times === null ? undefined : 2 * Number(times[1]);
}

/**
 * Pods a node can carry with prefix delegation: every secondary address of its interfaces is a /28 of 16, and EKS caps the
 * result at 110 below 30 vCPU and 250 above (data/capabilities.json, maxPods).
 */
export function maxPodsWithPrefixDelegation(type: InstanceType): number {
  const addresses = type.interfaces * (type.addressesPerInterface - 1) * 16 + 2;
  return Math.min(addresses, type.vcpu < 30 ? 110 : 250);
}
