/**
 * Shapes: the ways to fill a block with a given number of subnets so that no address is left.
 *
 * A subnet with `b` extra prefix bits takes 1/2^b of its block, so a multiset of extra bits fills the block exactly when
 * Σ 2^-b = 1 (Kraft's equality), and then laying the subnets down from large to small aligns each of them. Six subnets, three
 * public and three private, have five such shapes; three equal and three equal is not among them, since 3 divides no power of 2.
 */
import { Rejection } from '../rejection';
import type { ShapeChoice } from '../spec/platform';
import type { Tier } from './plan';

/** Longest prefix of a subnet: "the allowed block size is between a /28 netmask and a /16" (Amazon VPC User Guide, subnets). */
export const LONGEST_PREFIX = 28;
/** Shortest prefix of a subnet (same page). */
export const SHORTEST_PREFIX = 16;
/** Longest prefix in which a load balancer is made: "at least a /27 bitmask" (Elastic Load Balancing, ALB subnets). */
export const LONGEST_BALANCER_PREFIX = 27;
/** A load balancer needs subnets in two zones at least (same page). */
export const FEWEST_BALANCER_SUBNETS = 2;

/** Extra prefix bits of each subnet, ascending: the largest subnet first. */
export type Shape = readonly number[];

/** A shape with its halves dealt to the tiers: one tier takes the larger half of the subnets. */
export interface Arrangement {
  readonly shape: Shape;
  /** Extra prefix bits by zone, ascending. */
  readonly bits: Readonly<Record<Tier, Shape>>;
  /** The tier with the larger subnets; it is laid down first. */
  readonly larger: Tier;
}

/** Every shape of `leaves` subnets, those with the largest subnets first: 1, 1, 2, 3, 5, 9, 16 … of them (OEIS A002572). */
export function shapes(leaves: number): Shape[] {
  const found: Shape[] = [];
  // At each depth, `open` nodes of the tree are not yet decided: some become subnets, the others are halved.
  const descend = (depth: number, open: number, left: number, sofar: Shape): void => {
    if (open === left) {
      found.push([...sofar, ...Array<number>(left).fill(depth)]);
      return;
    }
    for (let subnets = open - 1; subnets >= 0; subnets -= 1) {
      const next = (open - subnets) * 2;
      if (next <= left - subnets) {
        descend(depth + 1, next, left - subnets, [...sofar, ...Array<number>(subnets).fill(depth)]);
      }
    }
  };
  if (leaves >= 1) descend(0, 1, leaves, []);
  return found;
}

export function shapeName(shape: Shape): string {
  return [...shape].sort((one, other) => one - other).join(',');
}

/**
 * The ways to deal a shape to the tiers: the larger half private, or the larger half public. Where all subnets are equal the
 * two are the same.
 */
function dealt(shape: Shape): Arrangement[] {
  const zones = shape.length / 2;
  const [large, small] = [shape.slice(0, zones), shape.slice(zones)];
  const usual: Arrangement = { shape, bits: { private: large, public: small }, larger: 'private' };
  return large[0] === small.at(-1)
    ? [usual]
    : [usual, { shape, bits: { private: small, public: large }, larger: 'public' }];
}

/** Public subnets that can hold a load balancer. */
export function balancerSubnets(prefix: number, { bits }: Arrangement): number {
  return bits.public.filter((extra) => prefix + extra <= LONGEST_BALANCER_PREFIX).length;
}

/** Sum of squared shares: least when the subnets are most alike. */
function unevenness(shape: Shape): number {
  return shape.reduce((sum, extra) => sum + 4 ** -extra, 0);
}

/**
 * The rules, each deciding only what those before it leave open:
 * 1. no subnet is smaller than AWS allows (checked before);
 * 2. as many public subnets as possible can hold a load balancer;
 * 3. the larger half is private: pods, databases and brokers live there;
 * 4. the private subnets are equal;
 * 5. the subnets are most alike.
 */
function preferred(prefix: number): (one: Arrangement, other: Arrangement) => number {
  const unequal = ({ bits }: Arrangement) => (bits.private[0] === bits.private.at(-1) ? 0 : 1);
  const publicFirst = ({ larger }: Arrangement) => (larger === 'private' ? 0 : 1);
  return (one, other) =>
    balancerSubnets(prefix, other) - balancerSubnets(prefix, one) ||
    publicFirst(one) - publicFirst(other) ||
    unequal(one) - unequal(other) ||
    unevenness(one.shape) - unevenness(other.shape);
}

/** A shape judged for a block: how it would be dealt, and why it cannot be used there, if it cannot. */
export interface Judgement {
  readonly arrangement: Arrangement;
  readonly refusal?: string;
}

/** Every shape over `zones` zones judged for a block of this prefix length, in the order of `shapes`. */
export function judgeShapes(prefix: number, zones: number): Judgement[] {
  const all = shapes(2 * zones).map((shape) => dealt(shape).sort(preferred(prefix))[0]!);
  const legal = all.filter(
    ({ shape }) => prefix + shape[0]! >= SHORTEST_PREFIX && prefix + shape.at(-1)! <= LONGEST_PREFIX,
  );
  const most = Math.max(0, ...legal.map((one) => balancerSubnets(prefix, one)));
  return all.map((arrangement) => {
    const [largest, smallest] = [prefix + arrangement.shape[0]!, prefix + arrangement.shape.at(-1)!];
    const balancers = balancerSubnets(prefix, arrangement);
    if (largest < SHORTEST_PREFIX) return { arrangement, refusal: `a /${largest} is larger than AWS allows (/16)` };
    if (smallest > LONGEST_PREFIX) return { arrangement, refusal: `a /${smallest} is smaller than AWS allows (/28)` };
    if (balancers < FEWEST_BALANCER_SUBNETS) {
      return { arrangement, refusal: `${balancers} public /27, and a load balancer needs two` };
    }
    if (balancers < most) {
      return { arrangement, refusal: `${balancers} of ${zones} public subnets hold a load balancer (/27)` };
    }
    return { arrangement };
  });
}

/**
 * @param choice a shape's name in any order, or `auto` for the best by the rules above
 * @throws Rejection at `where` when no shape, or not the chosen one, can be used in a block of this prefix length
 */
export function chooseShape(prefix: number, zones: number, choice: ShapeChoice, where: string): Arrangement {
  const judged = judgeShapes(prefix, zones);
  const usable = judged.filter(({ refusal }) => refusal === undefined).map(({ arrangement }) => arrangement);
  const best = usable.sort(preferred(prefix))[0];
  if (best === undefined) {
    const small = prefix > longestBlockPrefix(zones);
    throw new Rejection(
      where,
      `a block of /${prefix} is too ${small ? 'small' : 'large'} for ${zones} public and ${zones} private subnets`,
      small
        ? `AWS wants each a /28 at least and two public ones a /27, so it takes a /${longestBlockPrefix(zones)}`
        : 'AWS allows no subnet larger than a /16: name more segments or a smaller block',
    );
  }
  if (choice === 'auto') return best;
  const wanted = judged.find(({ arrangement }) => shapeName(arrangement.shape) === normalised(choice));
  if (wanted === undefined) {
    const names = judged.length <= 5 ? judged.map(({ arrangement }) => shapeName(arrangement.shape)).join(' | ') : '';
    throw new Rejection(
      where,
      `"${choice}" does not fill a block with ${2 * zones} subnets`,
      names === '' ? `did you mean ${shapeName(best.shape)}?` : `use auto or one of ${names}`,
    );
  }
  if (wanted.refusal !== undefined) {
    throw new Rejection(
      where,
      `${choice} does not suit a /${prefix}: ${wanted.refusal}`,
      `use ${shapeName(best.shape)}`,
    );
  }
  return wanted.arrangement;
}

/** The name as `shapeName` writes it: spaces, braces and order do not matter. */
export function normalised(choice: ShapeChoice): string {
  return shapeName(
    choice
      .replace(/[{}\s]/g, '')
      .split(',')
      .map(Number),
  );
}

/** Prefix length of the smallest block that holds a public and a private subnet in each of `zones` zones. */
export function longestBlockPrefix(zones: number): number {
  let prefix = LONGEST_PREFIX;
  // In /28s: one for each private subnet and the other public ones, two for each of the two that hold a load balancer.
  while (2 ** (LONGEST_PREFIX - prefix) < 2 * zones + FEWEST_BALANCER_SUBNETS) prefix -= 1;
  return prefix;
}
