/** Blocks in, plan out: each network is cut into its segments, each segment's block into subnets, to the last address. */
import { Rejection } from '../rejection';
import { KUBERNETES_SEGMENT, type ShapeChoice } from '../spec/platform';
import { fillBlocks } from './block';
import { certify } from './certificate';
import { formatCidr, overlap, parseCidr, sizeOf, widened, type Cidr } from './cidr';
import { grow } from './growth';
import type { Ledger } from './ledger';
import type { Network, NetworkPlan } from './network';
import type { AddressPlan } from './plan';
import { longestBlockPrefix } from './shapes';
import { cut } from './space';

/** What of platform.yaml decides the plan, and the region's zone ids in the order in which they are used. */
export interface PlanInput {
  readonly kubernetes: { readonly cidr: string; readonly shape: ShapeChoice };
  readonly services: { readonly cidr: string; readonly segments: readonly string[]; readonly shape: ShapeChoice };
  readonly zoneIds: readonly string[];
}

const IN_KUBERNETES = 'platform.yaml network.kubernetes';
const IN_SERVICES = 'platform.yaml network.services';

/**
 * The plan for a platform. Without a ledger each network is cut as evenly as can be: n segments get n blocks that differ by at
 * most one prefix bit, the larger to those named first; nothing is left unallocated, also when n is no power of two.
 *
 * With a ledger, what it holds stays where it is if the edit only grows the network (see growth.ts). Any other edit is planned
 * afresh, and `reconcile` then says which subnets it would move or drop.
 *
 * @throws Rejection when a block cannot hold its subnets, or when growing has no room
 */
export function planAddresses(input: PlanInput, ledger?: Ledger): AddressPlan {
  const networks = networksOf(input);
  return certify(networks.map((network) => (ledger && grow(network, ledger)) ?? planAfresh(network)));
}

function networksOf({ kubernetes, services, zoneIds }: PlanInput): Network[] {
  if (zoneIds.length < 3 || zoneIds.length > 6 || new Set(zoneIds).size < zoneIds.length) {
    throw new Rejection('platform.yaml network.zones', `zones [${zoneIds.join(', ')}]`, 'name 3 to 6 different zones');
  }
  const names = new Set([KUBERNETES_SEGMENT]);
  const repeated = services.segments.find((name) => names.size === names.add(name).size);
  if (services.segments.length === 0 || repeated !== undefined) {
    throw new Rejection(
      `${IN_SERVICES}.segments`,
      repeated === undefined ? 'no segment is named' : `"${repeated}" is named twice`,
      `name at least one, each once, none "${KUBERNETES_SEGMENT}"`,
    );
  }
  const forPods = parseCidr(kubernetes.cidr, `${IN_KUBERNETES}.cidr`);
  const forServices = parseCidr(services.cidr, `${IN_SERVICES}.cidr`);
  if (overlap(forPods, forServices)) {
    throw new Rejection(
      `${IN_SERVICES}.cidr`,
      `${services.cidr} overlaps network.kubernetes.cidr ${kubernetes.cidr}`,
      'give it a block of its own',
    );
  }
  const wider = (cidr: Cidr, other: Cidr) =>
    cidr.prefix > 0 && !overlap(widened(cidr), other) ? widened(cidr) : undefined;
  return [
    {
      name: 'kubernetes',
      where: IN_KUBERNETES,
      cidr: forPods,
      wider: wider(forPods, forServices),
      segments: [KUBERNETES_SEGMENT],
      shape: kubernetes.shape,
      zoneIds,
    },
    {
      name: 'services',
      where: IN_SERVICES,
      cidr: forServices,
      wider: wider(forServices, forPods),
      segments: services.segments,
      shape: services.shape,
      zoneIds,
    },
  ];
}

function planAfresh(network: Network): NetworkPlan {
  const { cidr, segments, zoneIds } = network;
  const needed = longestBlockPrefix(zoneIds.length);
  const enough = needed - Math.ceil(Math.log2(segments.length));
  const blocks = cut([cidr], segments.length);
  if (blocks === undefined || cidr.prefix > enough) {
    const count = `${segments.length} ${segments.length === 1 ? 'segment' : 'segments'}`;
    throw new Rejection(
      `${network.where}.cidr`,
      `${formatCidr(cidr)} (${sizeOf(cidr.prefix).toLocaleString('en-US')} addresses) is too small for ${count} of ` +
        `${2 * zoneIds.length} subnets, which take a /${needed} each`,
      enough < 0 ? 'name fewer segments' : `use a /${enough}`,
    );
  }
  return { network, cidrs: [cidr], blocks: fillBlocks(network, segments, blocks) };
}
