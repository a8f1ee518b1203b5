import {
  ledgerOf,
  planAddresses,
  reconcile,
  requireRecorded,
  verify,
  type PlanInput,
} from '../../../modules/addressing';
import { BRIEF, withKubernetes, withServices } from './brief';

const LEDGER = ledgerOf(planAddresses(BRIEF));
const SEGMENTS = BRIEF.services.segments;

/** What an edit of platform.yaml does to what the ledger of the brief holds. */
function edit(input: PlanInput, ledger = LEDGER) {
  const plan = planAddresses(input, ledger);
  return { plan, ...reconcile(ledger, plan) };
}

describe('growing moves nothing', () => {
  test('the platform as it was', () => {
    expect(edit(BRIEF)).toMatchObject({
      plan: planAddresses(BRIEF),
      ledger: LEDGER,
      added: [],
      moved: [],
      dropped: [],
    });
  });

  test('segments in another order', () => {
    const { plan, added, moved } = edit(withServices({ segments: [...SEGMENTS].reverse() }));
    expect({ added, moved }).toEqual({ added: [], moved: [] });
    expect(plan.blocks.map(({ segment }) => segment)).toEqual([
      'kubernetes',
      'bcp-2',
      'bcp-1',
      'testing',
      'production',
    ]);
  });

  test('a segment in a wider network takes the added part, a further CIDR block of the VPC', () => {
    const { plan, added } = edit(withServices({ cidr: '10.100.32.0/21', segments: [...SEGMENTS, 'analytics'] }));
    expect(plan.blocks.at(-1)).toMatchObject({ segment: 'analytics', cidr: '10.100.36.0/22' });
    expect(plan.certificate.networks[1]).toMatchObject({
      cidr: '10.100.32.0/21',
      cidrs: ['10.100.32.0/22', '10.100.36.0/22'],
      allocated: 2048,
    });
    expect(added).toHaveLength(6);
    expect(verify(plan)).toEqual([]);
  });

  test('three segments share what two bits of widening add; those there before lie in the middle', () => {
    const before = withServices({ cidr: '10.100.36.0/22' });
    const wider = withServices({ cidr: '10.100.32.0/20', segments: ['edge', ...SEGMENTS, 'analytics', 'archive'] });
    const { plan } = edit(wider, ledgerOf(planAddresses(before)));
    expect(plan.blocks.slice(1).map(({ segment, cidr }) => `${segment} ${cidr}`)).toEqual([
      'edge 10.100.32.0/22',
      'production 10.100.36.0/24',
      'testing 10.100.37.0/24',
      'bcp-1 10.100.38.0/24',
      'bcp-2 10.100.39.0/24',
      'analytics 10.100.40.0/22',
      'archive 10.100.44.0/22',
    ]);
    expect(verify(plan)).toEqual([]);
  });

  test('a zone more, where each network is one segment and is widened', () => {
    const three: PlanInput = {
      kubernetes: { cidr: '10.100.0.0/19', shape: 'auto' },
      services: { cidr: '10.101.0.0/24', segments: ['production'], shape: 'auto' },
      zoneIds: ['usw2-az1', 'usw2-az2', 'usw2-az3'],
    };
    const four: PlanInput = {
      kubernetes: { cidr: '10.100.0.0/18', shape: 'auto' },
      services: { cidr: '10.101.0.0/23', segments: ['production'], shape: 'auto' },
      zoneIds: [...three.zoneIds, 'usw2-az4'],
    };
    const { plan, added } = edit(four, ledgerOf(planAddresses(three)));
    expect(added).toEqual([
      'kubernetes-private-d',
      'kubernetes-public-d',
      'production-private-d',
      'production-public-d',
    ]);
    expect(plan.blocks[0]!.subnets.at(-1)).toMatchObject({ name: 'kubernetes-public-d', cidr: '10.100.48.0/20' });
    expect(verify(plan)).toEqual([]);
  });
});

describe('growing that has no room says why', () => {
  test.each<[string, PlanInput, string]>([
    [
      'a segment in a full network',
      withServices({ segments: [...SEGMENTS, 'analytics'] }),
      'platform.yaml network.services.segments: no room for "analytics": no address of 10.100.32.0/22 is free, and ' +
        'a segment takes a /25; widen network.services.cidr to 10.100.32.0/21, which moves nothing, or npx cimiento addresses',
    ],
    [
      'more segments than the added part holds',
      withServices({ cidr: '10.100.32.0/21', segments: [...SEGMENTS, ...'abcdefghi'] }),
      '"h", "i": 1,024 addresses of 10.100.32.0/21 are free, and a segment takes a /25; widen network.services.cidr to ' +
        '10.100.32.0/20',
    ],
    [
      'a wider network without a segment for it',
      withServices({ cidr: '10.100.32.0/20' }),
      'platform.yaml network.services.cidr: 10.100.36.0/22, 10.100.40.0/21 of 10.100.32.0/20 would stay unallocated; name 2 ' +
        'more segments',
    ],
    [
      'a wider Kubernetes network',
      { ...withKubernetes({ cidr: '10.100.0.0/18' }), services: { ...BRIEF.services, cidr: '10.101.0.0/22' } },
      'platform.yaml network.kubernetes.cidr: 10.100.32.0/19 of 10.100.0.0/18 would stay unallocated, since AWS cannot ' +
        'enlarge a subnet; add a zone',
    ],
    [
      'a zone in a full block',
      { ...BRIEF, zoneIds: [...BRIEF.zoneIds, 'use2-az4'] },
      'platform.yaml network.zones: no room for "use2-az4" in segment kubernetes: every address of 10.100.0.0/19 is ' +
        'allocated; keep the zones',
    ],
    [
      'a zone in a segment among others',
      {
        kubernetes: { cidr: '10.100.0.0/18', shape: 'auto' },
        services: { ...BRIEF.services, cidr: '10.101.0.0/22' },
        zoneIds: [...BRIEF.zoneIds, 'use2-az4'],
      },
      'in segment production: every address of 10.101.0.0/24 is allocated, and a block among others cannot grow; keep',
    ],
  ])('%s', (_name, input, message) => {
    const elsewhere = { ...BRIEF, services: { ...BRIEF.services, cidr: '10.101.0.0/22' } };
    const ledger = input.services.cidr === '10.101.0.0/22' ? ledgerOf(planAddresses(elsewhere)) : LEDGER;
    expect(() => edit(input, ledger)).toThrow(message);
  });

  test('a /25 whose third public subnet is too small for a load balancer does not grow into a /24 that could', () => {
    const small: PlanInput = {
      ...withServices({ cidr: '10.101.0.0/25', segments: ['production'] }),
      kubernetes: { cidr: '10.100.0.0/19', shape: 'auto' },
    };
    const wider = {
      ...withServices({ cidr: '10.101.0.0/24', segments: ['production'] }),
      kubernetes: { cidr: '10.100.0.0/18', shape: 'auto' },
      zoneIds: [...BRIEF.zoneIds, 'use2-az4'],
    };
    expect(() => edit(wider, ledgerOf(planAddresses(small)))).toThrow(
      'platform.yaml network.services.cidr: 3 of the public subnets of production would hold a load balancer where 4 could',
    );
  });
});

describe('an edit that would move or drop a subnet is refused by name', () => {
  const names = (segment: string) =>
    ['private', 'public'].flatMap((tier) => ['a', 'b', 'c'].map((zone) => `${segment}-${tier}-${zone}`)).join(', ');

  test.each<[string, PlanInput, string]>([
    [
      'a segment renamed',
      withServices({ segments: ['production', 'testing', 'bcp-1', 'growth'] }),
      `platform.yaml network.services: this edit would drop ${names('bcp-2')}, handed out in addresses.lock.json; take the ` +
        'edit back, or npx cimiento addresses --reallocate',
    ],
    [
      'a segment removed, so that others take its place',
      withServices({ segments: ['production', 'testing', 'bcp-1'] }),
      `would drop ${names('bcp-2')} and move ${names('production')}, ${names('testing')}, ${names('bcp-1')}, handed out`,
    ],
    [
      'another block',
      withKubernetes({ cidr: '10.200.0.0/19' }),
      `platform.yaml network.kubernetes: this edit would move ${names('kubernetes')}, handed out`,
    ],
    [
      'another shape: only what it moves is named',
      withKubernetes({ shape: '2,2,3,3,3,3' }),
      'this edit would move kubernetes-private-c, kubernetes-public-a, kubernetes-public-b, kubernetes-public-c, handed out',
    ],
    [
      'zones in another order',
      { ...BRIEF, zoneIds: ['use2-az2', 'use2-az1', 'use2-az3'] },
      'platform.yaml network.kubernetes: this edit would move kubernetes-private-a, kubernetes-private-b, kubernetes-public-a',
    ],
    [
      'another region, both networks reported',
      { ...BRIEF, zoneIds: ['usw2-az1', 'usw2-az2', 'usw2-az3'] },
      `platform.yaml network.services: this edit would move ${names('production')}`,
    ],
  ])('%s', (_name, input, message) => expect(() => edit(input)).toThrow(message));

  test('a zone fewer drops its subnets', () => {
    const before = ledgerOf(planAddresses({ ...BRIEF, zoneIds: ['a', 'b', 'c', 'd'] }));
    expect(() => edit({ ...BRIEF, zoneIds: ['a', 'b', 'c'] }, before)).toThrow('would drop kubernetes-private-d');
  });

  test('unless it is asked for: the same edit then says what moves and gives the new ledger', () => {
    const input = withKubernetes({ shape: '2,2,3,3,3,3' });
    const { moved, ledger } = reconcile(LEDGER, planAddresses(input), { reallocate: true });
    expect(moved[0]).toEqual({
      name: 'kubernetes-private-c',
      from: '10.100.16.0/21 in use2-az3',
      to: '10.100.16.0/22 in use2-az3',
    });
    expect(edit(input, ledger)).toMatchObject({ added: [], moved: [], dropped: [] });
  });
});

describe('a run that deploys', () => {
  const grown = planAddresses(withServices({ cidr: '10.100.32.0/21', segments: [...SEGMENTS, 'analytics'] }), LEDGER);

  test('takes a plan that is written down', () =>
    expect(() => requireRecorded(LEDGER, planAddresses(BRIEF))).not.toThrow());

  test('refuses subnets that are not, by name', () => {
    expect(() => requireRecorded(LEDGER, grown)).toThrow(
      'addresses.lock.json: it does not hold analytics-private-a, analytics-private-b, analytics-private-c, ' +
        'analytics-public-a, analytics-public-b, analytics-public-c of this plan; npm start writes them down; commit the file',
    );
    expect(() => requireRecorded(undefined, grown)).toThrow('it does not hold 36 subnets of this plan');
  });
});
