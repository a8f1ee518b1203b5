import fc from 'fast-check';
import { parseCidr, planAddresses, shapeName, shapes, verify, type PlanInput } from '../../../modules/addressing';
import { Rejection } from '../../../modules/rejection';

/** Any two blocks of the sizes that AWS takes, any number of segments, any number of zones. Not all of them fit. */
const anyInput: fc.Arbitrary<PlanInput> = fc
  .record({
    pods: fc.tuple(fc.integer({ min: 16, max: 25 }), fc.nat(0xffffff)),
    services: fc.tuple(fc.integer({ min: 16, max: 25 }), fc.nat(0xfffff)),
    segments: fc.uniqueArray(fc.stringMatching(/^[a-z][a-z0-9-]{0,8}$/), { minLength: 1, maxLength: 40 }),
    zones: fc.integer({ min: 3, max: 6 }),
  })
  .map(({ pods, services, segments, zones }) => ({
    kubernetes: { cidr: blockIn(10 * 2 ** 24, 24, ...pods), shape: 'auto' },
    services: {
      cidr: blockIn(172 * 2 ** 24 + 16 * 2 ** 16, 20, ...services),
      segments: segments.filter((name) => name !== 'kubernetes'),
      shape: 'auto',
    },
    zoneIds: Array.from({ length: zones }, (_, at) => `usw2-az${at + 1}`),
  }))
  .filter(({ services }) => services.segments.length > 0);

/** A block of this prefix length around an offset from the first address of a private range. */
function blockIn(first: number, bits: number, prefix: number, offset: number): string {
  const size = 2 ** (32 - prefix);
  const base = first + Math.floor((offset % 2 ** bits) / size) * size;
  return `${[24, 16, 8, 0].map((shift) => Math.floor(base / 2 ** shift) % 256).join('.')}/${prefix}`;
}

/** Whether n segments fit at all: each takes a /28 for every subnet and another for two public ones, rounded up to a block. */
function fits({ kubernetes, services, zoneIds }: PlanInput): boolean {
  const each = 2 ** Math.ceil(Math.log2(16 * (2 * zoneIds.length + 2)));
  const size = (cidr: string) => 2 ** (32 - Number(cidr.split('/')[1]));
  return (
    size(kubernetes.cidr) >= each && size(services.cidr) / 2 ** Math.ceil(Math.log2(services.segments.length)) >= each
  );
}

const planOrRefusal = (input: PlanInput) => {
  try {
    return planAddresses(input);
  } catch (error) {
    if (error instanceof Rejection) return error;
    throw error;
  }
};

test('a plan is proved, or refused because it cannot be: nothing between', () => {
  let planned = 0;
  fc.assert(
    fc.property(anyInput, (input) => {
      const plan = planOrRefusal(input);
      expect(plan instanceof Rejection).toBe(!fits(input));
      if (plan instanceof Rejection) return;
      planned += 1;
      expect(verify(plan)).toEqual([]);
    }),
    { numRuns: 500 },
  );
  expect(planned).toBeGreaterThan(100);
});

const anyPlan = anyInput.filter(fits).map((input) => ({ input, plan: planAddresses(input) }));

test('every address of a network is in exactly one subnet', () => {
  fc.assert(
    fc.property(anyPlan, fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), ({ input, plan }, place) => {
      for (const [name, { cidr }] of [
        ['kubernetes', input.kubernetes],
        ['services', input.services],
      ] as const) {
        const { base, prefix } = parseCidr(cidr, 'test');
        const address = base + Math.floor(place * 2 ** (32 - prefix));
        const holders = plan.blocks
          .filter((block) => block.name === name)
          .flatMap(({ subnets }) => subnets)
          .filter((subnet) => {
            const { base } = parseCidr(subnet.cidr, 'test');
            return base <= address && address < base + subnet.size;
          });
        expect(holders).toHaveLength(1);
      }
    }),
  );
});

test('segments differ by one prefix bit at most, and those named first are not smaller', () => {
  fc.assert(
    fc.property(anyPlan, ({ plan }) => {
      const sizes = plan.blocks.filter(({ name }) => name === 'services').map(({ size }) => size);
      expect(sizes).toEqual([...sizes].sort((one, other) => other - one));
      expect(sizes[0]! / sizes.at(-1)!).toBeLessThanOrEqual(2);
    }),
  );
});

test('the same input gives the same plan; where a block lies does not change its shape', () => {
  fc.assert(
    fc.property(anyPlan, ({ input, plan }) => {
      expect(planAddresses(structuredClone(input))).toEqual(plan);
      const elsewhere = {
        ...input,
        kubernetes: { ...input.kubernetes, cidr: `192.168.0.0/${input.kubernetes.cidr.split('/')[1]}` },
      };
      expect(planAddresses(elsewhere).blocks.map(({ shape }) => shape)).toEqual(plan.blocks.map(({ shape }) => shape));
    }),
  );
});

test('every shape that is not refused can be asked for by name, and is proved', () => {
  fc.assert(
    fc.property(fc.integer({ min: 16, max: 25 }), fc.constantFrom(...shapes(6)), (prefix, shape) => {
      const plan = planOrRefusal({
        kubernetes: { cidr: blockIn(10 * 2 ** 24, 24, prefix, 0), shape: shapeName(shape) },
        services: { cidr: '172.16.0.0/24', segments: ['production'], shape: 'auto' },
        zoneIds: ['use2-az1', 'use2-az2', 'use2-az3'],
      });
      if (plan instanceof Rejection) {
        expect(plan.message).toMatch(/^platform.yaml network.kubernetes.shape: .* does not suit a/);
      } else {
        expect(plan.blocks[0]!.shape).toBe(shapeName(shape));
        expect(verify(plan)).toEqual([]);
      }
    }),
  );
});

test('larger than a VPC: a /8 is cut like any other block', () => {
  const segments = Array.from({ length: 512 }, (_, at) => `s${at}`);
  const plan = planAddresses({
    kubernetes: { cidr: '172.16.0.0/19', shape: 'auto' },
    services: { cidr: '10.0.0.0/8', segments, shape: 'auto' },
    zoneIds: ['use2-az1', 'use2-az2', 'use2-az3'],
  });
  expect(plan.certificate.networks[1]).toMatchObject({ size: 2 ** 24, allocated: 2 ** 24, subnets: 512 * 6 });
  expect(verify(plan)).toEqual([]);
});
