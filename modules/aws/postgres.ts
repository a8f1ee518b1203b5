/** PostgreSQL on RDS: a standby in another zone, TLS only, a master password that nobody knows. */
import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group';
import { DbInstance } from '@cdktf/provider-aws/lib/db-instance';
import { DbParameterGroup } from '@cdktf/provider-aws/lib/db-parameter-group';
import { DbSubnetGroup } from '@cdktf/provider-aws/lib/db-subnet-group';
import { Construct } from 'constructs';
import type { InstanceChoice } from '../catalog/choices';
import type { PostgresSpec, VolumeType } from '../spec/platform';
import { DataSecret } from './data-secret';
import { POSTGRES_PORT } from './ports';
import { POSTGRES_PARAMETERS } from './postgres-parameters';

const LOG_DAYS = 30;

export interface PostgresProps {
  /** The platform's name. */
  readonly platform: string;
  readonly subnetIds: readonly string[];
  readonly securityGroupId: string;
  /** `db.m6g.large`. */
  readonly instance: InstanceChoice;
  readonly spec: PostgresSpec;
  readonly volumeType: VolumeType;
  readonly encryptionKeyArn: string;
  readonly protection: boolean;
}

export class Postgres extends Construct {
  readonly endpoint: string;
  readonly port = POSTGRES_PORT;
  readonly secretArns: Readonly<Record<string, string>>;

  constructor(scope: Construct, id: string, props: PostgresProps) {
    super(scope, id);
    const { platform, spec, encryptionKeyArn, protection } = props;
    const identifier = `${platform}-postgres`;

    const subnets = new DbSubnetGroup(this, 'subnets', {
      name: identifier,
      description: `Private subnets of ${identifier}`,
      subnetIds: [...props.subnetIds],
    });
    const parameters = new DbParameterGroup(this, 'parameters', {
      // The family is part of the name: an upgrade to the next major version needs both groups for a while.
      name: `${identifier}-${spec.version}`,
      family: `postgres${spec.version}`,
      description: 'TLS only; slow statements, lock waits and connections in the log',
      parameter: POSTGRES_PARAMETERS.map(({ name, value }) => ({ name, value, applyMethod: 'immediate' })),
      lifecycle: { createBeforeDestroy: true },
    });
    // Made here, or RDS makes them without an end of retention.
    const logs = ['postgresql', 'upgrade'].map(
      (log) =>
        new CloudwatchLogGroup(this, `${log}-log`, {
          name: `/aws/rds/instance/${identifier}/${log}`,
          retentionInDays: LOG_DAYS,
          kmsKeyId: encryptionKeyArn,
        }),
    );

    const database = new DbInstance(this, 'this', {
      identifier,
      engine: 'postgres',
      // The major version: minor ones come by themselves in the maintenance window.
      engineVersion: String(spec.version),
      autoMinorVersionUpgrade: true,
      // An expired major version is upgraded, not billed as extended support.
      engineLifecycleSupport: 'open-source-rds-extended-support-disabled',
      instanceClass: props.instance.type,
      allocatedStorage: spec.diskGiB,
      // A full disk is an outage; RDS may double it by itself, and Terraform follows.
      maxAllocatedStorage: 2 * spec.diskGiB,
      storageType: props.volumeType,
      storageEncrypted: true,
      kmsKeyId: encryptionKeyArn,
      multiAz: spec.multiAz,
      dbName: 'app',
      username: 'postgres',
      manageMasterUserPassword: true,
      masterUserSecretKmsKeyId: encryptionKeyArn,
      iamDatabaseAuthenticationEnabled: true,
      port: POSTGRES_PORT,
      dbSubnetGroupName: subnets.name,
      vpcSecurityGroupIds: [props.securityGroupId],
      publiclyAccessible: false,
      parameterGroupName: parameters.name,
      caCertIdentifier: 'rds-ca-rsa2048-g1',
      backupRetentionPeriod: spec.backupDays,
      // UTC, quiet hours in all of North America; the maintenance window follows the backup.
      backupWindow: '08:00-08:30',
      maintenanceWindow: 'sun:09:00-sun:10:00',
      copyTagsToSnapshot: true,
      deleteAutomatedBackups: false,
      deletionProtection: protection,
      skipFinalSnapshot: false,
      finalSnapshotIdentifier: `${identifier}-final`,
      enabledCloudwatchLogsExports: ['postgresql', 'upgrade'],
      // Seven days are free.
      performanceInsightsEnabled: true,
      performanceInsightsRetentionPeriod: 7,
      performanceInsightsKmsKeyId: encryptionKeyArn,
      databaseInsightsMode: 'standard',
      applyImmediately: false,
      tags: { Name: identifier },
      lifecycle: { preventDestroy: protection },
      dependsOn: logs,
    });

    const application = new DataSecret(this, 'application-secret', {
      name: `${platform}/postgres/app`,
      description: 'The application user of PostgreSQL; its value is put by who makes the user, see docs/data.md',
      encryptionKeyArn,
    });

    this.endpoint = database.address;
    this.secretArns = {
      'postgres-master': database.masterUserSecret.get(0).secretArn,
      'postgres-app': application.arn,
    };
  }
}
