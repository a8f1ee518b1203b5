/**
 * data: Kafka, PostgreSQL and MongoDB in the private subnets of the data segment.
 *
 * Deletion: after gitops, cluster and nodes, which use it, and before network, on which it stands. Terraform stops each
 * machine, detaches its volume, then deletes instance, volume, address. Secrets can be had back for 30 days.
 * Data protection: volumes, addresses, the database and the MSK cluster have `prevent_destroy`, machines and the database
 * also AWS's own protection. It is lifted for a teardown by the context `protection: lifted` (an apply, then the destroy).
 * Even then PostgreSQL leaves a final snapshot and its automated backups, and the volumes' daily snapshots stay.
 */
import { Fn, Token } from 'cdktf';
import type { Construct } from 'constructs';
import { DataSnapshots } from '../modules/aws/data-snapshots';
import { Kafka } from '../modules/aws/kafka';
import type { KafkaCluster } from '../modules/aws/kafka-cluster';
import { Mongodb } from '../modules/aws/mongodb';
import { Msk } from '../modules/aws/msk';
import type { DataOutputs, NetworkOutputs } from '../modules/aws/outputs';
import { Postgres } from '../modules/aws/postgres';
import { dataSegment } from '../modules/aws/segments';
import type { PlatformInputs } from './inputs';
import { PlatformStack } from './platform-stack';

/** Daily snapshots of a data volume that are kept. */
const SNAPSHOT_DAYS = 7;

export class DataStack extends PlatformStack {
  readonly outputs: DataOutputs;

  constructor(scope: Construct, inputs: PlatformInputs, network: NetworkOutputs) {
    super(scope, 'data', inputs);
    const { platform, choices } = inputs;
    const segment = dataSegment(platform);
    const subnetIds = network.subnetIds[segment]!.private;
    const { encryptionKeyArn, securityGroupIds, availabilityZones, dnsZoneId, dnsZoneName } = network;
    const snapshots = `${platform.name}-data`;
    const everywhere = {
      platform: platform.name,
      region: platform.region,
      subnetIds,
      encryptionKeyArn,
      volumeType: platform.volumes,
      protection: this.protection,
    };
    const onMachines = { ...everywhere, availabilityZones, dnsZoneId, dnsZoneName, snapshots };

    const kafka: KafkaCluster =
      platform.kafka.engine === 'msk'
        ? new Msk(this, 'kafka', {
            ...everywhere,
            securityGroupId: securityGroupIds.kafka,
            instance: choices.kafka,
            spec: platform.kafka,
          })
        : new Kafka(this, 'kafka', {
            ...onMachines,
            securityGroupId: securityGroupIds.kafka,
            instance: choices.kafka,
            spec: platform.kafka,
            zones: choices.zones,
          });
    const postgres = new Postgres(this, 'postgres', {
      ...everywhere,
      securityGroupId: securityGroupIds.postgres,
      instance: choices.postgres,
      spec: platform.postgres,
    });
    const mongodb = new Mongodb(this, 'mongodb', {
      ...onMachines,
      securityGroupId: securityGroupIds.mongodb,
      instance: choices.mongodb,
      spec: platform.mongodb,
    });
    new DataSnapshots(this, 'snapshots', { platform: platform.name, tag: snapshots, days: SNAPSHOT_DAYS });

    this.outputs = {
      kafkaBootstrap: kafka.bootstrap,
      postgresEndpoint: postgres.endpoint,
      postgresPort: postgres.port,
      mongodbHosts: mongodb.hosts,
      mongodbReplicaSet: mongodb.replicaSet,
      secretArns: { ...kafka.secretArns, ...postgres.secretArns, ...mongodb.secretArns },
      scrapeTargets: {
        kafka: kafka.scrapeTargets,
        mongodb: mongodb.scrapeTargets,
        node: joined(kafka.nodeScrapeTargets, mongodb.nodeScrapeTargets),
      },
    };
  }
}

/** Both lists in one; MSK's is known only to Terraform, which then has to do it. */
function joined(first: readonly string[], second: readonly string[]): readonly string[] {
  if (!Token.isUnresolved(first)) return [...first, ...second];
  return Token.asList(Fn.concat([[...first], [...second]]));
}
