import {
  instanceType,
  loadFacts,
  maxPodsWithPrefixDelegation,
  mongodbRelease,
  mskVersion,
  kafkaRelease,
} from '../../../modules/catalog';
import capabilities from '../../../modules/catalog/data/capabilities.json';

const facts = loadFacts('2026-11-24');
const region = (name: string) => facts.regions.find((one) => one.name === name);

test('North America is nine regions, Mexico with them', () => {
  expect(facts.regions.filter((one) => one.northAmerica).map((one) => one.name)).toEqual([
    'us-east-1',
    'us-east-2',
    'us-west-1',
    'us-west-2',
    'us-gov-east-1',
    'us-gov-west-1',
    'ca-central-1',
    'ca-west-1',
    'mx-central-1',
  ]);
});

test('abroad and unknown are different things', () => {
  expect(region('eu-west-1')).toMatchObject({ northAmerica: false });
  expect(region('us-east-3')).toBeUndefined();
});

test('thin data is said', () => {
  expect(facts.regions.filter((one) => one.priced).map((one) => one.name)).toEqual([
    'us-east-1',
    'us-east-2',
    'us-west-1',
    'us-west-2',
    'ca-central-1',
  ]);
});

test('zones EKS refuses are known', () => {
  expect(region('us-east-1')?.refusedZoneIds).toEqual(['use1-az3']);
  expect(region('us-west-1')).toMatchObject({ zoneIds: ['usw1-az1', 'usw1-az3'], refusedZoneIds: ['usw1-az2'] });
  expect(region('ca-central-1')?.refusedZoneIds).toEqual(['cac1-az3']);
});

test('versions come newest first, with dates', () => {
  expect(facts.kubernetesVersions.map((one) => one.version)).toEqual(['1.36', '1.35', '1.34', '1.33', '1.32', '1.31']);
  expect(facts.postgresVersions[0]).toEqual({ version: '18', standardUntil: '2031-02-28' });
  expect(facts.mongodbVersions.map((one) => one.version)).toEqual(['8.0', '7.0', '6.0']);
  for (const versions of [
    facts.kubernetesVersions,
    facts.postgresVersions,
    facts.mongodbVersions,
    facts.kafkaVersions,
  ]) {
    for (const { standardUntil } of versions) expect(standardUntil).toMatch(/^\d{4}-\d\d-\d\d$/);
  }
});

test('a Kafka version by each of its names', () => {
  expect([kafkaRelease('4.1'), mskVersion('4.1'), mskVersion('3.8'), mskVersion('4.3')]).toEqual([
    '4.1.2',
    '4.1.x.kraft',
    '3.8.x',
    undefined,
  ]);
  expect(mongodbRelease('8.0')).toBe('8.0.29');
});

describe('instance verdicts', () => {
  test.each([
    ['ec2', 'm6g.large', 'us-east-2', { kind: 'offered', vcpu: 2, memoryGiB: 8, architecture: 'arm64' }],
    ['rds', 'db.m6g.large', 'us-east-2', { kind: 'offered', vcpu: 2, memoryGiB: 8, architecture: 'arm64' }],
    ['msk', 'kafka.m7g.large', 'us-east-2', { kind: 'offered', architecture: 'arm64' }],
    ['ec2', 't3.micro', 'us-east-2', { kind: 'burstable' }],
    ['rds', 'db.t4g.micro', 'us-east-2', { kind: 'burstable' }],
    ['msk', 'kafka.t3.small', 'us-east-2', { kind: 'burstable' }],
    ['ec2', 'm7i-flex.large', 'us-east-2', { kind: 'burstable' }],
    ['ec2', 'm7a.large', 'ca-central-1', { kind: 'not-offered', offeredIn: ['us-east-1', 'us-east-2', 'us-west-2'] }],
    ['ec2', 'm6g.larg', 'us-east-2', { kind: 'unknown', nearest: 'm6g.large' }],
    ['ec2', 'zzzzzzzzzz', 'us-east-2', { kind: 'unknown', nearest: undefined }],
    ['rds', 'm6g.large', 'us-east-2', { kind: 'unknown', nearest: 'db.m6g.large' }],
    ['rds', 'db.m8g.large', 'us-east-2', { kind: 'unknown' }],
    ['rds', 'db.m6g.large', 'mx-central-1', { kind: 'not-offered' }],
  ] as const)('%s %s in %s', (service, type, where, expected) => {
    expect(facts.instance(service, type, where)).toMatchObject(expected);
  });
});

test('pods with prefix delegation, as read for each type', () => {
  for (const [name, { maxPodsPrefixDelegation }] of Object.entries(capabilities.maxPods.types)) {
    const type = instanceType(name);
    if (type !== undefined) expect([name, maxPodsWithPrefixDelegation(type)]).toEqual([name, maxPodsPrefixDelegation]);
  }
});
