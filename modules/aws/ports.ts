/** Ports inside the platform, each by the name of what listens there. Those that cross segments come from SERVICES. */
import type { KafkaSpec } from '../spec/platform';
import { SERVICES, type ServiceName } from '../spec/services';

export const [KAFKA_CLIENT_PORT, MSK_CLIENT_PORT] = SERVICES.kafka;
export const [POSTGRES_PORT] = SERVICES.postgres;
export const [MONGODB_PORT] = SERVICES.mongodb;
export const [HTTP_PORT] = SERVICES.http;
export const [HTTPS_PORT] = SERVICES.https;
export const [
  NODE_EXPORTER_PORT,
  KAFKA_EXPORTER_PORT,
  MONGODB_EXPORTER_PORT,
  MSK_JMX_EXPORTER_PORT,
  MSK_NODE_EXPORTER_PORT,
] = SERVICES.metrics;

/** The ports on which a service really listens: Kafka's depends on the engine. */
export function servicePorts(
  service: ServiceName,
  { kafka }: { readonly kafka: Pick<KafkaSpec, 'engine'> },
): readonly number[] {
  if (service !== 'kafka') return SERVICES[service];
  return [kafka.engine === 'msk' ? MSK_CLIENT_PORT : KAFKA_CLIENT_PORT];
}

/** KRaft quorum, between Kafka nodes only. */
export const KAFKA_CONTROLLER_PORT = 9093;

/** haproxy in the hello-api pods: unprivileged, so above 1024. The entry load balancer sends traffic and checks here. */
export const ENTRY_POD_PORT = 8080;

/** SSH through the EC2 Instance Connect endpoint, and from nowhere else. */
export const SSH_PORT = 22;

export interface PortRange {
  readonly from: number;
  readonly to: number;
}

/** From which Linux picks a connection's own port (`net.ipv4.ip_local_port_range`, default of the kernel): answers go there. */
export const LINUX_EPHEMERAL: PortRange = { from: 32768, to: 60999 };

/** What NAT gateways, load balancers and clients anywhere may use (AWS, "Custom network ACLs": ephemeral ports). */
export const ANY_EPHEMERAL: PortRange = { from: 1024, to: 65535 };

/** Ports as the fewest ranges, ascending: 11001 and 11002 take one rule. */
export function portRanges(ports: readonly number[]): PortRange[] {
  const ranges: { from: number; to: number }[] = [];
  for (const port of [...new Set(ports)].sort((a, b) => a - b)) {
    const last = ranges.at(-1);
    if (last !== undefined && port === last.to + 1) last.to = port;
    else ranges.push({ from: port, to: port });
  }
  return ranges;
}
