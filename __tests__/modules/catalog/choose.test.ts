import fc from 'fast-check';
import {
  choose,
  chooseInstance,
  generations,
  isBurstable,
  offers,
  PRICED_REGIONS,
  zonesFor,
} from '../../../modules/catalog';
import type { Platform } from '../../../modules/spec/platform';
import { Rejection } from '../../../modules/rejection';
import { DEFAULT_PLATFORM as PLATFORM } from '../../fixtures/platform';

const BASE = { vcpu: 2, memoryGiB: 8 };

test('the default platform runs on Graviton of generation 6', () => {
  const choices = choose(PLATFORM);
  expect(choices.kubernetes).toEqual({
    type: 'm6g.large',
    architecture: 'arm64',
    vcpu: 2,
    memoryGiB: 8,
    hourlyUsd: 0.077,
    why: 'cheapest non-burstable with 2 vCPU and 8 GiB in us-east-2 (next: m7g.large, +6 %)',
  });
  expect(choices.postgres.type).toBe('db.m6g.large');
  expect(Object.entries(choices.nodes).map(([name, { type }]) => `${name} ${type}`)).toEqual([
    'svc-1 m6g.large',
    'svc-2 m6g.large',
    'svc-3 m6g.large',
    'qa-1 m6g.large',
  ]);
  expect(choices.zones).toEqual([
    { letter: 'a', id: 'use2-az1' },
    { letter: 'b', id: 'use2-az2' },
    { letter: 'c', id: 'use2-az3' },
  ]);
  expect(choices.maxPodsPerNode).toBe(110);
});

test('the managed profile puts Kafka on MSK', () => {
  expect(choose({ ...PLATFORM, kafka: { ...PLATFORM.kafka, engine: 'msk' } }).kafka.type).toBe('kafka.m7g.large');
});

test('the base instance of each generation, cheapest non-burstable first within one', () => {
  expect(
    generations(BASE, 'us-east-1').map(
      (row) => `${row.generation} ${row.name} ${row.hourly.usd} +${Math.round(row.overCheapest * 100)} %`,
    ),
  ).toMatchInlineSnapshot(`
   [
     "5 m5a.large 0.086 +12 %",
     "5 m5.large 0.096 +25 %",
     "6 m6g.large 0.077 +0 %",
     "6 m6a.large 0.0864 +12 %",
     "6 m6i.large 0.096 +25 %",
     "7 m7g.large 0.0816 +6 %",
     "7 m7i.large 0.1008 +31 %",
     "7 m7a.large 0.11592 +51 %",
     "8 m8g.large 0.08976 +17 %",
     "8 m8i.large 0.10584 +37 %",
     "8 m8a.large 0.12172 +58 %",
   ]
  `);
  expect(generations(BASE, 'us-east-1', 'rds').map((row) => row.name)).toEqual([
    'db.m5.large',
    'db.m6g.large',
    'db.m6i.large',
    'db.m7g.large',
  ]);
});

test('newest is not cheapest', () => {
  const rows = generations(BASE, 'us-east-2');
  expect(rows.find((row) => row.overCheapest === 0)?.generation).toBe(6);
  expect(rows.at(-1)?.generation).toBe(8);
});

test('architecture can be asked for', () => {
  expect(chooseInstance('x', { ...BASE, architecture: 'x86_64' }, 'ec2', 'us-east-2').type).toBe('m5a.large');
});

describe('the pick is the cheapest that fits, by brute force over all that is sold', () => {
  const requirement = fc.record({
    vcpu: fc.integer({ min: 1, max: 64 }),
    memoryGiB: fc.integer({ min: 1, max: 256 }),
    architecture: fc.constantFrom(undefined, 'arm64' as const, 'x86_64' as const),
  });
  test.each(['ec2', 'rds', 'msk'] as const)('%s', (service) => {
    fc.assert(
      fc.property(
        requirement,
        fc.constantFrom(...PRICED_REGIONS.filter((name) => name !== 'us-west-1')),
        (want, region) => {
          const fitting = offers(service, region).filter(
            ({ type, zoneIds }) =>
              type.vcpu >= want.vcpu &&
              type.memoryGiB >= want.memoryGiB &&
              (want.architecture === undefined || want.architecture === type.architecture) &&
              zoneIds.length >= 3,
          );
          if (fitting.length === 0) {
            expect(() => chooseInstance('x', want, service, region)).toThrow(Rejection);
            return;
          }
          const choice = chooseInstance('x', want, service, region);
          expect(choice.hourlyUsd).toBe(Math.min(...fitting.map((offer) => offer.hourly.usd)));
          expect(isBurstable(choice.type)).toBe(false);
        },
      ),
    );
  });
});

describe('a pinned type', () => {
  const pinned = (instance: string) => () => chooseInstance('kafka', { ...BASE, instance }, 'ec2', 'us-east-2');
  test('is taken', () => expect(pinned('m7g.large')().type).toBe('m7g.large'));
  test('is refused when it bursts', () => {
    expect(pinned('t4g.large')).toThrow('kafka.instance: t4g.large is refused: t4g runs on CPU credits');
    expect(pinned('m7i-flex.large')).toThrow('40 % CPU baseline');
  });
  test('is refused when nobody sells it', () => {
    expect(pinned('m6g.lorge')).toThrow('kafka.instance: m6g.lorge is not a type');
    expect(() => chooseInstance('kafka', { ...BASE, instance: 'm7a.large' }, 'ec2', 'ca-central-1')).toThrow(
      'm7a.large is not offered in ca-central-1',
    );
  });
});

describe('zones', () => {
  const ids = (...asked: Parameters<typeof zonesFor>) => zonesFor(...asked).map((zone) => `${zone.letter} ${zone.id}`);
  test('EKS refuses some', () => {
    expect(ids('us-east-1', 3)).toEqual(['a use1-az1', 'b use1-az2', 'c use1-az4']);
    expect(ids('ca-central-1', 3)).toEqual(['a cac1-az1', 'b cac1-az2', 'c cac1-az4']);
  });
  test('a type is not in all', () => {
    expect(ids('us-east-1', 3, ['m8a.large'])).toEqual(['a use1-az2', 'b use1-az4', 'c use1-az6']);
  });
  test('zones asked for by id', () => {
    const network = { ...PLATFORM.network, zoneIds: ['usw2-az4', 'usw2-az1', 'usw2-az2'] };
    expect(
      choose({ ...PLATFORM, region: 'us-west-2', network }).zones.map((zone) => `${zone.letter} ${zone.id}`),
    ).toEqual(['a usw2-az4', 'b usw2-az1', 'c usw2-az2']);
    expect(() => zonesFor('us-east-1', ['use1-az3', 'use1-az1', 'use1-az2'])).toThrow(
      'use1-az3 is not among the zones that EKS accepts; take from use1-az1, use1-az2, use1-az4',
    );
  });
  test('two zones are too few', () => {
    expect(() => zonesFor('us-west-1', 3)).toThrow('us-west-1 has 2 zones that EKS accepts, 3 are needed');
    expect(() => zonesFor('us-east-5', 3)).toThrow('us-east-5 is not a region');
  });
  test('a platform of a type that too few zones offer says so', () => {
    const pinned: Platform = {
      ...PLATFORM,
      region: 'ca-west-1',
      mongodb: { ...PLATFORM.mongodb, instance: 'm8g.large' },
    };
    expect(() => choose({ ...pinned, postgres: { ...pinned.postgres } })).toThrow(Rejection);
  });
});
