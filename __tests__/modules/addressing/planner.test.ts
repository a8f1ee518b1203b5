import { planAddresses, type PlanInput } from '../../../modules/addressing';
import { BRIEF, withKubernetes, withServices } from './brief';

const segments = (input: PlanInput) =>
  planAddresses(input)
    .blocks.slice(1)
    .map(({ segment, cidr }) => `${segment} ${cidr}`);

describe('segments', () => {
  test('three fill a /22: the one named first gets the half', () => {
    expect(segments(withServices({ segments: ['production', 'testing', 'bcp'] }))).toEqual([
      'production 10.100.32.0/23',
      'testing 10.100.34.0/24',
      'bcp 10.100.35.0/24',
    ]);
  });

  test('five: three quarters and two eighths', () => {
    expect(segments(withServices({ segments: ['one', 'two', 'three', 'four', 'five'] }))).toEqual([
      'one 10.100.32.0/24',
      'two 10.100.33.0/24',
      'three 10.100.34.0/24',
      'four 10.100.35.0/25',
      'five 10.100.35.128/25',
    ]);
  });

  test('one takes the whole network', () => {
    expect(segments(withServices({ segments: ['production'] }))).toEqual(['production 10.100.32.0/22']);
  });
});

describe('refused', () => {
  test.each<[string, PlanInput, string]>([
    [
      'host bits',
      withKubernetes({ cidr: '10.100.0.5/19' }),
      'platform.yaml network.kubernetes.cidr: 10.100.0.5/19 has host bits set; did you mean 10.100.0.0/19?',
    ],
    [
      'overlapping networks',
      withServices({ cidr: '10.100.16.0/22' }),
      'platform.yaml network.services.cidr: 10.100.16.0/22 overlaps network.kubernetes.cidr 10.100.0.0/19',
    ],
    [
      'too small for four segments',
      withServices({ cidr: '10.100.32.0/24' }),
      'platform.yaml network.services.cidr: 10.100.32.0/24 (256 addresses) is too small for 4 segments of 6 subnets, ' +
        'which take a /25 each; use a /23',
    ],
    [
      'too small for Kubernetes',
      withKubernetes({ cidr: '10.100.0.0/26' }),
      'platform.yaml network.kubernetes.cidr: 10.100.0.0/26 (64 addresses) is too small for 1 segment of 6 subnets',
    ],
    [
      'two zones',
      { ...BRIEF, zoneIds: ['usw1-az1', 'usw1-az3'] },
      'platform.yaml network.zones: zones [usw1-az1, usw1-az3]; name 3 to 6 different zones',
    ],
    ['a zone twice', { ...BRIEF, zoneIds: ['use2-az1', 'use2-az1', 'use2-az2'] }, 'name 3 to 6 different zones'],
    ['no segments', withServices({ segments: [] }), 'platform.yaml network.services.segments: no segment is named'],
    ['a segment twice', withServices({ segments: ['a', 'b', 'a'] }), '"a" is named twice'],
    ['the reserved name', withServices({ segments: ['kubernetes'] }), '"kubernetes" is named twice'],
  ])('%s', (_name, input, message) => expect(() => planAddresses(input)).toThrow(message));
});
