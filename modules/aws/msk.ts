/** Kafka as Amazon MSK runs it. Clients sign in by IAM: there is no password to keep, and no certificate to renew. */
import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group';
import { DataAwsMskBrokerNodes } from '@cdktf/provider-aws/lib/data-aws-msk-broker-nodes';
import { MskCluster } from '@cdktf/provider-aws/lib/msk-cluster';
import { MskConfiguration } from '@cdktf/provider-aws/lib/msk-configuration';
import { Fn, Token } from 'cdktf';
import { Construct } from 'constructs';
import type { InstanceChoice } from '../catalog/choices';
import { mskVersion } from '../catalog/versions';
import { Rejection } from '../rejection';
import type { KafkaSpec } from '../spec/platform';
import type { KafkaCluster, KafkaClusterProps } from './kafka-cluster';
import { DURABILITY } from './kafka-durability';
import { MSK_JMX_EXPORTER_PORT, MSK_NODE_EXPORTER_PORT } from './ports';

const LOG_DAYS = 30;

export interface MskProps extends KafkaClusterProps {
  /** `kafka.m7g.large`. */
  readonly instance: InstanceChoice;
  readonly spec: KafkaSpec;
  readonly protection: boolean;
}

export class Msk extends Construct implements KafkaCluster {
  readonly bootstrap: readonly string[];
  readonly secretArns = {};
  readonly scrapeTargets: readonly string[];
  readonly nodeScrapeTargets: readonly string[];

  /** @throws Rejection for a version that MSK doesn't sell */
  constructor(scope: Construct, id: string, props: MskProps) {
    super(scope, id);
    const { platform, spec } = props;
    const clusterName = `${platform}-kafka`;
    const kafkaVersion = mskVersion(spec.version);
    if (kafkaVersion === undefined) {
      throw new Rejection('platform.yaml kafka.version', `MSK sells no Kafka ${spec.version}`, 'use 4.1');
    }

    const configuration = new MskConfiguration(this, 'configuration', {
      // A configuration's name can't be used again while an older revision of it lives; the version keeps them apart.
      name: `${clusterName}-${kafkaVersion.replaceAll('.', '-')}`,
      description: 'No acknowledged record is lost with a zone',
      kafkaVersions: [kafkaVersion],
      serverProperties: serverProperties(),
      lifecycle: { createBeforeDestroy: true },
    });
    const logs = new CloudwatchLogGroup(this, 'logs', {
      name: `/${platform}/kafka`,
      retentionInDays: LOG_DAYS,
      kmsKeyId: props.encryptionKeyArn,
    });
    const cluster = new MskCluster(this, 'this', {
      clusterName,
      kafkaVersion,
      numberOfBrokerNodes: spec.nodes,
      brokerNodeGroupInfo: {
        instanceType: props.instance.type,
        clientSubnets: [...props.subnetIds],
        securityGroups: [props.securityGroupId],
        storageInfo: { ebsStorageInfo: { volumeSize: spec.diskGiB } },
      },
      configurationInfo: { arn: configuration.arn, revision: configuration.latestRevision },
      clientAuthentication: { unauthenticated: false, sasl: { iam: true } },
      encryptionInfo: {
        encryptionAtRestKmsKeyArn: props.encryptionKeyArn,
        encryptionInTransit: { clientBroker: 'TLS', inCluster: true },
      },
      enhancedMonitoring: 'DEFAULT',
      openMonitoring: {
        prometheus: { jmxExporter: { enabledInBroker: true }, nodeExporter: { enabledInBroker: true } },
      },
      loggingInfo: { brokerLogs: { cloudwatchLogs: { enabled: true, logGroup: logs.name } } },
      tags: { Name: clusterName },
      lifecycle: {
        preventDestroy: props.protection,
        // MSK's storage only grows; if something grew it, Terraform must not try to shrink it back.
        ignoreChanges: ['broker_node_group_info[0].storage_info[0].ebs_storage_info[0].volume_size'],
      },
    });

    this.bootstrap = Token.asList(Fn.split(',', cluster.bootstrapBrokersSaslIam));
    // Every broker: the bootstrap list names three at most.
    const brokers = new DataAwsMskBrokerNodes(this, 'brokers', { clusterArn: cluster.arn });
    const at = (port: number): string[] =>
      Token.asList(
        Fn.formatlist(`%s:${port}`, [Fn.flatten(Fn.lookupNested(brokers.nodeInfoList, ['*', 'endpoints']))]),
      );
    this.scrapeTargets = at(MSK_JMX_EXPORTER_PORT);
    this.nodeScrapeTargets = at(MSK_NODE_EXPORTER_PORT);
  }
}

/** server.properties: only what differs from MSK's defaults, or is too important to be left to them. */
function serverProperties(): string {
  return [
    `default.replication.factor=${DURABILITY.replicationFactor}`,
    `min.insync.replicas=${DURABILITY.minInsyncReplicas}`,
    `unclean.leader.election.enable=${DURABILITY.uncleanLeaderElection}`,
    `offsets.topic.replication.factor=${DURABILITY.replicationFactor}`,
    `transaction.state.log.replication.factor=${DURABILITY.replicationFactor}`,
    `transaction.state.log.min.isr=${DURABILITY.minInsyncReplicas}`,
    'auto.create.topics.enable=false',
    'num.partitions=3',
    'allow.everyone.if.no.acl.found=false',
    '',
  ].join('\n');
}
