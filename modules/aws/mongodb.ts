/** A MongoDB replica set on EC2, a member a zone, which forms itself and takes a replaced member back with its data. */
import { Construct } from 'constructs';
import type { InstanceChoice } from '../catalog/choices';
import type { MongodbSpec, VolumeType } from '../spec/platform';
import { mongodbUserData } from './cloud-init';
import { mongodbArtifacts, nodeExporter } from './data-artifacts';
import { DataNode } from './data-node';
import { dataNodeProfile } from './data-node-role';
import { DataSecret } from './data-secret';
import { SNAPSHOT_TAG } from './data-snapshots';
import { MONGODB_EXPORTER_PORT, MONGODB_PORT, NODE_EXPORTER_PORT } from './ports';

export interface MongodbProps {
  /** The platform's name. */
  readonly platform: string;
  readonly region: string;
  /** Private subnets of the data segment, by zone index. */
  readonly subnetIds: readonly string[];
  readonly availabilityZones: readonly string[];
  readonly securityGroupId: string;
  readonly dnsZoneId: string;
  readonly dnsZoneName: string;
  readonly instance: InstanceChoice;
  readonly spec: MongodbSpec;
  readonly volumeType: VolumeType;
  readonly encryptionKeyArn: string;
  readonly protection: boolean;
  /** Value of the tag by which snapshots of the volumes are taken. */
  readonly snapshots: string;
}

export class Mongodb extends Construct {
  /** `host:port`. */
  readonly hosts: readonly string[];
  readonly replicaSet: string;
  readonly secretArns: Readonly<Record<string, string>>;
  readonly scrapeTargets: readonly string[];
  readonly nodeScrapeTargets: readonly string[];

  constructor(scope: Construct, id: string, props: MongodbProps) {
    super(scope, id);
    const { platform, spec, instance, encryptionKeyArn, subnetIds } = props;
    const cluster = `${platform}-mongodb`;
    const artifacts = mongodbArtifacts(spec.version, instance.architecture);
    const hosts = Array.from({ length: spec.nodes }, (_, i) => `mongodb-${i + 1}.${props.dnsZoneName}`);
    this.replicaSet = platform;

    const clusterSecret = new DataSecret(this, 'cluster-secret', {
      name: `${platform}/mongodb/cluster`,
      description:
        'Key file, certificate authority and administration passwords of the replica set; read by its members only',
      encryptionKeyArn,
    });
    const clientSecret = new DataSecret(this, 'client-secret', {
      name: `${platform}/mongodb/app`,
      description: 'How applications reach MongoDB: user, password, authority, hosts, replica set',
      encryptionKeyArn,
    });
    const instanceProfileName = dataNodeProfile(this, 'node', {
      platform,
      cluster: 'mongodb',
      region: props.region,
      secretArns: [clusterSecret.arn, clientSecret.arn],
      encryptionKeyArn,
    });

    hosts.forEach((host, i) => {
      const zone = i % subnetIds.length;
      new DataNode(this, `${i + 1}`, {
        name: `${cluster}-${i + 1}`,
        host,
        dnsZoneId: props.dnsZoneId,
        subnetId: subnetIds[zone]!,
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
          mongodbUserData({
            cluster,
            region: props.region,
            nodeId: i + 1,
            hosts,
            replicaSet: this.replicaSet,
            port: MONGODB_PORT,
            exporterPort: MONGODB_EXPORTER_PORT,
            nodeExporterPort: NODE_EXPORTER_PORT,
            volumeId,
            clusterSecretArn: clusterSecret.arn,
            clientSecretArn: clientSecret.arn,
            artifacts,
            nodeExporter: nodeExporter(instance.architecture),
          }),
      });
    });

    const at = (port: number): string[] => hosts.map((host) => `${host}:${port}`);
    this.hosts = at(MONGODB_PORT);
    this.secretArns = { 'mongodb-app': clientSecret.arn };
    this.scrapeTargets = at(MONGODB_EXPORTER_PORT);
    this.nodeScrapeTargets = at(NODE_EXPORTER_PORT);
  }
}
