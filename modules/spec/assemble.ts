/** The parsed file → Platform: what one default owes to another value, and flat requirements. */
import type { InstanceRequirement, Platform, ServiceNodeSpec } from './platform';
import { KUBERNETES_SEGMENT } from './platform';
import type { PlatformFile } from './schema';

/** Three nodes a cluster (brief 2.8): the fewest that lose one and keep a majority. */
const QUORUM = 3;

export function assemble(file: PlatformFile): Platform {
  const { network, kubernetes, kafka, postgres, mongodb, budget } = file;
  const segments = network.services.segments;
  const [data, testing = data] = segments as [string, ...string[]];
  const zones = network.zones.count;
  const engine = kafka.engine ?? (file.profile === 'managed' ? 'msk' : 'ec2');
  return {
    name: file.name,
    region: file.region,
    profile: file.profile,
    state: file.state,
    network: {
      zones,
      ...(network.zones.ids && { zoneIds: network.zones.ids }),
      kubernetes: network.kubernetes,
      services: network.services,
      egress: network.egress,
      allow: network.allow ?? [
        { from: KUBERNETES_SEGMENT, to: data, services: ['kafka', 'postgres', 'mongodb', 'metrics'] },
      ],
    },
    volumes: file.volumes,
    kubernetes: {
      version: kubernetes.version,
      nodes: {
        count: kubernetes.nodes.count ?? zones,
        ...requirement(kubernetes.nodes),
        diskGiB: kubernetes.nodes.disk,
      },
      api: kubernetes.api,
      entry: kubernetes.entry,
      admins: kubernetes.admins,
    },
    kafka: {
      engine,
      version: kafka.version,
      nodes: kafka.nodes ?? (engine === 'msk' ? zones : QUORUM),
      ...requirement(kafka),
      diskGiB: kafka.disk,
    },
    postgres: {
      version: Number(postgres.version),
      ...requirement(postgres),
      diskGiB: postgres.disk,
      multiAz: postgres.multiAz,
      backupDays: postgres.backups,
    },
    mongodb: {
      version: mongodb.version,
      nodes: mongodb.nodes ?? QUORUM,
      ...requirement(mongodb),
      diskGiB: mongodb.disk,
    },
    nodes: (file.nodes ?? serviceNodes(data, testing)).map((node) => ({
      name: node.name,
      segment: node.segment,
      zone: node.zone,
      ...requirement(node),
      diskGiB: node.disk,
    })),
    gitops: file.gitops,
    usage: file.usage,
    ...(budget && { budget: { monthlyUsd: budget.monthly, email: budget.email } }),
    tags: file.tags,
    waivers: file.waivers,
  };
}

interface MachineValues {
  readonly minimum: { readonly vcpu: number; readonly memoryGiB: number };
  readonly architecture?: InstanceRequirement['architecture'];
  readonly instance?: string;
}

function requirement({ minimum, architecture, instance }: MachineValues): InstanceRequirement {
  return { ...minimum, ...(architecture && { architecture }), ...(instance && { instance }) };
}

/** The four nodes of the brief (2.5): production in each of three zones, testing beside the first. */
function serviceNodes(data: string, testing: string) {
  const least = { minimum: { vcpu: 2, memoryGiB: 8 }, disk: 30 };
  const production = [0, 1, 2].map((zone) => ({ name: `svc-${zone + 1}`, segment: data, zone, ...least }));
  return [...production, { name: 'qa-1', segment: testing, zone: 0, ...least }] as (MachineValues &
    Pick<ServiceNodeSpec, 'name' | 'segment' | 'zone'> & { disk: number })[];
}
