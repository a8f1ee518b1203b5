/** What holds data outlives mistakes: it refuses deletion, is copied daily, and loses nothing with a zone. */
import {
  block,
  blocks,
  boolean,
  isUnknown,
  number,
  referent,
  text,
  type Instance,
  type ResolvedProject,
  type Resource,
  type Value,
} from '../terraform';
import { onEach, shown, type Objection, type Policy } from './policy';

type Found = Omit<Objection, 'instance'>;

function lifecycle({ meta }: Resource): { readonly prevent_destroy?: unknown } {
  const one: unknown = Array.isArray(meta.lifecycle) ? meta.lifecycle[0] : meta.lifecycle;
  return typeof one === 'object' && one !== null ? one : {};
}

/** Argument that refuses deletion, by type. */
const REFUSES: Readonly<Record<string, string>> = {
  aws_db_instance: 'deletion_protection',
  aws_rds_cluster: 'deletion_protection',
  aws_docdb_cluster: 'deletion_protection',
  aws_neptune_cluster: 'deletion_protection',
  aws_eks_cluster: 'deletion_protection',
  aws_dynamodb_table: 'deletion_protection_enabled',
};

const refuses = ({ resource, values }: Instance): Found[] => {
  const attribute = REFUSES[resource.type] as string;
  const value = values[attribute];
  return isUnknown(value) || boolean(value) === true
    ? []
    : [{ attribute, value: shown(value), message: 'one call deletes it' }];
};

/** A volume that is made on its own is made to outlive its machine. */
const HELD = ['aws_ebs_volume', 'aws_kms_key', 'aws_efs_file_system', 'aws_msk_cluster'];

const prevents = ({ resource }: Instance): Found[] =>
  lifecycle(resource).prevent_destroy === true
    ? []
    : [
        {
          attribute: 'lifecycle.prevent_destroy',
          value: shown(lifecycle(resource).prevent_destroy as Value),
          message: 'a plan that replaces it deletes what it holds',
        },
      ];

/** Days that a mistake may take to be noticed. */
const BACKUP_DAYS = 7;

function* databaseBackups({ resource, values }: Instance): Generator<Found> {
  const replica = values.replicate_source_db !== undefined;
  const days = values.backup_retention_period;
  // RDS keeps one day unless told otherwise, Aurora too.
  if (!replica && !isUnknown(days) && (number(days) ?? 1) < BACKUP_DAYS) {
    yield {
      attribute: 'backup_retention_period',
      value: shown(days),
      message: `backups are kept ${number(days) ?? 1} day(s)`,
    };
  }
  if (resource.type !== 'aws_rds_cluster_instance' && boolean(values.skip_final_snapshot) === true) {
    yield { attribute: 'skip_final_snapshot', value: true, message: 'deleting it leaves no last snapshot' };
  }
}

/** Tags whose volumes a lifecycle policy or a backup plan copies. */
function copiedTags(project: ResolvedProject): (readonly [name: string, value: string])[] {
  const tags: [string, string][] = [];
  for (const { values } of project.ofType('aws_dlm_lifecycle_policy')) {
    if (text(values.state) === 'DISABLED') continue;
    for (const [name, value] of Object.entries(block(block(values.policy_details)?.target_tags) ?? {}))
      tags.push([name, text(value) ?? '']);
  }
  for (const { values } of project.ofType('aws_backup_selection')) {
    for (const tag of blocks(values.selection_tag)) tags.push([text(tag.key) ?? '', text(tag.value) ?? '']);
  }
  return tags;
}

function* volumeBackups({ values }: Instance, project: ResolvedProject): Generator<Found> {
  const tags = block(values.tags) ?? {};
  const copied = copiedTags(project).some(([name, value]) => text(tags[name]) === value);
  if (!copied)
    yield {
      attribute: 'tags',
      value: shown(values.tags),
      message: 'no snapshot policy or backup selection has its tags',
    };
}

function* kafkaConfiguration({ values }: Instance): Generator<Found> {
  const properties = new Map(
    (text(values.server_properties) ?? '')
      .split('\n')
      .map((line) => line.split('=').map((part) => part.trim()) as [string, string]),
  );
  const expect = (name: string, holds: (value: string | undefined) => boolean, message: string): Found[] =>
    holds(properties.get(name))
      ? []
      : [{ attribute: 'server_properties', value: `${name}=${properties.get(name) ?? ''}`, message }];
  if (isUnknown(values.server_properties)) return;
  yield* expect(
    'unclean.leader.election.enable',
    (value) => value === 'false',
    'a broker that lags may become leader and lose acknowledged messages (MSK allows it by default)',
  );
  yield* expect(
    'min.insync.replicas',
    (value) => Number(value) >= 2,
    'a message is acknowledged when one broker has it',
  );
  yield* expect('default.replication.factor', (value) => Number(value) >= 3, 'topics have fewer than three copies');
}

const kafkaIsConfigured = ({ values }: Instance): Found[] =>
  blocks(values.configuration_info).length > 0
    ? []
    : [
        {
          attribute: 'configuration_info',
          message: 'without a configuration MSK allows unclean leader election, which can lose acknowledged messages',
        },
      ];

/** Machines that a volume of their own is attached to. */
function* statefulMachines(project: ResolvedProject): Generator<Objection> {
  const machines = new Set(
    project.ofType('aws_volume_attachment').flatMap(({ values }) => referent(values.instance_id) ?? []),
  );
  for (const instance of project.ofType('aws_instance')) {
    if (!machines.has(instance.resource)) continue;
    const { disable_api_termination: kept, user_data_replace_on_change: replaced } = instance.values;
    if (boolean(kept) !== true && !isUnknown(kept))
      yield {
        instance,
        attribute: 'disable_api_termination',
        value: shown(kept),
        message: 'one call ends a machine that serves data',
      };
    if (boolean(replaced) === true)
      yield {
        instance,
        attribute: 'user_data_replace_on_change',
        value: true,
        message: 'an edit of the start script replaces a machine that serves data',
        fix: 'set it to false',
      };
  }
}

export const DURABILITY: readonly Policy[] = [
  {
    id: 'durability.deletion-protection',
    severity: 'high',
    title: 'Databases and the cluster refuse to be deleted',
    reason: 'terraform destroy in the wrong folder must fail (AWS Security Hub RDS.8)',
    fix: 'set it to true',
    find: onEach(Object.keys(REFUSES), refuses),
  },
  {
    id: 'durability.prevent-destroy',
    severity: 'high',
    title: 'Terraform refuses to destroy data volumes, file systems, brokers and keys',
    reason:
      'a changed zone, size or key replaces them, and a replaced volume is empty (Terraform language, "lifecycle": prevent_destroy)',
    fix: 'add lifecycle { prevent_destroy = true }',
    find: onEach(HELD, prevents),
  },
  {
    id: 'durability.database-backups',
    severity: 'high',
    title: `Databases keep backups for ${BACKUP_DAYS} days and leave a last snapshot`,
    reason: 'a mistake made on Friday is noticed on Monday (AWS Security Hub RDS.11)',
    fix: `set backup_retention_period to ${BACKUP_DAYS} or more and skip_final_snapshot to false`,
    find: onEach(['aws_db_instance', 'aws_rds_cluster', 'aws_docdb_cluster', 'aws_neptune_cluster'], databaseBackups),
  },
  {
    id: 'durability.volume-backups',
    severity: 'high',
    title: 'Every data volume is copied by a snapshot policy or a backup plan',
    reason:
      'replication copies a deletion as faithfully as a write (Amazon EBS User Guide, "Amazon Data Lifecycle Manager")',
    fix: 'tag it as the policy’s target_tags say',
    find: onEach(['aws_ebs_volume'], volumeBackups),
  },
  {
    id: 'durability.database-zones',
    severity: 'high',
    title: 'A database outlives the loss of its zone',
    reason:
      'Single-AZ loses what was written since the last backup, and hours (Amazon RDS User Guide, "Multi-AZ deployments")',
    fix: 'set multi_az to true',
    find: onEach(['aws_db_instance'], ({ values }) => {
      const copy = values.replicate_source_db !== undefined;
      const held = copy || boolean(values.multi_az) === true || isUnknown(values.multi_az);
      return held ? [] : [{ attribute: 'multi_az', value: shown(values.multi_az), message: 'it is in one zone' }];
    }),
  },
  {
    id: 'durability.kafka',
    severity: 'high',
    title: 'Kafka loses no acknowledged message with a broker',
    reason:
      'three copies, two of which must have a message before it is acknowledged, and no leader that lags (Amazon MSK Developer Guide, "Default MSK configuration")',
    fix: 'set unclean.leader.election.enable=false, min.insync.replicas=2, default.replication.factor=3',
    *find(project) {
      for (const instance of project.ofType('aws_msk_configuration'))
        for (const found of kafkaConfiguration(instance)) yield { instance, ...found };
      for (const instance of project.ofType('aws_msk_cluster'))
        for (const found of kafkaIsConfigured(instance)) yield { instance, ...found };
    },
  },
  {
    id: 'durability.machine',
    severity: 'medium',
    title: 'Machines with data volumes cannot be ended by one call or by an edit of their start script',
    reason:
      'Amazon EC2 User Guide, "Change instance termination protection"; hashicorp/aws aws_instance, user_data_replace_on_change',
    fix: 'set disable_api_termination to true',
    find: statefulMachines,
  },
  {
    id: 'durability.secret-recovery',
    severity: 'medium',
    title: 'A deleted secret can be had back',
    reason:
      'recovery_window_in_days = 0 deletes at once and for ever (AWS Secrets Manager User Guide, "Delete a secret")',
    fix: 'leave it at 7 to 30 days',
    find: onEach(['aws_secretsmanager_secret'], ({ values }) =>
      number(values.recovery_window_in_days) === 0
        ? [{ attribute: 'recovery_window_in_days', value: 0, message: 'deleting it is final' }]
        : [],
    ),
  },
];
