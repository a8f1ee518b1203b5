/**
 * What one stack hands to the next: typed props, nothing looked up by name. cdktf turns a value that crosses stacks into an
 * output of the producer and a remote-state read of the consumer.
 */
import type { Tier } from '../addressing/plan';

/**
 * Security groups that are identities: who may talk is written as group to group. They live in the network stack so that
 * data never depends on the cluster. `nodes-<segment>` is the group of a segment's service nodes.
 */
export type SecurityGroupName = 'cluster' | 'load-balancer' | 'kafka' | 'postgres' | 'mongodb' | `nodes-${string}`;

export interface NetworkOutputs {
  readonly vpcId: string;
  /** Subnet ids by segment (`kubernetes` or a service segment), tier, and zone index. */
  readonly subnetIds: Readonly<Record<string, Readonly<Record<Tier, readonly string[]>>>>;
  readonly securityGroupIds: Readonly<Record<SecurityGroupName, string>>;
  /** Availability zone names of this account, such as `us-east-2a`, by zone index: EBS volumes know no zone ids. */
  readonly availabilityZones: readonly string[];
  /** The private hosted zone: brokers, replica set members and nodes have names in it. */
  readonly dnsZoneId: string;
  readonly dnsZoneName: string;
  /** KMS key for data at rest: volumes, database, secrets, logs, Kubernetes secrets. */
  readonly encryptionKeyArn: string;
}

export interface ClusterOutputs {
  readonly name: string;
  readonly endpoint: string;
  readonly certificateAuthority: string;
  readonly loadBalancerDnsName: string;
  readonly targetGroupArn: string;
  /** IAM role ARNs that Kubernetes service accounts assume by Pod Identity, by service account. */
  readonly podRoleArns: Readonly<Record<string, string>>;
}

export interface DataOutputs {
  /** `host:port` of each broker, TLS. */
  readonly kafkaBootstrap: readonly string[];
  readonly postgresEndpoint: string;
  readonly postgresPort: number;
  readonly mongodbHosts: readonly string[];
  readonly mongodbReplicaSet: string;
  /** Secrets Manager ARNs by purpose: `postgres-master`, `mongodb-app`, `kafka-client` … Never a value. */
  readonly secretArns: Readonly<Record<string, string>>;
  /** `host:port` that Prometheus scrapes, by job: `kafka`, `mongodb`, `node`. */
  readonly scrapeTargets: Readonly<Record<string, readonly string[]>>;
}

export interface NodesOutputs {
  /** Private DNS names by node name. */
  readonly hosts: Readonly<Record<string, string>>;
  readonly scrapeTargets: readonly string[];
}
