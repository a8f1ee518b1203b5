/** What a plan claims of itself, counted from its subnets. `verify` does not trust it: see verify.ts. */
import { formatCidr, sizeOf } from './cidr';
import type { NetworkPlan } from './network';
import type { AddressPlan, BlockPlan, Certificate, Tier } from './plan';

export function certify(networks: readonly NetworkPlan[]): AddressPlan {
  const claims = networks.map(claim);
  const counts = claims.map(({ allocated, size }) => `${grouped(allocated)} of ${grouped(size)}`);
  const subnets = claims.reduce((sum, network) => sum + network.subnets, 0);
  return {
    blocks: networks.flatMap(({ blocks }) => blocks),
    certificate: {
      networks: claims,
      statement: `${counts.join(' and ')} addresses allocated in ${grouped(subnets)} subnets, aligned, disjoint, contained`,
    },
  };
}

function claim({ network, cidrs, blocks }: NetworkPlan): Certificate['networks'][number] {
  return {
    name: network.name,
    cidr: formatCidr(network.cidr),
    cidrs: cidrs.map(formatCidr),
    size: sizeOf(network.cidr.prefix),
    allocated: blocks.reduce((sum, { allocated }) => sum + allocated, 0),
    subnets: blocks.reduce((sum, block) => sum + block.subnets.length, 0),
    longestPublicPrefix: longestPrefix(blocks, 'public'),
    longestPrivatePrefix: longestPrefix(blocks, 'private'),
  };
}

function longestPrefix(blocks: readonly BlockPlan[], tier: Tier): number {
  let longest = 0;
  for (const { subnets } of blocks) {
    for (const subnet of subnets) if (subnet.tier === tier) longest = Math.max(longest, 32 - Math.log2(subnet.size));
  }
  return longest;
}

const grouped = (count: number) => count.toLocaleString('en-US');
