/** The user data of one member of the MongoDB replica set. */
import type { Download, MongodbArtifacts } from '../data-artifacts';
import { nodeScript, userData } from './render';

export interface MongodbUserData {
  /** The cluster's name, such as `cimiento-mongodb`. */
  readonly cluster: string;
  readonly region: string;
  /** 1, 2, 3 …; the first one initiates the replica set, once. */
  readonly nodeId: number;
  /** DNS names of all members, by node id less 1. */
  readonly hosts: readonly string[];
  readonly replicaSet: string;
  readonly port: number;
  readonly exporterPort: number;
  readonly nodeExporterPort: number;
  readonly volumeId: string;
  readonly clusterSecretArn: string;
  readonly clientSecretArn: string;
  readonly artifacts: MongodbArtifacts;
  readonly nodeExporter: Download;
}

export function mongodbUserData(props: MongodbUserData): string {
  const { hosts, nodeId, artifacts } = props;
  const host = hosts[nodeId - 1];
  if (host === undefined) throw new RangeError(`node ${nodeId} of ${hosts.length}`);
  const script = nodeScript(
    ['base.sh', 'data-volume.sh', 'secret.sh', 'certificate.sh', 'node-exporter.sh', 'mongodb.sh'],
    {
      CLUSTER: props.cluster,
      REGION: props.region,
      NODE_ID: nodeId,
      HOST: host,
      HOSTS: hosts.map((member) => `${member}:${props.port}`).join(','),
      REPLICA_SET: props.replicaSet,
      MONGODB_PORT: props.port,
      VOLUME_ID: props.volumeId,
      CLUSTER_SECRET_ARN: props.clusterSecretArn,
      CLIENT_SECRET_ARN: props.clientSecretArn,
      MONGODB_VERSION: artifacts.version,
      MONGODB_REPOSITORY: artifacts.repository,
      MONGODB_KEY_URL: artifacts.keyUrl,
      MONGODB_KEY_FINGERPRINT: artifacts.keyFingerprint,
      MONGODB_EXPORTER_URL: artifacts.exporter.url,
      MONGODB_EXPORTER_SHA256: artifacts.exporter.checksum,
      MONGODB_EXPORTER_PORT: props.exporterPort,
      NODE_EXPORTER_URL: props.nodeExporter.url,
      NODE_EXPORTER_SHA256: props.nodeExporter.checksum,
      NODE_EXPORTER_PORT: props.nodeExporterPort,
    },
  );
  return userData(`${props.cluster} member ${nodeId}`, script);
}
