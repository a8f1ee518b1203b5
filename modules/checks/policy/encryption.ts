/** Data at rest and on the way is encrypted. */
import {
  block,
  blocks,
  boolean,
  isUnknown,
  list,
  referent,
  text,
  type Instance,
  type ResolvedProject,
  type Value,
  type Values,
} from '../terraform';
import { Topology } from '../topology';
import { onEach, shown, type Objection, type Policy } from './policy';

type Found = Omit<Objection, 'instance'>;

/** Objects unless an argument is true, or unknown until an apply. */
function* mustBeTrue(value: Value | undefined, attribute: string, message: string): Generator<Found> {
  if (isUnknown(value) || boolean(value) === true) return;
  yield { attribute, value: shown(value), message };
}

/** Every argument that says whether a volume is encrypted, by the block that it is in. */
function* volumes({ resource, values }: Instance, project: ResolvedProject): Generator<Found> {
  if (resource.type === 'aws_ebs_volume')
    yield* mustBeTrue(values.encrypted, 'encrypted', 'the volume is not encrypted');
  if (resource.type === 'aws_launch_template') {
    for (const [i, mapping] of blocks(values.block_device_mappings).entries()) {
      if (mapping.ebs !== undefined)
        yield* mustBeTrue(
          block(mapping.ebs)?.encrypted,
          `block_device_mappings.${i}.ebs.encrypted`,
          'a volume is not encrypted',
        );
    }
    return;
  }
  if (resource.type !== 'aws_instance' && resource.type !== 'aws_launch_configuration') return;
  // A machine has a root volume whether the block is written or not.
  if (values.root_block_device !== undefined || !templateHasVolumes(values, project))
    yield* mustBeTrue(
      block(values.root_block_device)?.encrypted,
      'root_block_device.encrypted',
      'the root volume is not encrypted',
    );
  for (const [i, device] of blocks(values.ebs_block_device).entries()) {
    yield* mustBeTrue(device.encrypted, `ebs_block_device.${i}.encrypted`, 'a volume is not encrypted');
  }
}

/** Whether a machine takes its volumes from a launch template, where they are judged; of one that is elsewhere nothing is known. */
function templateHasVolumes(values: Values, project: ResolvedProject): boolean {
  if (block(values.launch_template) === undefined) return false;
  const templates = Topology.of(project).launchTemplates(values);
  return templates.length === 0 || templates.some((one) => blocks(one.values.block_device_mappings).length > 0);
}

/** Types whose one argument, in a block or not, says it, and what to call them. */
const AT_REST: Readonly<Record<string, readonly [attribute: string, what: string]>> = {
  aws_db_instance: ['storage_encrypted', 'the database'],
  aws_rds_cluster: ['storage_encrypted', 'the database'],
  aws_docdb_cluster: ['storage_encrypted', 'the database'],
  aws_neptune_cluster: ['storage_encrypted', 'the database'],
  aws_efs_file_system: ['encrypted', 'the file system'],
  aws_elasticache_replication_group: ['at_rest_encryption_enabled', 'the cache'],
  aws_redshift_cluster: ['encrypted', 'the warehouse'],
  aws_opensearch_domain: ['encrypt_at_rest.enabled', 'the search domain'],
  aws_elasticsearch_domain: ['encrypt_at_rest.enabled', 'the search domain'],
  aws_dax_cluster: ['server_side_encryption.enabled', 'the cache'],
};

function* kafkaTransit({ values }: Instance): Generator<Found> {
  const transit = block(block(values.encryption_info)?.encryption_in_transit);
  const clients = text(transit?.client_broker) ?? 'TLS';
  if (clients !== 'TLS')
    yield {
      attribute: 'encryption_info.encryption_in_transit.client_broker',
      value: clients,
      message: `clients may talk to brokers in ${clients}`,
    };
  if (boolean(transit?.in_cluster) === false)
    yield {
      attribute: 'encryption_info.encryption_in_transit.in_cluster',
      value: false,
      message: 'brokers replicate in plain text',
    };
}

/** PostgreSQL takes plain connections unless its parameters forbid them. */
function* postgresTransit({ values }: Instance, project: ResolvedProject): Generator<Found> {
  if (!text(values.engine)?.includes('postgres')) return;
  const groups = Topology.of(project).named(values.parameter_group_name, 'aws_db_parameter_group');
  const parameters = groups.flatMap((one) => blocks(one.values.parameter));
  // From PostgreSQL 15 on RDS forces TLS by default; earlier versions do not.
  const forced = parameters.find((parameter) => parameter.name === 'rds.force_ssl');
  const major = Number.parseInt(text(values.engine_version) ?? '', 10);
  if (forced === undefined ? major >= 15 || Number.isNaN(major) : text(forced.value) === '1') return;
  yield {
    attribute: 'parameter_group_name',
    value: shown(forced?.value),
    message: 'the database takes connections without TLS (rds.force_ssl is not 1)',
  };
}

const secretsOfKubernetes = ({ values }: Instance): Found[] => {
  const covered = blocks(values.encryption_config).some(({ resources }) => list(resources).includes('secrets'));
  return covered
    ? []
    : [
        {
          attribute: 'encryption_config',
          value: shown(values.encryption_config),
          message: 'Kubernetes secrets are not encrypted with a key of one’s own',
        },
      ];
};

function* listener({ values }: Instance, project: ResolvedProject): Generator<Found> {
  if (text(values.protocol) !== 'HTTP') return;
  const balancer = referent(values.load_balancer_arn);
  const internal = balancer !== undefined && project.of(balancer).every((one) => boolean(one.values.internal) === true);
  const forwards = blocks(values.default_action).some((action: Values) => text(action.type) === 'forward');
  if (!internal && forwards)
    yield { attribute: 'protocol', value: 'HTTP', message: 'requests from the internet are forwarded without TLS' };
}

export const ENCRYPTION: readonly Policy[] = [
  {
    id: 'encryption.volume',
    severity: 'high',
    title: 'Every block volume is encrypted',
    reason:
      'a snapshot or a volume that changes hands is readable otherwise; encryption costs neither money nor speed (Amazon EBS User Guide, "EBS encryption")',
    fix: 'set encrypted to true',
    find: onEach(['aws_ebs_volume', 'aws_instance', 'aws_launch_template', 'aws_launch_configuration'], volumes),
  },
  {
    id: 'encryption.at-rest',
    severity: 'high',
    title: 'Databases, caches and file systems are encrypted at rest',
    reason:
      'it cannot be switched on later without making the database anew (Amazon RDS User Guide, "Encrypting Amazon RDS resources")',
    fix: 'set it to true before the first apply',
    find: onEach(Object.keys(AT_REST), ({ resource, values }) => {
      const [attribute, what] = AT_REST[resource.type] as readonly [string, string];
      const [name, inner] = attribute.split('.') as [string, string?];
      const value = inner === undefined || isUnknown(values[name]) ? values[name] : block(values[name])?.[inner];
      return mustBeTrue(value, attribute, `${what} is not encrypted at rest`);
    }),
  },
  {
    id: 'encryption.kafka-transit',
    severity: 'high',
    title: 'Kafka speaks TLS, to clients and between brokers',
    reason: 'TLS_PLAINTEXT leaves the plain port open beside the other (Amazon MSK Developer Guide, "MSK encryption")',
    fix: 'set client_broker to TLS and in_cluster to true',
    find: onEach(['aws_msk_cluster'], kafkaTransit),
  },
  {
    id: 'encryption.postgres-transit',
    severity: 'high',
    title: 'PostgreSQL takes no connection without TLS',
    reason:
      'passwords and rows cross the network otherwise (Amazon RDS User Guide, "Requiring an SSL connection to a PostgreSQL DB instance": rds.force_ssl)',
    fix: 'give a parameter group with rds.force_ssl = 1',
    find: onEach(['aws_db_instance'], postgresTransit),
  },
  {
    id: 'encryption.kubernetes-secrets',
    severity: 'medium',
    title: 'Kubernetes secrets are encrypted with a key that can be taken away',
    reason:
      'envelope encryption with a customer managed key (Amazon EKS User Guide, "Encrypt Kubernetes secrets with KMS")',
    fix: 'add encryption_config with resources ["secrets"] and a key',
    find: onEach(['aws_eks_cluster'], secretsOfKubernetes),
  },
  {
    id: 'encryption.key-rotation',
    severity: 'medium',
    title: 'Keys are rotated',
    reason: 'what a leaked key opens ends with the year (AWS KMS Developer Guide, "Rotate AWS KMS keys")',
    fix: 'set enable_key_rotation to true',
    find: onEach(['aws_kms_key'], ({ values }) => {
      const symmetric = (text(values.customer_master_key_spec) ?? 'SYMMETRIC_DEFAULT') === 'SYMMETRIC_DEFAULT';
      return symmetric ? mustBeTrue(values.enable_key_rotation, 'enable_key_rotation', 'the key is never rotated') : [];
    }),
  },
  {
    id: 'encryption.listener',
    severity: 'medium',
    title: 'What the internet sends is encrypted',
    reason:
      'a public HTTP listener that forwards carries sessions and passwords in the clear (Elastic Load Balancing, "Create an HTTPS listener")',
    fix: 'give a certificate and an HTTPS listener, and let the HTTP one redirect',
    find: onEach(['aws_lb_listener', 'aws_alb_listener'], listener),
  },
];
