/** What both Kafka engines take and give, so that the data stack can swap them. */
export interface KafkaClusterProps {
  /** The platform's name. */
  readonly platform: string;
  readonly region: string;
  /** Private subnets of the data segment, by zone index. */
  readonly subnetIds: readonly string[];
  readonly securityGroupId: string;
  readonly encryptionKeyArn: string;
}

export interface KafkaCluster {
  /** `host:port` of brokers, TLS. */
  readonly bootstrap: readonly string[];
  /** By purpose; empty where clients sign in by IAM. */
  readonly secretArns: Readonly<Record<string, string>>;
  /** `host:port` of the brokers' JMX metrics. */
  readonly scrapeTargets: readonly string[];
  /** `host:port` of the machines' metrics. */
  readonly nodeScrapeTargets: readonly string[];
}
