import fc from 'fast-check';
import {
  formatLedger,
  ledgerOf,
  parseLedger,
  planAddresses,
  reconcile,
  verify,
  type AddressPlan,
  type PlanInput,
} from '../../../modules/addressing';
import { Rejection } from '../../../modules/rejection';

const ZONES = ['usw2-az1', 'usw2-az2', 'usw2-az3', 'usw2-az4', 'usw2-az5', 'usw2-az6'];

/** Three zones or four, one to six segments, in blocks that hold them and have room around them. */
const anyInput: fc.Arbitrary<PlanInput> = fc
  .record({
    zones: fc.integer({ min: 3, max: 4 }),
    segments: fc.integer({ min: 1, max: 6 }),
    pods: fc.integer({ min: 17, max: 24 }),
    services: fc.integer({ min: 17, max: 21 }),
    upper: fc.boolean(),
  })
  .map(({ zones, segments, pods, services, upper }) => ({
    kubernetes: { cidr: `10.0.0.0/${pods}`, shape: 'auto' },
    services: {
      // The lower or the upper half of what it may be widened to.
      cidr: `10.1.${upper ? 2 ** (24 - services) : 0}.0/${services}`,
      segments: Array.from({ length: segments }, (_, at) => `s${at}`),
      shape: 'auto',
    },
    zoneIds: ZONES.slice(0, zones),
  }));

/** Further segments in a wider network, further zones, or any mixture: most of the last has no room. */
const anyGrowth = fc.oneof(
  growthOf({ segments: [1, 5], zones: [0, 0], widenPods: [0, 0], widenServices: [1, 1] }),
  growthOf({ segments: [0, 0], zones: [1, 2], widenPods: [1, 1], widenServices: [1, 1] }),
  growthOf({ segments: [0, 5], zones: [0, 2], widenPods: [0, 1], widenServices: [0, 1] }),
);

type Growth = typeof anyGrowth extends fc.Arbitrary<infer T> ? T : never;

function growthOf(range: Record<'segments' | 'zones' | 'widenPods' | 'widenServices', [number, number]>) {
  const within = ([min, max]: [number, number]) => fc.integer({ min, max });
  return fc.record({
    segments: within(range.segments),
    zones: within(range.zones),
    widenPods: within(range.widenPods),
    widenServices: within(range.widenServices),
    /** New segments are named before those there, not after. */
    first: fc.boolean(),
  });
}

function grown(input: PlanInput, by: Growth): PlanInput {
  const prefix = (cidr: string) => Number(cidr.split('/')[1]);
  const added = Array.from({ length: by.segments }, (_, at) => `new${at}`);
  const { kubernetes, services, zoneIds } = input;
  return {
    kubernetes: { ...kubernetes, cidr: `10.0.0.0/${prefix(kubernetes.cidr) - by.widenPods}` },
    services: {
      ...services,
      cidr: by.widenServices ? `10.1.0.0/${prefix(services.cidr) - 1}` : services.cidr,
      segments: by.first ? [...added, ...services.segments] : [...services.segments, ...added],
    },
    zoneIds: ZONES.slice(0, zoneIds.length + by.zones),
  };
}

const places = (plan: AddressPlan) =>
  new Map(plan.blocks.flatMap(({ subnets }) => subnets.map(({ name, cidr, zone }) => [name, `${cidr} ${zone}`])));

test('growth keeps every subnet where it is and is proved, or is refused; the ledger then gives the same plan again', () => {
  const seen = { grown: 0, refused: 0 };
  fc.assert(
    fc.property(anyInput, anyGrowth, (input, by) => {
      const before = planAddresses(input);
      const ledger = ledgerOf(before);
      const edited = grown(input, by);
      let plan: AddressPlan;
      try {
        plan = planAddresses(edited, ledger);
      } catch (error) {
        expect(error).toBeInstanceOf(Rejection);
        seen.refused += 1;
        return;
      }
      const after = places(plan);
      expect([...places(before)].filter(([name, place]) => after.get(name) !== place)).toEqual([]);
      expect(verify(plan)).toEqual([]);
      const { ledger: written } = reconcile(ledger, plan);
      expect(planAddresses(edited, parseLedger(formatLedger(written)))).toEqual(plan);
      if (after.size > places(before).size) seen.grown += 1;
    }),
    { numRuns: 300 },
  );
  expect(seen.grown).toBeGreaterThan(20);
  expect(seen.refused).toBeGreaterThan(20);
});

test('taking segments or a zone away is refused, and names every subnet that goes', () => {
  fc.assert(
    fc.property(anyInput, fc.nat(), fc.boolean(), (input, pick, zone) => {
      const { services, zoneIds } = input;
      const fewerZones = zone && zoneIds.length > 3;
      fc.pre(fewerZones || services.segments.length > 1);
      const taken = services.segments[pick % services.segments.length]!;
      const edited = fewerZones
        ? { ...input, zoneIds: zoneIds.slice(0, -1) }
        : { ...input, services: { ...services, segments: services.segments.filter((name) => name !== taken) } };
      const before = planAddresses(input);
      const after = places(planAddresses(edited));
      const gone = [...places(before).keys()].filter((name) => !after.has(name));
      let message = '';
      try {
        reconcile(ledgerOf(before), planAddresses(edited, ledgerOf(before)));
      } catch (error) {
        expect(error).toBeInstanceOf(Rejection);
        message = (error as Rejection).message;
      }
      expect(gone.filter((name) => !message.includes(name))).toEqual([]);
    }),
  );
});
