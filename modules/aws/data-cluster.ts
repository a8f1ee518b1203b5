/**
 * What a cluster of our own on EC2 has, whatever runs on it: a secret for its members, a secret for its clients, one role, and
 * a machine a member, spread over the zones. Kafka and MongoDB say what their machines do.
 */
import { Construct } from 'constructs';
import type { InstanceChoice } from '../catalog/choices';
import type { VolumeType } from '../spec/platform';
import { nodeExporter, type Download } from './data-artifacts';
import { DataNode } from './data-node';
import { dataNodeProfile } from './data-node-role';
import { DataSecret } from './data-secret';
import { SNAPSHOT_TAG } from './data-snapshots';
import { NODE_EXPORTER_PORT } from './ports';

export interface DataClusterProps {
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
  readonly volumeType: VolumeType;
  readonly encryptionKeyArn: string;
  readonly protection: boolean;
  /** Value of the tag by which snapshots of the volumes are taken. */
  readonly snapshots: string;
}

export interface DataClusterKind {
  /** Names machines, secrets and the role: `kafka`. */
  readonly engine: 'kafka' | 'mongodb';
  readonly nodes: number;
  readonly diskGiB: number;
  /** Who reads each secret, for whoever finds it. */
  readonly clusterSecret: string;
  readonly clientSecret: { readonly name: string; readonly description: string };
}

/** What every member's user data needs; `zone` is the index of its zone. */
export interface Member {
  readonly cluster: string;
  readonly region: string;
  /** From 1. */
  readonly nodeId: number;
  readonly zone: number;
  readonly hosts: readonly string[];
  readonly volumeId: string;
  readonly clusterSecretArn: string;
  readonly clientSecretArn: string;
  readonly nodeExporterPort: number;
  readonly nodeExporter: Download;
}

export abstract class DataCluster extends Construct {
  readonly nodeScrapeTargets: readonly string[];
  protected readonly clientSecretArn: string;
  readonly #hosts: readonly string[];

  protected constructor(
    scope: Construct,
    id: string,
    props: DataClusterProps,
    kind: DataClusterKind,
    userData: (member: Member) => string,
  ) {
    super(scope, id);
    const { platform, region, instance, encryptionKeyArn, subnetIds } = props;
    const { engine, nodes, diskGiB, clientSecret } = kind;
    const cluster = `${platform}-${engine}`;
    const hosts = Array.from({ length: nodes }, (_, i) => `${engine}-${i + 1}.${props.dnsZoneName}`);

    const secret = (idOf: string, name: string, description: string) =>
      new DataSecret(this, idOf, { name: `${platform}/${engine}/${name}`, description, encryptionKeyArn }).arn;
    const clusterSecretArn = secret('cluster-secret', 'cluster', kind.clusterSecret);
    const clientSecretArn = secret('client-secret', clientSecret.name, clientSecret.description);
    const instanceProfileName = dataNodeProfile(this, 'node', {
      platform,
      cluster: engine,
      region,
      secretArns: [clusterSecretArn, clientSecretArn],
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
        diskGiB,
        volumeType: props.volumeType,
        encryptionKeyArn,
        protection: props.protection,
        volumeTags: { [SNAPSHOT_TAG]: props.snapshots },
        userData: (volumeId) =>
          userData({
            cluster,
            region,
            nodeId: i + 1,
            zone,
            hosts,
            volumeId,
            clusterSecretArn,
            clientSecretArn,
            nodeExporterPort: NODE_EXPORTER_PORT,
            nodeExporter: nodeExporter(instance.architecture),
          }),
      });
    });
    this.#hosts = hosts;
    this.clientSecretArn = clientSecretArn;
    this.nodeScrapeTargets = this.at(NODE_EXPORTER_PORT);
  }

  /** `host:port` of every member. */
  protected at(port: number): string[] {
    return this.#hosts.map((host) => `${host}:${port}`);
  }
}
