/** Platform → platform.yaml with every key written out: the inverse that the round trip needs. */
import { stringify } from 'yaml';
import type { InstanceRequirement, Platform } from '../../../modules/spec';

const machine = ({ vcpu, memoryGiB, architecture, instance }: InstanceRequirement) => ({
  minimum: `${vcpu} vCPU ${memoryGiB} GiB`,
  ...(architecture && { architecture }),
  ...(instance && { instance }),
});

export function print(platform: Platform): string {
  const { network, kubernetes, kafka, postgres, mongodb, budget, state } = platform;
  return stringify({
    name: platform.name,
    region: platform.region,
    profile: platform.profile,
    state: state.kind === 'local' ? 'local' : { s3: state.bucket },
    network: {
      zones: network.zoneIds ?? network.zones,
      kubernetes: network.kubernetes,
      services: network.services,
      egress: network.egress,
      allow: network.allow.map(({ from, to, services }) => ({ [`${from} -> ${to}`]: services })),
    },
    volumes: platform.volumes,
    kubernetes: {
      version: kubernetes.version,
      nodes: { count: kubernetes.nodes.count, ...machine(kubernetes.nodes), disk: `${kubernetes.nodes.diskGiB} GiB` },
      api: kubernetes.api,
      admins: kubernetes.admins,
    },
    kafka: {
      engine: kafka.engine,
      version: kafka.version,
      nodes: kafka.nodes,
      ...machine(kafka),
      disk: `${kafka.diskGiB} GiB`,
    },
    postgres: {
      version: postgres.version,
      ...machine(postgres),
      disk: `${postgres.diskGiB} GiB`,
      multiAz: postgres.multiAz,
      backups: `${postgres.backupDays} days`,
    },
    mongodb: { version: mongodb.version, nodes: mongodb.nodes, ...machine(mongodb), disk: `${mongodb.diskGiB} GiB` },
    nodes: platform.nodes.map(({ name, segment, zone, diskGiB, ...rest }) => ({
      name,
      segment,
      zone: 'abcdef'[zone],
      ...machine(rest),
      disk: `${diskGiB} GiB`,
    })),
    gitops: platform.gitops,
    usage: platform.usage,
    ...(budget && { budget: { monthly: `${budget.monthlyUsd} USD`, email: budget.email } }),
    tags: platform.tags,
    waivers: platform.waivers,
  });
}
