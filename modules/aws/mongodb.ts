/** A MongoDB replica set on EC2, a member a zone, which forms itself and takes a replaced member back with its data. */
import type { Construct } from 'constructs';
import type { MongodbSpec } from '../spec/platform';
import { mongodbUserData } from './cloud-init';
import { mongodbArtifacts } from './data-artifacts';
import { DataCluster, type DataClusterProps } from './data-cluster';
import { MONGODB_EXPORTER_PORT, MONGODB_PORT } from './ports';

export interface MongodbProps extends DataClusterProps {
  readonly spec: MongodbSpec;
}

export class Mongodb extends DataCluster {
  /** `host:port`. */
  readonly hosts: readonly string[];
  readonly replicaSet: string;
  readonly secretArns: Readonly<Record<string, string>>;
  readonly scrapeTargets: readonly string[];

  constructor(scope: Construct, id: string, props: MongodbProps) {
    const { platform: replicaSet, spec, instance } = props;
    const artifacts = mongodbArtifacts(spec.version, instance.architecture);
    super(
      scope,
      id,
      props,
      {
        engine: 'mongodb',
        nodes: spec.nodes,
        diskGiB: spec.diskGiB,
        clusterSecret:
          'Key file, certificate authority and administration passwords of the replica set; read by its members only',
        clientSecret: {
          name: 'app',
          description: 'How applications reach MongoDB: user, password, authority, hosts, replica set',
        },
      },
      (member) =>
        mongodbUserData({
          ...member,
          replicaSet,
          port: MONGODB_PORT,
          exporterPort: MONGODB_EXPORTER_PORT,
          artifacts,
        }),
    );
    this.replicaSet = replicaSet;
    this.hosts = this.at(MONGODB_PORT);
    this.secretArns = { 'mongodb-app': this.clientSecretArn };
    this.scrapeTargets = this.at(MONGODB_EXPORTER_PORT);
  }
}
