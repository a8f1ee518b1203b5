/**
 * Who may talk to whom, group to group, as data: security groups are identities, and each permission is one rule on the
 * caller's side and one on the other's. What crosses segments comes from `network.allow` alone.
 */
import { entersByHttp, KUBERNETES_SEGMENT, type AllowRule, type Platform } from '../spec/platform';
import type { ServiceName } from '../spec/services';
import type { SecurityGroupName } from './outputs';
import {
  ENTRY_POD_PORT,
  HTTP_PORT,
  HTTPS_PORT,
  KAFKA_CLIENT_PORT,
  KAFKA_CONTROLLER_PORT,
  KAFKA_EXPORTER_PORT,
  MONGODB_EXPORTER_PORT,
  MONGODB_PORT,
  MSK_JMX_EXPORTER_PORT,
  MSK_NODE_EXPORTER_PORT,
  NODE_EXPORTER_PORT,
  POSTGRES_PORT,
  servicePorts,
  SSH_PORT,
} from './ports';
import { dataSegment, isSwitchedOn } from './segments';

/** Groups that stacks use, and the one of the EC2 Instance Connect endpoint, which only the network stack knows. */
export type GroupName = SecurityGroupName | 'instance-connect';

export type Party = { readonly group: GroupName } | { readonly cidr: string };

export interface Permission {
  readonly from: Party;
  readonly to: Party;
  /** TCP port; undefined is every protocol. */
  readonly port?: number;
  /** Why, as it stands in the AWS console. Letters, digits and `._-:/()#,@[]+=&;{}!$*` only. */
  readonly why: string;
}

export type SecurityInputs = Pick<Platform, 'network' | 'nodes' | 'kafka' | 'kubernetes'>;

const INTERNET: Party = { cidr: '0.0.0.0/0' };

/** What listens on the metrics ports of each group; MSK's monitoring has ports of its own. */
function metricsPorts(platform: SecurityInputs, group: SecurityGroupName): readonly number[] {
  if (group === 'kafka') {
    return platform.kafka.engine === 'msk'
      ? [MSK_JMX_EXPORTER_PORT, MSK_NODE_EXPORTER_PORT]
      : [NODE_EXPORTER_PORT, KAFKA_EXPORTER_PORT];
  }
  if (group === 'mongodb') return [NODE_EXPORTER_PORT, MONGODB_EXPORTER_PORT];
  return group === 'postgres' ? [] : [NODE_EXPORTER_PORT];
}

export function groupNames({ network }: Pick<Platform, 'network'>): GroupName[] {
  const nodes = network.services.segments.map((segment): GroupName => `nodes-${segment}`);
  return ['cluster', 'load-balancer', 'kafka', 'postgres', 'mongodb', ...nodes, 'instance-connect'];
}

/** Every permission of the platform, without repetition. */
export function permissions(platform: SecurityInputs): Permission[] {
  const all = [
    ...entry(platform),
    ...withinCluster(),
    ...withinData(platform),
    ...platform.network.allow.flatMap((rule) => acrossSegments(platform, rule)),
    ...administration(platform),
    ...egress(platform),
  ];
  return [...new Map(all.map((one) => [permissionName(one), one])).values()];
}

/** `kubernetes-to-kafka-9094`: unique among permissions, stable over edits. */
export function permissionName({ from, to, port }: Permission): string {
  const party = (one: Party): string => ('group' in one ? one.group : 'internet');
  return `${party(from)}-to-${party(to)}-${port ?? 'all'}`;
}

/** The internet to the entry load balancer, and from it to the pods. */
function entry({ kubernetes }: SecurityInputs): Permission[] {
  const ports = entersByHttp(kubernetes) ? [HTTP_PORT] : [HTTPS_PORT, HTTP_PORT];
  return [
    ...ports.map((port) => ({ from: INTERNET, to: { group: 'load-balancer' as const }, port, why: 'Clients' })),
    {
      from: { group: 'load-balancer' },
      to: { group: 'cluster' },
      port: ENTRY_POD_PORT,
      why: 'Requests and health checks',
    },
  ];
}

/** Control plane, nodes and pods share one group: kubelet, DNS, webhooks and pod to pod; finer rules are NetworkPolicy's. */
function withinCluster(): Permission[] {
  return [{ from: { group: 'cluster' }, to: { group: 'cluster' }, why: 'Control plane, nodes and pods' }];
}

/** Members among themselves, and the segment's own service nodes to its data. */
function withinData(platform: SecurityInputs): Permission[] {
  const clients: GroupName = `nodes-${dataSegment(platform)}`;
  const to = (from: GroupName, group: GroupName, port: number, why: string): Permission => ({
    from: { group: from },
    to: { group },
    port,
    why,
  });
  return [
    // MSK keeps its quorum and replication on network interfaces of its own.
    ...(platform.kafka.engine === 'ec2'
      ? [
          to('kafka', 'kafka', KAFKA_CONTROLLER_PORT, 'KRaft quorum'),
          to('kafka', 'kafka', KAFKA_CLIENT_PORT, 'Replication between brokers'),
        ]
      : []),
    to('mongodb', 'mongodb', MONGODB_PORT, 'Replica set members'),
    ...servicePorts('kafka', platform).map((port) => to(clients, 'kafka', port, 'Services of the same segment')),
    to(clients, 'postgres', POSTGRES_PORT, 'Services of the same segment'),
    to(clients, 'mongodb', MONGODB_PORT, 'Services of the same segment'),
  ];
}

function acrossSegments(platform: SecurityInputs, rule: AllowRule): Permission[] {
  const callers: GroupName[] = rule.from === KUBERNETES_SEGMENT ? ['cluster'] : [`nodes-${rule.from}`];
  return rule.services.flatMap((service) =>
    servers(platform, rule.to, service).flatMap(({ group, ports }) =>
      callers.flatMap((from) =>
        ports.map((port) => ({
          from: { group: from },
          to: { group },
          port,
          why: `network.allow: ${rule.from} to ${rule.to}, ${service}`,
        })),
      ),
    ),
  );
}

/** The ports on which something in a segment serves a service: what `network.allow` means there. */
export function portsServed(platform: SecurityInputs, segment: string, service: ServiceName): number[] {
  const ports = servers(platform, segment, service).flatMap((one) => one.ports);
  return [...new Set(ports)].sort((one, other) => one - other);
}

/** Which groups of a segment serve a service, and on which of its ports. */
function servers(
  platform: SecurityInputs,
  segment: string,
  service: ServiceName,
): { readonly group: SecurityGroupName; readonly ports: readonly number[] }[] {
  if (segment === KUBERNETES_SEGMENT) return [{ group: 'cluster', ports: servicePorts(service, platform) }];
  const nodes: SecurityGroupName = `nodes-${segment}`;
  const holdsData = segment === dataSegment(platform);
  if (service === 'metrics') {
    const groups: SecurityGroupName[] = holdsData ? ['kafka', 'mongodb', nodes] : [nodes];
    return groups.map((group) => ({ group, ports: metricsPorts(platform, group) }));
  }
  const isData = service === 'kafka' || service === 'postgres' || service === 'mongodb';
  return [{ group: holdsData && isData ? service : nodes, ports: servicePorts(service, platform) }];
}

/** People, by EC2 Instance Connect; Session Manager needs no rule, the agent calls out. */
function administration(platform: SecurityInputs): Permission[] {
  return machines(platform).map((group) => ({
    from: { group: 'instance-connect' },
    to: { group },
    port: SSH_PORT,
    why: 'EC2 Instance Connect',
  }));
}

/**
 * HTTPS out, through NAT: registries, packages, AWS. RDS and MSK need none. And the entry as clients call it, which without a
 * certificate is by HTTP: the probe of it goes out to the load balancer's public address.
 */
function egress(platform: SecurityInputs): Permission[] {
  const https = (['cluster', ...machines(platform)] as const).map((group) => ({
    from: { group },
    to: INTERNET,
    port: HTTPS_PORT,
    why: 'Registries, packages and AWS, through NAT',
  }));
  if (!entersByHttp(platform.kubernetes)) return https;
  return [
    ...https,
    {
      from: { group: 'cluster' },
      to: INTERNET,
      port: HTTP_PORT,
      why: 'Probe of the entry, as long as it has no certificate',
    },
  ];
}

/** Groups whose members are EC2 machines with a shell. */
function machines(platform: SecurityInputs): GroupName[] {
  const on = platform.network.services.segments.filter((segment) => isSwitchedOn(platform, segment));
  return [
    ...(platform.kafka.engine === 'ec2' ? (['kafka'] as const) : []),
    'mongodb',
    ...on.map((segment): GroupName => `nodes-${segment}`),
  ];
}
