import { planAddresses, verify, type AddressPlan, type SubnetPlan } from '../../../modules/addressing';
import { BRIEF } from './brief';

type Mutable<T> = { -readonly [K in keyof T]: Mutable<T[K]> };
type Draft = Mutable<AddressPlan>;

const subnet = (plan: Draft, name: string): Mutable<SubnetPlan> =>
  plan.blocks.flatMap(({ subnets }) => subnets).find((one) => one.name === name)!;

test("the brief's plan is proved", () => expect(verify(planAddresses(BRIEF))).toEqual([]));

// Each fault alone is put into the proved plan; the first column says what AWS, or the brief, would have against it.
const FAULTS: [string, (plan: Draft) => void, string][] = [
  [
    'overlap within a segment',
    (plan) => (subnet(plan, 'testing-public-b').cidr = '10.100.33.160/27'),
    'testing-public-b: overlaps testing-public-a',
  ],
  [
    'overlap across segments',
    (plan) => (subnet(plan, 'testing-private-a').cidr = '10.100.32.0/26'),
    'testing-private-a: overlaps production-private-a',
  ],
  [
    'overlap of the two networks',
    (plan) => (subnet(plan, 'production-private-a').cidr = '10.100.0.0/26'),
    'production-private-a: overlaps kubernetes-private-a',
  ],
  [
    'gap',
    (plan) => (subnet(plan, 'bcp-1-private-c').cidr = '10.100.34.128/28'),
    'bcp-1: 16 addresses before bcp-1-public-a are unallocated',
  ],
  ['gap at the end', (plan) => plan.blocks[4]!.subnets.pop(), 'bcp-2: the last 32 addresses are unallocated'],
  [
    'misaligned',
    (plan) => (subnet(plan, 'production-public-a').cidr = '10.100.32.161/27'),
    'production-public-a: 10.100.32.161/27 is misaligned, it does not start at a multiple of 32',
  ],
  [
    'outside its block',
    (plan) => (subnet(plan, 'bcp-2-public-c').cidr = '10.100.36.0/27'),
    'bcp-2-public-c: lies outside bcp-2',
  ],
  [
    'smaller than AWS allows',
    (plan) => (subnet(plan, 'bcp-2-public-c').cidr = '10.100.35.224/29'),
    'bcp-2-public-c: 10.100.35.224/29 is smaller than the /28 that AWS allows',
  ],
  [
    'larger than AWS allows',
    (plan) => (subnet(plan, 'kubernetes-private-a').cidr = '10.100.0.0/15'),
    'kubernetes-private-a: 10.100.0.0/15 is larger than the /16 that AWS allows',
  ],
  [
    'public subnet too small for a load balancer',
    (plan) => (subnet(plan, 'bcp-2-public-c').cidr = '10.100.35.224/28'),
    'bcp-2: 2 public subnets are the /27 that a load balancer needs, 3 must be',
  ],
  [
    'wrong size',
    (plan) => (subnet(plan, 'kubernetes-private-a').size = 4096),
    'kubernetes-private-a: says it has 4096 addresses, 10.100.0.0/21 has 2048',
  ],
  [
    'reserved addresses forgotten',
    (plan) => (subnet(plan, 'testing-private-c').usable = 30),
    'testing-private-c: says 30 are usable, AWS leaves 27 of 32',
  ],
  [
    'name given twice',
    (plan) => (subnet(plan, 'testing-public-b').name = 'testing-public-a'),
    'testing-public-a: the name is given twice',
  ],
  [
    'name of another tier',
    (plan) => (subnet(plan, 'testing-public-b').name = 'testing-dmz-b'),
    'testing-dmz-b: by segment, tier and zone its name is testing-public-b',
  ],
  [
    'no private subnet in a zone',
    (plan) => (subnet(plan, 'testing-private-b').tier = 'public'),
    'testing: 6 subnets are not one public and one private in each of 3 zones',
  ],
  [
    'two zones under one letter',
    (plan) => (subnet(plan, 'bcp-1-public-a').zone = 'use2-az2'),
    'bcp-1-public-a: zone 0 is both use2-az1 and use2-az2',
  ],
  [
    'two letters for one zone',
    (plan) => plan.blocks.forEach(({ subnets }) => subnets.forEach((one) => (one.zone = 'use2-az1'))),
    'two zones of the plan are one: use2-az1, use2-az1, use2-az1',
  ],
  [
    'fewer than three zones',
    (plan) => plan.blocks.forEach((block) => (block.subnets = block.subnets.filter(({ zoneIndex }) => zoneIndex < 2))),
    'the plan uses 2 zones, fewer than three',
  ],
  [
    'no block',
    (plan) => (subnet(plan, 'bcp-1-public-a').cidr = '10.100.34.160'),
    '"10.100.34.160" is not an IPv4 block',
  ],
  ['octet out of range', (plan) => (plan.blocks[1]!.cidr = '10.100.320.0/24'), 'production: "10.100.320.0/24" is not'],
  [
    "segment's size",
    (plan) => (plan.blocks[1]!.size = 512),
    'production: says it has 512 addresses, 10.100.32.0/24 has 256',
  ],
  [
    "segment's sum",
    (plan) => (plan.blocks[1]!.allocated = 240),
    'production: says 240 are allocated, its subnets have 256',
  ],
  ["segment's shape", (plan) => (plan.blocks[1]!.shape = '2,2,2,3,4,4'), 'production: says its shape is 2,2,2,3,4,4'],
  [
    'segment missing',
    (plan) => plan.blocks.splice(2, 1),
    'network services: 256 addresses before bcp-1 are unallocated',
  ],
  ['network missing', (plan) => plan.certificate.networks.pop(), 'production: no network services'],
  [
    'network half associated',
    (plan) => (plan.certificate.networks[1]!.cidrs = ['10.100.32.0/23']),
    'network services: the last 512 addresses are unallocated',
  ],
  [
    'subnet across two associations',
    (plan) => (plan.certificate.networks[1]!.cidrs = ['10.100.32.0/27', '10.100.32.32/27', '10.100.32.64/26']),
    'production-private-a: lies in no one CIDR block of the VPC',
  ],
  [
    'certificate: allocated',
    (plan) => (plan.certificate.networks[0]!.allocated = 8191),
    'says allocated 8191, counted 8192',
  ],
  ['certificate: subnets', (plan) => (plan.certificate.networks[1]!.subnets = 23), 'says subnets 23, counted 24'],
  [
    'certificate: smallest public subnet',
    (plan) => (plan.certificate.networks[1]!.longestPublicPrefix = 26),
    'says longestPublicPrefix 26, counted 27',
  ],
  [
    'certificate: the sentence',
    (plan) => (plan.certificate.statement = plan.certificate.statement.replace('1,024 of', '1,023 of')),
    'the certificate states "8,192 of 8,192 and 1,023 of 1,024',
  ],
];

test('a subnet that covers several others is named with each of them', () => {
  const plan = structuredClone(planAddresses(BRIEF)) as Draft;
  subnet(plan, 'production-private-a').cidr = '10.100.32.0/24';
  const covered = ['private-b', 'private-c', 'public-a', 'public-b', 'public-c'];
  expect(verify(plan)).toEqual(
    expect.arrayContaining(covered.map((name) => `production-${name}: overlaps production-private-a`)),
  );
});

test.each(FAULTS)('fault: %s', (_name, put, expected) => {
  const plan = structuredClone(planAddresses(BRIEF)) as Draft;
  put(plan);
  expect(verify(plan)).toEqual(expect.arrayContaining([expect.stringContaining(expected)]));
});
