/**
 * The services that cross segment borders, with their ports: the one home of a port number. `network.allow`, security
 * groups, network ACLs, the reachability matrix and the bridge read it.
 */
export const SERVICES = {
  /** Kafka clients, TLS: SCRAM on EC2, IAM on MSK (AWS: "Port information", MSK developer guide). */
  kafka: [9094, 9098],
  postgres: [5432],
  mongodb: [27017],
  /** Exporters: node_exporter, jmx_exporter on Kafka, mongodb_exporter; MSK's open monitoring (11001 jmx, 11002 node). */
  metrics: [9100, 9404, 9216, 11001, 11002],
  http: [80],
  https: [443],
} as const satisfies Record<string, readonly number[]>;

export type ServiceName = keyof typeof SERVICES;

export const SERVICE_NAMES = Object.keys(SERVICES) as ServiceName[];
