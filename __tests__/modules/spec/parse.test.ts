import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { longestBlockPrefix } from '../../../modules/addressing/shapes';
import { longestSegmentPrefix } from '../../../modules/spec/rules/segments';
import { parse, refused } from './parsing';

const EXAMPLE = readFileSync(join(__dirname, '../../../platform.yaml'), 'utf8');

describe('complete by default', () => {
  test('the committed platform.yaml says only what its defaults say, and what it waives', () =>
    expect({ ...parse(EXAMPLE), waivers: [] }).toEqual(parse('name: cimiento')));

  test('four service nodes: production over three zones, testing beside the first', () =>
    expect(parse('name: x').nodes.map(({ name, segment, zone }) => [name, segment, zone])).toEqual([
      ['svc-1', 'production', 0],
      ['svc-2', 'production', 1],
      ['svc-3', 'production', 2],
      ['qa-1', 'testing', 0],
    ]));

  test('defaults follow the segments that are named', () => {
    const { nodes, network } = parse('name: x\nnetwork: { services: { segments: [live, trial] } }');
    expect(network.allow[0]).toMatchObject({ from: 'kubernetes', to: 'live' });
    expect(nodes.map(({ segment }) => segment)).toEqual(['live', 'live', 'live', 'trial']);
  });

  test('the profile chooses the engine of Kafka, unless that is set', () => {
    expect(parse('name: x\nprofile: managed').kafka.engine).toBe('msk');
    expect(parse('name: x\nprofile: managed\nkafka: { engine: ec2 }').kafka.engine).toBe('ec2');
  });

  test('four zones get four workers, and four brokers on MSK', () => {
    const platform = parse('name: x\nregion: us-west-2\nprofile: managed\nnetwork: { zones: 4 }');
    expect([platform.kubernetes.nodes.count, platform.kafka.nodes, platform.mongodb.nodes]).toEqual([4, 4, 3]);
  });
});

describe('notations', () => {
  test.each([
    ['kafka: { disk: 1 TiB }', { kafka: { diskGiB: 1024 } }],
    ['kafka: { disk: 0.5 TiB }', { kafka: { diskGiB: 512 } }],
    ['kafka: { disk: 80GiB }', { kafka: { diskGiB: 80 } }],
    ['postgres: { backups: 1 day }', { postgres: { backupDays: 1 } }],
    ['kafka: { minimum: 16 GiB 4 vCPU }', { kafka: { vcpu: 4, memoryGiB: 16 } }],
    ['kubernetes: { version: 1.36 }', { kubernetes: { version: '1.36' } }],
    ['mongodb: { version: 8.0 }', { mongodb: { version: '8.0' } }],
    ['postgres: { version: "16" }', { postgres: { version: 16 } }],
    ['usage: { natGb: 200 }', { usage: { natGb: { low: 100, likely: 200, high: 400 } } }],
    ['usage: { natGb: { low: 1, likely: 2, high: 3 } }', { usage: { natGb: { low: 1, likely: 2, high: 3 } } }],
    ['budget: { monthly: 1500 USD, email: a@b.example }', { budget: { monthlyUsd: 1500, email: 'a@b.example' } }],
    ['state: { s3: my-bucket }', { state: { kind: 's3', bucket: 'my-bucket' } }],
    ["network: { kubernetes: { shape: '3, 3,2,2,3,3' } }", { network: { kubernetes: { shape: '2,2,3,3,3,3' } } }],
    [
      'kubernetes: { api: { publicFrom: [203.0.113.7/32] } }',
      { kubernetes: { api: { publicFrom: ['203.0.113.7/32'] } } },
    ],
    ['gitops: { repository: "git@github.com:you/x.git" }', { gitops: { repository: 'git@github.com:you/x.git' } }],
    [
      'gitops: { images: "registry.example:5000/team/apps" }',
      { gitops: { images: 'registry.example:5000/team/apps' } },
    ],
    ['tags: { team: shop }', { tags: { team: 'shop' } }],
    [
      'postgres: { instance: db.r6g.large, multiAz: false }',
      { postgres: { instance: 'db.r6g.large', multiAz: false } },
    ],
  ])('%s', (line, expected) => expect(parse(`name: x\n${line}`)).toMatchObject(expected));

  test('zones by id', () =>
    expect(
      parse('name: x\nregion: us-east-1\nnetwork: { zones: [use1-az6, use1-az1, use1-az4] }').network,
    ).toMatchObject({
      zones: 3,
      zoneIds: ['use1-az6', 'use1-az1', 'use1-az4'],
    }));
});

describe('rejections', () => {
  test('all of a file at once, in the order of its lines', () =>
    expect(
      refused(
        'name: x\nregion: eu-west-1\nkafka: { nodes: 4, disk: 100 }\nnodes:\n  - { name: n, segment: qa, zone: a }\nfoo: 1',
      ),
    ).toEqual([
      'platform.yaml:2:9 region: eu-west-1 is not in North America; choose from us-east-1, us-east-2, us-west-2, ca-central-1',
      'platform.yaml:3:17 kafka.nodes: a KRaft quorum of 4 survives the loss of no more members than one of 3; did you mean 3 or 5?',
      'platform.yaml:3:26 kafka.disk: 100 has no unit; did you mean 100 GiB?',
      'platform.yaml:5:25 nodes[0].segment: qa is not a segment; choose from production, testing, bcp-1, bcp-2',
      expect.stringMatching(
        /^platform.yaml:6:1 foo: foo is not a key of platform.yaml; the keys here are name, region, /,
      ),
    ]));

  test('what rests on a refused value is not judged', () =>
    expect(
      refused('name: x\nnetwork: { services: { segments: [Live] } }\nnodes: [{ name: n, segment: live, zone: a }]'),
    ).toEqual([expect.stringContaining('network.services.segments[0]: Live is not a DNS label')]));

  test('a version is judged on the day of the run', () => {
    expect(refused("name: x\nkubernetes: { version: '1.34' }")).toEqual([]);
  });

  test('windows line ends and a byte order mark are no defect', () =>
    expect(refused('\uFEFFname: x\r\nregion: us-east-2\r\n')).toEqual([]));

  test('a file of nested brackets is refused, not a crash', () =>
    expect(refused(`name: ${'['.repeat(100_000)}`)).toHaveLength(1));

  test('a prototype cannot be written', () =>
    expect(refused('name: x\n__proto__: { region: us-east-1 }')).toEqual([
      expect.stringContaining('is not a key of platform.yaml'),
    ]));
});

test.each([3, 4, 5, 6])('the smallest segment over %d zones is the one that can be planned', (zones) =>
  expect(longestSegmentPrefix(zones)).toBe(longestBlockPrefix(zones)),
);

test('a revision is the text that stands there, also where YAML reads a number', () => {
  const revision = (text: string) => parse(`name: shop\ngitops: { revision: ${text} }`).gitops.revision;
  expect(['1.0', '5e12345', '0012345'].map(revision)).toEqual(['1.0', '5e12345', '0012345']);
});
