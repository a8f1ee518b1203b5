/** A segment's block, filled with subnets: what a plan of six of them looks like once the shape is known. */
import { formatCidr, sizeOf, type Cidr } from './cidr';
import type { Network } from './network';
import type { BlockPlan, NetworkName, SubnetPlan, Tier } from './plan';
import { chooseShape, shapeName, type Arrangement } from './shapes';

/** Addresses that AWS keeps in every subnet: the first four and the last (Amazon VPC User Guide, subnet sizing). */
const RESERVED_BY_AWS = 5;

/** `a` for the first zone. */
export function zoneLetter(zoneIndex: number): string {
  return String.fromCharCode('a'.charCodeAt(0) + zoneIndex);
}

/** One subnet: its name, and the numbers that follow from where it lies. */
export function subnetPlan(segment: string, tier: Tier, zoneIndex: number, zone: string, cidr: Cidr): SubnetPlan {
  const size = sizeOf(cidr.prefix);
  return {
    name: `${segment}-${tier}-${zoneLetter(zoneIndex)}`,
    cidr: formatCidr(cidr),
    tier,
    zoneIndex,
    zone,
    size,
    usable: size - RESERVED_BY_AWS,
  };
}

/** A block and its subnets; the shape and what is allocated are counted from them. */
export function blockPlan(name: NetworkName, segment: string, block: Cidr, subnets: readonly SubnetPlan[]): BlockPlan {
  const size = sizeOf(block.prefix);
  return {
    name,
    segment,
    cidr: formatCidr(block),
    size,
    allocated: subnets.reduce((sum, subnet) => sum + subnet.size, 0),
    shape: shapeName(subnets.map((subnet) => Math.log2(size / subnet.size))),
    subnets,
  };
}

/** Fills one block for each segment, in order; blocks of one size take one shape. */
export function fillBlocks(network: Network, segments: readonly string[], blocks: readonly Cidr[]): BlockPlan[] {
  const chosen = new Map<number, Arrangement>();
  return blocks.map((block, at) => {
    const { prefix } = block;
    const arrangement =
      chosen.get(prefix) ?? chooseShape(prefix, network.zoneIds.length, network.shape, `${network.where}.shape`);
    chosen.set(prefix, arrangement);
    return fillBlock(network, segments[at]!, block, arrangement);
  });
}

/** From large to small, so that each subnet starts at a multiple of its size. */
function fillBlock(network: Network, segment: string, block: Cidr, { bits, larger }: Arrangement): BlockPlan {
  const tiers: [Tier, Tier] = larger === 'private' ? ['private', 'public'] : ['public', 'private'];
  let base = block.base;
  const subnets = tiers.flatMap((tier) =>
    bits[tier].map((extra, zoneIndex) => {
      const cidr = { base, prefix: block.prefix + extra };
      base += sizeOf(cidr.prefix);
      return subnetPlan(segment, tier, zoneIndex, network.zoneIds[zoneIndex]!, cidr);
    }),
  );
  return blockPlan(network.name, segment, block, subnets);
}
