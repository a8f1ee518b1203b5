/** A platform as the parser would give it, for tests of what comes after the parser. */
import type { Platform, UsageRange } from '../../../modules/spec/platform';

const likely = (value: number): UsageRange => ({ low: value / 2, likely: value, high: value * 2 });

export const PLATFORM: Platform = {
  name: 'cimiento',
  region: 'us-east-2',
  profile: 'cheapest-durable',
  state: { kind: 'local' },
  network: {
    zones: 3,
    kubernetes: { cidr: '10.100.0.0/19', serviceCidr: '172.20.0.0/16', shape: 'auto' },
    services: { cidr: '10.100.32.0/22', segments: ['production', 'testing', 'bcp-1', 'bcp-2'], shape: 'auto' },
    egress: 'single-nat',
    allow: [],
  },
  volumes: 'gp3',
  kubernetes: {
    version: '1.36',
    nodes: { vcpu: 2, memoryGiB: 8, count: 3, diskGiB: 50 },
    api: { publicFrom: [] },
    admins: [],
  },
  kafka: { engine: 'ec2', version: '4.1', vcpu: 2, memoryGiB: 8, nodes: 3, diskGiB: 100 },
  postgres: { version: 17, vcpu: 2, memoryGiB: 8, diskGiB: 100, multiAz: true, backupDays: 7 },
  mongodb: { version: '8.0', vcpu: 2, memoryGiB: 8, nodes: 3, diskGiB: 100 },
  nodes: ['svc-1', 'svc-2', 'svc-3', 'qa-1'].map((name, index) => ({
    name,
    segment: name === 'qa-1' ? 'testing' : 'production',
    zone: index % 3,
    vcpu: 2,
    memoryGiB: 8,
    diskGiB: 30,
  })),
  gitops: { repository: 'https://github.com/you/cimiento', revision: 'main', images: 'docker.io/you' },
  usage: {
    natGb: likely(200),
    producedGb: likely(150),
    egressGb: likely(100),
    interZoneGb: likely(100),
    logsGb: likely(20),
    lcu: likely(1),
    snapshotGb: likely(0),
  },
  tags: {},
  waivers: [],
};
