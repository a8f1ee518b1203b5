/**
 * Every order of every shape, dealt to the tiers in every way, on the blocks where the limits bite. Two oracles that know nothing of
 * sweeps or shapes: a bitmap of addresses says whether a layout is legal, an exhaustive search says which one the rules prefer.
 */
import {
  planAddresses,
  shapes,
  verify,
  type AddressPlan,
  type SubnetPlan,
  type Tier,
} from '../../../modules/addressing';

const ZONES = ['use2-az1', 'use2-az2', 'use2-az3'];

/** Distinct orders of a multiset. */
function* orders(bits: readonly number[]): Generator<number[]> {
  if (bits.length === 0) yield [];
  for (const bit of new Set(bits)) {
    const at = bits.indexOf(bit);
    for (const rest of orders([...bits.slice(0, at), ...bits.slice(at + 1)])) yield [bit, ...rest];
  }
}

/** The 20 ways to make three of six subnets public. */
const DEALS: Tier[][] = Array.from({ length: 64 }, (_, mask) => mask)
  .map((mask) => Array.from({ length: 6 }, (_, at): Tier => (mask & (1 << at) ? 'public' : 'private')))
  .filter((tiers) => tiers.filter((tier) => tier === 'public').length === 3);

interface Layout {
  readonly prefix: number;
  readonly sizes: readonly number[];
  readonly tiers: readonly Tier[];
}

function* layouts(prefix: number): Generator<Layout> {
  for (const shape of shapes(6)) {
    for (const order of orders(shape)) {
      const sizes = order.map((bit) => 2 ** (32 - prefix - bit));
      for (const tiers of DEALS) yield { prefix, sizes, tiers };
    }
  }
}

/** Marks each address; no arithmetic on prefixes. A /25 has addresses for two public /27 only. */
function legalByBitmap({ prefix, sizes, tiers }: Layout): boolean {
  const block = 2 ** (32 - prefix);
  const marks = new Uint8Array(block);
  let next = 0;
  let balancers = 0;
  for (const [at, size] of sizes.entries()) {
    if (size < 16 || next % size !== 0) return false;
    marks.fill(marks[next]! + 1, next, next + size);
    next += size;
    if (tiers[at] === 'public' && size >= 32) balancers += 1;
  }
  return marks.every((mark) => mark === 1) && balancers >= (prefix === 25 ? 2 : 3);
}

function asPlan({ prefix, sizes, tiers }: Layout): AddressPlan {
  const size = 2 ** (32 - prefix);
  const used = { public: 0, private: 0 };
  let next = 0;
  const subnets = sizes.map((size, at): SubnetPlan => {
    const tier = tiers[at]!;
    const zoneIndex = used[tier]++;
    const cidr = `10.0.${Math.floor(next / 256)}.${next % 256}/${32 - Math.log2(size)}`;
    next += size;
    return {
      name: `s-${tier}-${'abc'[zoneIndex]}`,
      cidr,
      tier,
      zoneIndex,
      zone: ZONES[zoneIndex]!,
      size,
      usable: size - 5,
    };
  });
  const longest = (tier: Tier) =>
    Math.max(...subnets.filter((one) => one.tier === tier).map(({ size }) => 32 - Math.log2(size)));
  const shape = sizes.map((one) => Math.log2(size / one)).sort((one, other) => one - other);
  const block = { cidr: `10.0.0.0/${prefix}`, size, allocated: size };
  return {
    blocks: [{ name: 'services', segment: 's', ...block, shape: shape.join(','), subnets }],
    certificate: {
      networks: [
        {
          name: 'services',
          ...block,
          cidrs: [block.cidr],
          subnets: 6,
          longestPublicPrefix: longest('public'),
          longestPrivatePrefix: longest('private'),
        },
      ],
      statement: `${size} of ${size} addresses allocated in 6 subnets`,
    },
  };
}

describe.each([25, 24, 23])('a /%i', (prefix) => {
  test('verify accepts exactly the layouts that the bitmap finds legal', () => {
    const seen = { legal: 0, illegal: 0 };
    const disagreements: Layout[] = [];
    for (const layout of layouts(prefix)) {
      const legal = legalByBitmap(layout);
      seen[legal ? 'legal' : 'illegal'] += 1;
      if ((verify(asPlan(layout)).length === 0) !== legal) disagreements.push(layout);
    }
    expect(disagreements).toEqual([]);
    expect(seen.legal).toBeGreaterThan(0);
    expect(seen.illegal).toBeGreaterThan(0);
  });

  test('no legal layout keeps the rules better than the planned one', () => {
    // Larger half private, then private equal, then most alike (least sum of squares): smaller is better, term by term.
    const rank = ({ sizes, tiers }: Pick<Layout, 'sizes' | 'tiers'>): number[] => {
      const of = (tier: Tier) => sizes.filter((_, at) => tiers[at] === tier);
      return [
        Math.min(...of('private')) >= Math.max(...of('public')) ? 0 : 1,
        new Set(of('private')).size === 1 ? 0 : 1,
        sizes.reduce((sum, size) => sum + size ** 2, 0),
      ];
    };
    const better = (one: number[], other: number[]) => {
      const at = one.findIndex((term, at) => term !== other[at]);
      return at >= 0 && one[at]! < other[at]!;
    };
    const { subnets } = planAddresses({
      kubernetes: { cidr: '172.16.0.0/19', shape: 'auto' },
      services: { cidr: `10.0.0.0/${prefix}`, segments: ['s'], shape: 'auto' },
      zoneIds: ZONES,
    }).blocks[1]!;
    const planned = { prefix, sizes: subnets.map(({ size }) => size), tiers: subnets.map(({ tier }) => tier) };
    expect(legalByBitmap(planned)).toBe(true);
    const improvements = [...layouts(prefix)].filter(
      (layout) => better(rank(layout), rank(planned)) && legalByBitmap(layout),
    );
    expect(improvements).toEqual([]);
  });
});
