/**
 * Proves a plan, or says what is wrong with it, by other means than it was made with: nothing is shared with the planner but the
 * plan's type. It reads the text of every block anew and sweeps over the address space as a line of integers.
 *
 * Its rules are AWS's and the RFC's, not the planner's:
 * - a block starts at a multiple of its size (RFC 4632, section 3.1);
 * - a subnet is a /16 to a /28; five of its addresses are AWS's own (Amazon VPC User Guide, subnets); subnets of a VPC do not
 *   overlap, and each lies within one CIDR block of the VPC;
 * - a load balancer takes subnets of /27 or larger in two zones at least (Elastic Load Balancing User Guide, ALB subnets). Where a
 *   segment has addresses enough, that is every public subnet;
 * - the brief's: a public and a private subnet in each of three zones or more, and no address wasted.
 */
import type { AddressPlan, BlockPlan, Certificate, SubnetPlan } from './plan';

/** A stretch of addresses, `end` excluded. */
interface Span {
  readonly what: string;
  readonly start: number;
  readonly end: number;
}

/** @returns what is wrong, a sentence each, naming the subnet or block; empty when the plan is proved */
export function verify({ blocks, certificate }: AddressPlan): string[] {
  const defects: string[] = [];
  const say = (defect: string) => defects.push(defect);
  const zones = new Map<number, string>();
  const seen = new Set<string>();
  const spans: Span[] = [];
  for (const block of blocks) {
    for (const subnet of block.subnets) {
      if (seen.has(subnet.name)) say(`${subnet.name}: the name is given twice`);
      seen.add(subnet.name);
      const zone = zones.get(subnet.zoneIndex) ?? subnet.zone;
      zones.set(subnet.zoneIndex, zone);
      if (zone !== subnet.zone) say(`${subnet.name}: zone ${subnet.zoneIndex} is both ${zone} and ${subnet.zone}`);
    }
    spans.push(...verifyBlock(block, say));
  }
  if (zones.size < 3) say(`the plan uses ${zones.size} zones, fewer than three`);
  if (new Set(zones.values()).size < zones.size)
    say(`two zones of the plan are one: ${[...zones.values()].join(', ')}`);
  for (const block of blocks) verifyTiers(block, zones.size, say);
  verifyOverlap(spans, say);
  for (const claim of certificate.networks) verifyNetwork(claim, blocks, say);
  for (const block of blocks) {
    if (!certificate.networks.some(({ name }) => name === block.name))
      say(`${block.segment}: no network ${block.name}`);
  }
  verifyStatement(certificate, say);
  return defects;
}

type Say = (defect: string) => void;

/** Reads `a.b.c.d/n` without help: the point is not to trust the library that the planner trusts. */
function read(what: string, text: string, say: Say): Span | undefined {
  const match = /^(\d+)\.(\d+)\.(\d+)\.(\d+)\/(\d+)$/.exec(text);
  const [a, b, c, d, length] = (match ?? []).slice(1).map(Number) as [number, number, number, number, number];
  if (match === null || Math.max(a, b, c, d) > 255 || length > 32) {
    say(`${what}: "${text}" is not an IPv4 block`);
    return undefined;
  }
  const start = ((a * 256 + b) * 256 + c) * 256 + d;
  const size = 2 ** (32 - length);
  if (start % size !== 0) say(`${what}: ${text} is misaligned, it does not start at a multiple of ${size}`);
  return { what, start, end: start + size };
}

function verifyBlock(block: BlockPlan, say: Say): Span[] {
  const whole = read(block.segment, block.cidr, say);
  const spans = block.subnets.flatMap((subnet) => verifySubnet(block, subnet, say) ?? []);
  if (whole === undefined) return spans;
  const size = whole.end - whole.start;
  const allocated = spans.reduce((sum, { start, end }) => sum + end - start, 0);
  if (block.size !== size) say(`${block.segment}: says it has ${block.size} addresses, ${block.cidr} has ${size}`);
  if (block.allocated !== allocated)
    say(`${block.segment}: says ${block.allocated} are allocated, its subnets have ${allocated}`);
  const bits = spans.map(({ start, end }) => Math.log2(size / (end - start))).sort((one, other) => one - other);
  if (block.shape !== bits.join(','))
    say(`${block.segment}: says its shape is ${block.shape}, its subnets make ${bits.join(',')}`);
  sweep(whole, spans, say);
  return spans;
}

function verifySubnet({ segment }: BlockPlan, subnet: SubnetPlan, say: Say): Span | undefined {
  const span = read(subnet.name, subnet.cidr, say);
  if (span === undefined) return undefined;
  const size = span.end - span.start;
  if (subnet.size !== size) say(`${subnet.name}: says it has ${subnet.size} addresses, ${subnet.cidr} has ${size}`);
  if (subnet.usable !== size - 5)
    say(`${subnet.name}: says ${subnet.usable} are usable, AWS leaves ${size - 5} of ${size}`);
  if (size < 16) say(`${subnet.name}: ${subnet.cidr} is smaller than the /28 that AWS allows`);
  if (size > 65_536) say(`${subnet.name}: ${subnet.cidr} is larger than the /16 that AWS allows`);
  const expected = `${segment}-${subnet.tier}-${'abcdefghijklmnopqrstuvwxyz'.charAt(subnet.zoneIndex)}`;
  if (subnet.name !== expected) say(`${subnet.name}: by segment, tier and zone its name is ${expected}`);
  return span;
}

/** Walks over the spans in order: each must start where the one before ended, the last must end where the whole ends. */
function sweep(whole: Span, spans: readonly Span[], say: Say): void {
  let reached = whole.start;
  for (const span of [...spans].sort((one, other) => one.start - other.start)) {
    if (span.start < whole.start || span.end > whole.end) say(`${span.what}: lies outside ${whole.what}`);
    if (span.start > reached)
      say(`${whole.what}: ${span.start - reached} addresses before ${span.what} are unallocated`);
    reached = Math.max(reached, span.end);
  }
  if (reached < whole.end) say(`${whole.what}: the last ${whole.end - reached} addresses are unallocated`);
}

/** Over all subnets of the VPC at once: two that overlap may be of different segments. */
function verifyOverlap(spans: readonly Span[], say: Say): void {
  let furthest: Span | undefined;
  for (const span of [...spans].sort((one, other) => one.start - other.start)) {
    if (furthest !== undefined && span.start < furthest.end) say(`${span.what}: overlaps ${furthest.what}`);
    if (furthest === undefined || span.end > furthest.end) furthest = span;
  }
}

function verifyTiers({ segment, subnets, size }: BlockPlan, zones: number, say: Say): void {
  const count = new Map<string, number>();
  for (const { tier, zoneIndex } of subnets) {
    count.set(`${tier} ${zoneIndex}`, (count.get(`${tier} ${zoneIndex}`) ?? 0) + 1);
  }
  if (subnets.length !== 2 * zones || count.size !== 2 * zones) {
    say(`${segment}: ${subnets.length} subnets are not one public and one private in each of ${zones} zones`);
  }
  const balancers = subnets.filter(({ tier, cidr }) => tier === 'public' && Number(cidr.split('/')[1]) <= 27).length;
  // With a /28 for everything and a second /28 for each public subnet that holds a load balancer.
  const possible = Math.min(zones, size / 16 - 2 * zones);
  if (balancers < Math.max(2, possible)) {
    say(
      `${segment}: ${balancers} public subnets are the /27 that a load balancer needs, ${Math.max(2, possible)} must be`,
    );
  }
}

function verifyNetwork(claim: Certificate['networks'][number], blocks: readonly BlockPlan[], say: Say): void {
  const quiet: Say = () => undefined;
  const whole = read(`network ${claim.name}`, claim.cidr, say);
  if (whole === undefined) return;
  const own = blocks.filter(({ name }) => name === claim.name);
  sweep(
    whole,
    own.flatMap(({ segment, cidr }) => read(segment, cidr, quiet) ?? []),
    say,
  );
  const parts = claim.cidrs.flatMap((cidr) => read(cidr, cidr, say) ?? []);
  sweep(whole, parts, say);

  const subnets = own.flatMap((block) => block.subnets);
  const spans = subnets.flatMap(({ name, cidr }) => read(name, cidr, quiet) ?? []);
  for (const { what, start, end } of spans) {
    if (!parts.some((part) => part.start <= start && end <= part.end))
      say(`${what}: lies in no one CIDR block of the VPC`);
  }
  const longest = (tier: string) =>
    Math.max(0, ...subnets.filter((subnet) => subnet.tier === tier).map(({ cidr }) => Number(cidr.split('/')[1])));
  const counted = {
    size: whole.end - whole.start,
    allocated: spans.reduce((sum, { start, end }) => sum + end - start, 0),
    subnets: subnets.length,
    longestPublicPrefix: longest('public'),
    longestPrivatePrefix: longest('private'),
  };
  for (const [field, value] of Object.entries(counted)) {
    const said = claim[field as keyof typeof counted];
    if (said !== value) say(`certificate of ${claim.name}: says ${field} ${said}, counted ${value}`);
  }
}

/** The sentence that people read must say what was counted, once that agrees with what was claimed. */
function verifyStatement({ networks, statement }: Certificate, say: Say): void {
  const numbers = (statement.replaceAll(',', '').match(/\d+/g) ?? []).map(Number);
  const counted = [
    ...networks.flatMap(({ allocated, size }) => [allocated, size]),
    networks.reduce((sum, { subnets }) => sum + subnets, 0),
  ];
  if (numbers.join(' ') !== counted.join(' '))
    say(`the certificate states "${statement}", counted ${counted.join(', ')}`);
}
