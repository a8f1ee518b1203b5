/** Segments: each once, all of them fitting into their block; rules of traffic name segments that exist. */
import { aligned, knownBlock } from '../block';
import { nearest } from '../nearest';
import { KUBERNETES_SEGMENT } from '../platform';
import type { NetworkSpec } from '../platform';
import type { Path, Problem } from '../problems';
import type { Rule } from './rule';

const KUBERNETES = ['network', 'kubernetes', 'cidr'];
const SERVICES = ['network', 'services', 'cidr'];
const SEGMENTS = ['network', 'services', 'segments'];
const ALLOW = ['network', 'allow'];
const ZONES = ['network', 'zones'];

/** Of a subnet: AWS allows /28 (VPC User Guide); a load balancer takes /27 in two zones (ELB User Guide, subnets). */
const LONGEST_SUBNET_PREFIX = 28;
const BALANCER_SUBNETS = 2;

/** Prefix length of the smallest block that holds a public and a private subnet in each zone: a /25 for three zones. */
export function longestSegmentPrefix(zones: number): number {
  const smallestSubnets = 2 * zones + BALANCER_SUBNETS;
  return LONGEST_SUBNET_PREFIX - Math.ceil(Math.log2(smallestSubnets));
}

export const segments: Rule = ({ platform: { network }, writes }) => [
  ...network.services.segments.flatMap((name, index, all): Problem[] => {
    if (all.indexOf(name) === index) return [];
    const fix = nearestFreeName(name, all);
    return [{ path: [...SEGMENTS, index], problem: `${name} is named twice`, fix: `did you mean ${fix}?` }];
  }),
  ...room(network, KUBERNETES, network.kubernetes.cidr, 1),
  ...room(
    network,
    writes(SEGMENTS) && !writes(SERVICES) ? SEGMENTS : SERVICES,
    network.services.cidr,
    network.services.segments.length,
  ),
  ...traffic(network, writes(ALLOW)),
];

/** `bcp` → `bcp-2`. */
function nearestFreeName(name: string, taken: readonly string[]): string {
  const stem = name.replace(/-\d+$/, '');
  for (let number = 2; ; number += 1) {
    if (!taken.includes(`${stem}-${number}`)) return `${stem}-${number}`;
  }
}

function room({ zones }: NetworkSpec, path: Path, cidr: string, count: number): Problem[] {
  const block = knownBlock(cidr);
  const needed = longestSegmentPrefix(zones);
  const prefix = needed - Math.ceil(Math.log2(count));
  if (block.prefix <= prefix) return [];
  const segments = count === 1 ? 'one segment' : `${count} segments`;
  const fits = Math.floor(2 ** (needed - block.prefix));
  const larger = prefix < 16 ? undefined : `did you mean ${aligned(block.first, prefix).cidr}?`;
  return [
    {
      path,
      problem: `${cidr} is too small for ${segments} of ${2 * zones} subnets, which take a /${needed} each`,
      fix: larger ?? `a /16, the largest block of a VPC, holds ${2 ** (needed - 16)}; ${cidr} holds ${fits}`,
      restsOn: [ZONES, SEGMENTS],
    },
  ];
}

function traffic({ allow, services }: NetworkSpec, written: boolean): Problem[] {
  if (!written) return [];
  const known = [KUBERNETES_SEGMENT, ...services.segments];
  return allow.flatMap(({ from, to }, index): Problem[] => {
    const path = [...ALLOW, index];
    const unknown = [from, to]
      .filter((name) => !known.includes(name))
      .map((name): Problem => {
        const meant = nearest(name, known);
        const fix = meant === undefined ? `choose from ${known.join(', ')}` : `did you mean ${meant}?`;
        return { path, problem: `${name} is not a segment`, fix, restsOn: [SEGMENTS] };
      });
    const before = allow.findIndex((other) => other.from === from && other.to === to);
    if (before === index) return unknown;
    const problem = `${from} -> ${to} stands here a second time`;
    return [...unknown, { path, problem, fix: `add its services to network.allow[${before}]` }];
  });
}
