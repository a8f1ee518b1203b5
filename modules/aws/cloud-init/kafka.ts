/** The user data of one Kafka node. */
import type { Download, KafkaArtifacts } from '../data-artifacts';
import { nodeScript, userData } from './render';
import scripts from './scripts.json';

export interface KafkaUserData {
  /** The cluster's name, such as `cimiento-kafka`. */
  readonly cluster: string;
  readonly region: string;
  /** 1, 2, 3 …: Kafka's `node.id`. */
  readonly nodeId: number;
  /** The zone id, Kafka's rack: replicas of a partition go to different ones. */
  readonly zone: string;
  /** DNS names of all nodes, by node id less 1. The first `controllers` of them vote. */
  readonly hosts: readonly string[];
  readonly controllers: number;
  readonly clientPort: number;
  readonly controllerPort: number;
  readonly jmxExporterPort: number;
  readonly nodeExporterPort: number;
  readonly volumeId: string;
  readonly clusterSecretArn: string;
  readonly clientSecretArn: string;
  readonly artifacts: KafkaArtifacts;
  readonly nodeExporter: Download;
  /** Java heap, such as `3g`; the rest of the memory is page cache, which is what serves consumers. */
  readonly heap: string;
  readonly replicationFactor: number;
  readonly minInsyncReplicas: number;
  /** Never true in the platform; the lab's control run needs to show what it costs. */
  readonly uncleanLeaderElection?: boolean;
  /** Lines added to server.properties. */
  readonly extraProperties?: string;
}

/** The variables of scripts/kafka.sh and what it uses, by name. */
export function kafkaVariables(props: KafkaUserData): Record<string, string | number> {
  const { hosts, nodeId, artifacts } = props;
  const controllers = hosts.slice(0, props.controllers);
  const host = hosts[nodeId - 1];
  if (host === undefined) throw new RangeError(`node ${nodeId} of ${hosts.length}`);
  return {
    CLUSTER: props.cluster,
    REGION: props.region,
    NODE_ID: nodeId,
    ZONE: props.zone,
    HOST: host,
    CONTROLLERS: controllers.map((controller, i) => `${i + 1}@${controller}:${props.controllerPort}`).join(' '),
    CONTROLLER_SERVERS: controllers.map((controller) => `${controller}:${props.controllerPort}`).join(','),
    BOOTSTRAP_SERVERS: hosts.map((broker) => `${broker}:${props.clientPort}`).join(','),
    CLIENT_PORT: props.clientPort,
    CONTROLLER_PORT: props.controllerPort,
    VOLUME_ID: props.volumeId,
    CLUSTER_SECRET_ARN: props.clusterSecretArn,
    CLIENT_SECRET_ARN: props.clientSecretArn,
    REPLICATION_FACTOR: props.replicationFactor,
    MIN_INSYNC_REPLICAS: props.minInsyncReplicas,
    UNCLEAN_LEADER_ELECTION: String(props.uncleanLeaderElection ?? false),
    KAFKA_EXTRA_PROPERTIES: props.extraProperties ?? '',
    HEAP: props.heap,
    JAVA_PACKAGE: artifacts.javaPackage,
    KAFKA_VERSION: artifacts.version,
    KAFKA_URL: artifacts.kafka.url,
    KAFKA_SHA512: artifacts.kafka.checksum,
    JMX_EXPORTER_URL: artifacts.jmxExporter.url,
    JMX_EXPORTER_SHA512: artifacts.jmxExporter.checksum,
    JMX_EXPORTER_PORT: props.jmxExporterPort,
    JMX_EXPORTER_RULES: scripts['kafka-jmx.yml'].trimEnd(),
    NODE_EXPORTER_URL: props.nodeExporter.url,
    NODE_EXPORTER_SHA256: props.nodeExporter.checksum,
    NODE_EXPORTER_PORT: props.nodeExporterPort,
  };
}

export function kafkaUserData(props: KafkaUserData): string {
  const script = nodeScript(
    ['base.sh', 'data-volume.sh', 'secret.sh', 'certificate.sh', 'node-exporter.sh', 'kafka.sh'],
    kafkaVariables(props),
  );
  return userData(`${props.cluster} node ${props.nodeId}`, script);
}
