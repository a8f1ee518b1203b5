/**
 * Kafka on EC2: KRaft nodes, one a zone, combined broker and controller on the first three. An acknowledged record
 * (acks=all) is in at least two zones; nothing is elected that could lose one.
 */
import { Construct } from 'constructs';
import type { InstanceChoice, Zone } from '../catalog/choices';
import type { KafkaSpec, VolumeType } from '../spec/platform';
import { kafkaUserData } from './cloud-init';
import { kafkaArtifacts, nodeExporter } from './data-artifacts';
import { DataNode } from './data-node';
import { dataNodeProfile } from './data-node-role';
import { DataSecret } from './data-secret';
import { SNAPSHOT_TAG } from './data-snapshots';
import type { KafkaCluster, KafkaClusterProps } from './kafka-cluster';
import { KAFKA_CLIENT_PORT, KAFKA_CONTROLLER_PORT, KAFKA_EXPORTER_PORT, NODE_EXPORTER_PORT } from './ports';
import { DURABILITY } from './kafka-durability';

/** Controllers: an odd number, and one a zone; more brokers need no more of them. */
const CONTROLLERS = 3;

export interface KafkaProps extends KafkaClusterProps {
  readonly instance: InstanceChoice;
  readonly spec: KafkaSpec;
  readonly zones: readonly Zone[];
  readonly availabilityZones: readonly string[];
  readonly volumeType: VolumeType;
  readonly dnsZoneId: string;
  readonly dnsZoneName: string;
  readonly protection: boolean;
  /** Value of the tag by which snapshots of the volumes are taken. */
  readonly snapshots: string;
}

export class Kafka extends Construct implements KafkaCluster {
  readonly bootstrap: readonly string[];
  readonly secretArns: Readonly<Record<string, string>>;
  readonly scrapeTargets: readonly string[];
  readonly nodeScrapeTargets: readonly string[];

  constructor(scope: Construct, id: string, props: KafkaProps) {
    super(scope, id);
    const { platform, spec, instance, encryptionKeyArn } = props;
    const cluster = `${platform}-kafka`;
    const artifacts = kafkaArtifacts(spec.version);
    const hosts = Array.from({ length: spec.nodes }, (_, i) => `kafka-${i + 1}.${props.dnsZoneName}`);

    const clusterSecret = new DataSecret(this, 'cluster-secret', {
      name: `${platform}/kafka/cluster`,
      description:
        'Identity, certificate authority and replication password of the Kafka cluster; read by its nodes only',
      encryptionKeyArn,
    });
    const clientSecret = new DataSecret(this, 'client-secret', {
      name: `${platform}/kafka/client`,
      description: 'How applications reach Kafka: user, password, authority, bootstrap servers',
      encryptionKeyArn,
    });
    const instanceProfileName = dataNodeProfile(this, 'node', {
      platform,
      cluster: 'kafka',
      region: props.region,
      secretArns: [clusterSecret.arn, clientSecret.arn],
      encryptionKeyArn,
    });

    hosts.forEach((host, i) => {
      const zone = i % props.zones.length;
      new DataNode(this, `${i + 1}`, {
        name: `${cluster}-${i + 1}`,
        host,
        dnsZoneId: props.dnsZoneId,
        subnetId: props.subnetIds[zone]!,
        securityGroupId: props.securityGroupId,
        availabilityZone: props.availabilityZones[zone]!,
        instance,
        instanceProfileName,
        diskGiB: spec.diskGiB,
        volumeType: props.volumeType,
        encryptionKeyArn,
        protection: props.protection,
        volumeTags: { [SNAPSHOT_TAG]: props.snapshots },
        userData: (volumeId) =>
          kafkaUserData({
            cluster,
            region: props.region,
            nodeId: i + 1,
            zone: props.zones[zone]!.id,
            hosts,
            controllers: CONTROLLERS,
            clientPort: KAFKA_CLIENT_PORT,
            controllerPort: KAFKA_CONTROLLER_PORT,
            jmxExporterPort: KAFKA_EXPORTER_PORT,
            nodeExporterPort: NODE_EXPORTER_PORT,
            volumeId,
            clusterSecretArn: clusterSecret.arn,
            clientSecretArn: clientSecret.arn,
            artifacts,
            nodeExporter: nodeExporter(instance.architecture),
            heap: heap(instance.memoryGiB),
            ...DURABILITY,
          }),
      });
    });

    const at = (port: number): string[] => hosts.map((host) => `${host}:${port}`);
    this.bootstrap = at(KAFKA_CLIENT_PORT);
    this.secretArns = { 'kafka-client': clientSecret.arn };
    this.scrapeTargets = at(KAFKA_EXPORTER_PORT);
    this.nodeScrapeTargets = at(NODE_EXPORTER_PORT);
  }
}

/**
 * Three eighths of the memory, at most 6 GiB: the rest is page cache, from which consumers are served. (Apache's operations
 * guide gives 6 GiB to a busy broker.)
 */
function heap(memoryGiB: number): string {
  return `${Math.min(6 * 1024, Math.floor((memoryGiB * 1024 * 3) / 8))}m`;
}
