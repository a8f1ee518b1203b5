/**
 * Kafka on EC2: KRaft nodes, one a zone, combined broker and controller on the first three. An acknowledged record
 * (acks=all) is in at least two zones; nothing is elected that could lose one.
 */
import type { Construct } from 'constructs';
import type { Zone } from '../catalog/choices';
import type { KafkaSpec } from '../spec/platform';
import { kafkaUserData } from './cloud-init';
import { kafkaArtifacts } from './data-artifacts';
import { DataCluster, type DataClusterProps } from './data-cluster';
import type { KafkaCluster } from './kafka-cluster';
import { DURABILITY } from './kafka-durability';
import { KAFKA_CLIENT_PORT, KAFKA_CONTROLLER_PORT, KAFKA_EXPORTER_PORT } from './ports';

/** Controllers: an odd number, and one a zone; more brokers need no more of them. */
const CONTROLLERS = 3;

export interface KafkaProps extends DataClusterProps {
  readonly spec: KafkaSpec;
  readonly zones: readonly Zone[];
}

export class Kafka extends DataCluster implements KafkaCluster {
  readonly bootstrap: readonly string[];
  readonly secretArns: Readonly<Record<string, string>>;
  readonly scrapeTargets: readonly string[];

  constructor(scope: Construct, id: string, props: KafkaProps) {
    const { spec, instance, zones } = props;
    const artifacts = kafkaArtifacts(spec.version);
    super(
      scope,
      id,
      props,
      {
        engine: 'kafka',
        nodes: spec.nodes,
        diskGiB: spec.diskGiB,
        clusterSecret:
          'Identity, certificate authority and replication password of the Kafka cluster; read by its nodes only',
        clientSecret: {
          name: 'client',
          description: 'How applications reach Kafka: user, password, authority, bootstrap servers',
        },
      },
      (member) =>
        kafkaUserData({
          ...member,
          zone: zones[member.zone]!.id,
          controllers: CONTROLLERS,
          clientPort: KAFKA_CLIENT_PORT,
          controllerPort: KAFKA_CONTROLLER_PORT,
          jmxExporterPort: KAFKA_EXPORTER_PORT,
          artifacts,
          heap: heap(instance.memoryGiB),
          ...DURABILITY,
        }),
    );
    this.bootstrap = this.at(KAFKA_CLIENT_PORT);
    this.secretArns = { 'kafka-client': this.clientSecretArn };
    this.scrapeTargets = this.at(KAFKA_EXPORTER_PORT);
  }
}

/**
 * Three eighths of the memory, at most 6 GiB: the rest is page cache, from which consumers are served. (Apache's operations
 * guide gives 6 GiB to a busy broker.)
 */
function heap(memoryGiB: number): string {
  return `${Math.min(6 * 1024, Math.floor((memoryGiB * 1024 * 3) / 8))}m`;
}
