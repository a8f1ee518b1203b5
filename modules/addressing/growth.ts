/**
 * Growing without moving. An edit only grows a network when all that the ledger holds is still asked for: the same or a wider
 * block, the same segments and more, the same zones and more. Then what exists stays, and what is new goes into free space:
 *
 * - Every address of a network is allocated, so free space comes from widening its block. New segments share the added part, all
 *   of it; to AWS it is a further CIDR block of the VPC.
 * - A further zone needs free addresses in each segment's block. A network of one segment gets them by widening (its block is the
 *   network); a segment among others has neighbours and cannot grow, which is said.
 */
import { Rejection } from '../rejection';
import { blockPlan, fillBlocks, subnetPlan } from './block';
import { byAddress, contains, formatCidr, parseCidr, sizeOf, type Cidr } from './cidr';
import { LEDGER_FILE, planOf, type Ledger } from './ledger';
import type { Network, NetworkPlan } from './network';
import type { BlockPlan, SubnetPlan } from './plan';
import {
  chooseShape,
  balancerSubnets,
  longestBlockPrefix,
  LONGEST_BALANCER_PREFIX,
  LONGEST_PREFIX,
  normalised,
} from './shapes';
import { cut, subtract } from './space';

const REALLOCATE = 'npx cimiento addresses --reallocate (what moves is destroyed and made anew)';

/**
 * @returns undefined when the edit is more than growth, or the ledger does not know the network
 * @throws Rejection when there is no room to grow, or when growing would leave addresses unallocated
 */
export function grow(network: Network, ledger: Ledger): NetworkPlan | undefined {
  const recorded = ledger.networks.find(({ name }) => name === network.name);
  if (recorded === undefined) return undefined;
  const held = planOf(ledger).blocks.filter(({ name }) => name === network.name);
  const before = recorded.cidrs.map(parse);
  const onlyGrows =
    before.every((cidr) => contains(network.cidr, cidr)) &&
    held.every(({ segment }) => network.segments.includes(segment)) &&
    ledger.zones.every((zone, at) => network.zoneIds[at] === zone);
  if (!onlyGrows) return undefined;

  const cidrs = [...before, ...subtract(network.cidr, before)];
  const sole = network.segments.length === 1;
  const grown = held.map((block) =>
    sole
      ? addZones(network, block, network.cidr, cidrs)
      : addZones(network, block, parse(block.cidr), [parse(block.cidr)]),
  );
  const reshaped = grown.some(({ shape }) => network.shape !== 'auto' && shape !== normalised(network.shape));
  if (reshaped) return undefined;
  return { network, cidrs, blocks: inOrderOf(network, [...grown, ...addSegments(network, grown, cidrs)]) };
}

/** Puts the segments that the ledger does not know into the space between and beside those it knows. */
function addSegments(network: Network, held: readonly BlockPlan[], cidrs: readonly Cidr[]): BlockPlan[] {
  const taken = held.map(({ cidr }) => parse(cidr));
  const free = cidrs.flatMap((cidr) => subtract(cidr, taken));
  const added = network.segments.filter((name) => held.every(({ segment }) => segment !== name));
  const blocks = cut(free, added.length);
  const needed = longestBlockPrefix(network.zoneIds.length);
  if (blocks !== undefined && blocks.every(({ prefix }) => prefix <= needed)) {
    return fillBlocks(network, added, blocks);
  }
  if (free.length > added.length) throw unallocated(network, free, added.length);
  const left = free.reduce((sum, { prefix }) => sum + sizeOf(prefix), 0);
  throw new Rejection(
    `${network.where}.segments`,
    `no room for ${quoted(added)}: ${left === 0 ? 'no address' : `${left.toLocaleString('en-US')} addresses`} of ` +
      `${formatCidr(network.cidr)} ${left === 0 ? 'is' : 'are'} free, and a segment takes a /${needed}`,
    `${network.wider ? `${widen(network, network.wider)}, which moves nothing` : 'use a segment that is there'}, or ${REALLOCATE}`,
  );
}

/** Gives a block a public and a private subnet in each zone that the ledger does not know. */
function addZones(network: Network, held: BlockPlan, block: Cidr, cidrs: readonly Cidr[]): BlockPlan {
  const taken = held.subnets.map(({ cidr }) => parse(cidr));
  const free = cidrs.flatMap((cidr) => subtract(cidr, taken));
  const known = held.subnets.length / 2;
  const added = network.zoneIds.slice(known);
  if (added.length === 0 && free.length > 0) throw unallocated(network, free, 0);
  const pieces = cut(free, 2 * added.length);
  if (pieces === undefined || pieces.some(({ prefix }) => prefix > LONGEST_PREFIX))
    throw noRoomForZones(network, held, added);
  if (pieces.length === 0) return held;

  // As in a new block: the larger half is private, unless the public half then has less room for load balancers.
  const [large, small] = [pieces.slice(0, added.length), pieces.slice(added.length)];
  const balancers = (half: readonly Cidr[]) => half.filter(({ prefix }) => prefix <= LONGEST_BALANCER_PREFIX).length;
  const [forPrivate, forPublic] = balancers(large) > balancers(small) ? [small, large] : [large, small];
  const place = (tier: SubnetPlan['tier'], half: readonly Cidr[]) =>
    half.map((cidr, at) => subnetPlan(held.segment, tier, known + at, added[at]!, cidr));
  const subnets = [...held.subnets, ...place('private', forPrivate), ...place('public', forPublic)].sort((one, other) =>
    byAddress(parse(one.cidr), parse(other.cidr)),
  );

  const possible = balancerSubnets(
    block.prefix,
    chooseShape(block.prefix, network.zoneIds.length, 'auto', `${network.where}.shape`),
  );
  const have = subnets.filter(({ tier, size }) => tier === 'public' && size >= sizeOf(LONGEST_BALANCER_PREFIX)).length;
  if (have < possible) {
    throw new Rejection(
      `${network.where}.cidr`,
      `${have} of the public subnets of ${held.segment} would hold a load balancer where ${possible} could`,
      REALLOCATE,
    );
  }
  return blockPlan(network.name, held.segment, block, subnets);
}

function noRoomForZones(network: Network, held: BlockPlan, added: readonly string[]): Rejection {
  const sole = network.segments.length === 1;
  return new Rejection(
    'platform.yaml network.zones',
    `no room for ${quoted(added)} in segment ${held.segment}: every address of ${held.cidr} is allocated` +
      (sole ? '' : ', and a block among others cannot grow'),
    `${sole && network.wider ? widen(network, network.wider) : 'keep the zones'}, or ${REALLOCATE}`,
  );
}

function unallocated(network: Network, free: readonly Cidr[], added: number): Rejection {
  const sole = network.segments.length === 1 && added === 0;
  const more = free.length - added;
  return new Rejection(
    `${network.where}.cidr`,
    `${free.map(formatCidr).join(', ')} of ${formatCidr(network.cidr)} would stay unallocated` +
      (sole ? ', since AWS cannot enlarge a subnet' : ''),
    network.name === 'kubernetes'
      ? `add a zone, or ${REALLOCATE}`
      : `name ${more} more ${more === 1 ? 'segment' : 'segments'}, or ${REALLOCATE}`,
  );
}

/** Blocks in the order in which platform.yaml names their segments. */
function inOrderOf({ segments }: Network, blocks: readonly BlockPlan[]): BlockPlan[] {
  const place = new Map(segments.map((segment, at) => [segment, at]));
  return [...blocks].sort((one, other) => place.get(one.segment)! - place.get(other.segment)!);
}

const widen = ({ name }: Network, wider: Cidr) => `widen network.${name}.cidr to ${formatCidr(wider)}`;
const parse = (text: string) => parseCidr(text, LEDGER_FILE);
const quoted = (names: readonly string[]) => names.map((name) => `"${name}"`).join(', ');
