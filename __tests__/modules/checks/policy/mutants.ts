/**
 * Faults put into the clean platform, one at a time and by rule: every resource of a type is mutated in the same way, so a
 * policy that misses one resource of many is found out.
 */
import type { Mutable } from '../clean-platform';

export interface Mutator {
  /** The policy or capacity rule that must object. */
  readonly id: string;
  /** What is done to each resource. */
  readonly fault: string;
  /** `managed` for what only that profile has. */
  readonly profile: 'cheapest-durable' | 'managed';
  readonly type: string;
  /** Returns false when this resource cannot bear the fault. */
  readonly edit: (body: Mutable, json: Mutable) => void | false;
}

const each =
  (profile: Mutator['profile']) =>
  (id: string, type: string, fault: string, edit: Mutator['edit']): Mutator => ({ id, fault, profile, type, edit });

const on = each('cheapest-durable');
const managed = each('managed');

/** Deletes what stands at the end of a path; false when nothing does. */
const drop =
  (...path: string[]): Mutator['edit'] =>
  (body) => {
    const holder = path.slice(0, -1).reduce((at, step) => first(at?.[step]), body);
    if (holder?.[path.at(-1) as string] === undefined) return false;
    delete holder[path.at(-1) as string];
  };

const put =
  (value: unknown, ...path: string[]): Mutator['edit'] =>
  (body) => {
    const holder = path.slice(0, -1).reduce((at, step) => first((at[step] ??= {})), body);
    holder[path.at(-1) as string] = value;
  };

const first = (value: Mutable) => (Array.isArray(value) ? value[0] : value);

const WORLD = '0.0.0.0/0';

export const MUTATORS: readonly Mutator[] = [
  on('instance.burstable', 'aws_instance', 'a T class', put('t4g.large', 'instance_type')),
  on('instance.burstable', 'aws_instance', 'a flex class', put('m7i-flex.large', 'instance_type')),
  on('instance.burstable', 'aws_db_instance', 'a T class', put('db.t4g.large', 'instance_class')),
  on(
    'instance.burstable',
    'aws_eks_node_group',
    'a T class beside another',
    (body) => void body.instance_types.push('t3a.large'),
  ),
  on('instance.burstable', 'aws_eks_node_group', 'no class, so EKS takes t3.medium', drop('instance_types')),
  on('instance.burstable', 'aws_launch_template', 'a T class', put('t3.large', 'instance_type')),
  on(
    'instance.burstable',
    'aws_launch_template',
    'requirements that allow bursting',
    put({ burstable_performance: 'included', memory_mib: {}, vcpu_count: {} }, 'instance_requirements'),
  ),
  on(
    'instance.burstable',
    'helm_release',
    'a T class in values',
    (body) => void body.values.push('nodeSelector: {node.kubernetes.io/instance-type: t3.large}'),
  ),
  managed(
    'instance.burstable',
    'aws_msk_cluster',
    'a T class',
    put('kafka.t3.small', 'broker_node_group_info', 'instance_type'),
  ),

  on('encryption.volume', 'aws_ebs_volume', 'no encryption', put(false, 'encrypted')),
  on('encryption.volume', 'aws_ebs_volume', 'encryption left to the account', drop('encrypted')),
  on('encryption.volume', 'aws_instance', 'a plain root volume', put(false, 'root_block_device', 'encrypted')),
  on(
    'encryption.volume',
    'aws_instance',
    'a second, plain volume',
    put([{ device_name: '/dev/sdf' }], 'ebs_block_device'),
  ),
  on(
    'encryption.volume',
    'aws_launch_template',
    'a plain volume',
    put('false', 'block_device_mappings', 'ebs', 'encrypted'),
  ),
  on('encryption.at-rest', 'aws_db_instance', 'no encryption', put(false, 'storage_encrypted')),
  managed(
    'encryption.kafka-transit',
    'aws_msk_cluster',
    'plain text beside TLS',
    put('TLS_PLAINTEXT', 'encryption_info', 'encryption_in_transit', 'client_broker'),
  ),
  managed(
    'encryption.kafka-transit',
    'aws_msk_cluster',
    'plain text between brokers',
    put(false, 'encryption_info', 'encryption_in_transit', 'in_cluster'),
  ),
  on(
    'encryption.postgres-transit',
    'aws_db_parameter_group',
    'TLS not forced',
    put([{ name: 'rds.force_ssl', value: '0' }], 'parameter'),
  ),
  on('encryption.kubernetes-secrets', 'aws_eks_cluster', 'no key for secrets', drop('encryption_config')),
  on('encryption.key-rotation', 'aws_kms_key', 'no rotation', drop('enable_key_rotation')),

  on('exposure.ingress', 'aws_vpc_security_group_ingress_rule', 'the world as source', (body) => {
    if (body.cidr_ipv4 === WORLD) return false;
    delete body.referenced_security_group_id;
    body.cidr_ipv4 = WORLD;
  }),
  on('exposure.ingress', 'aws_vpc_security_group_ingress_rule', 'the IPv6 world as source', (body) => {
    delete body.referenced_security_group_id;
    delete body.cidr_ipv4;
    body.cidr_ipv6 = '::/0';
    body.from_port = body.to_port = 22;
  }),
  on(
    'exposure.ingress',
    'aws_security_group',
    'an inline rule',
    put([{ from_port: 22, to_port: 22, protocol: 'tcp', cidr_blocks: [WORLD] }], 'ingress'),
  ),
  on('exposure.kubernetes-api', 'aws_eks_cluster', 'a public API', put(true, 'vpc_config', 'endpoint_public_access')),
  on(
    'exposure.kubernetes-api',
    'aws_eks_cluster',
    'an API left to its default',
    drop('vpc_config', 'endpoint_public_access'),
  ),
  managed(
    'exposure.kafka',
    'aws_msk_cluster',
    'public brokers',
    put({ public_access: { type: 'SERVICE_PROVIDED_EIPS' } }, 'broker_node_group_info', 'connectivity_info'),
  ),
  managed(
    'exposure.kafka',
    'aws_msk_cluster',
    'anonymous clients',
    put(true, 'client_authentication', 'unauthenticated'),
  ),
  on('exposure.database', 'aws_db_instance', 'a public address', put(true, 'publicly_accessible')),
  on('exposure.bucket', 'aws_s3_bucket_public_access_block', 'one of four left off', put(false, 'block_public_policy')),
  on(
    'exposure.bucket',
    'aws_s3_bucket',
    'no public access block',
    (_, json) => void delete json.resource.aws_s3_bucket_public_access_block,
  ),
  on('exposure.public-address', 'aws_instance', 'a public address', put(true, 'associate_public_ip_address')),
  on('exposure.public-address', 'aws_subnet', 'public addresses for all', put(true, 'map_public_ip_on_launch')),
  on(
    'exposure.public-address',
    'aws_launch_template',
    'a public address',
    put([{ associate_public_ip_address: true }], 'network_interfaces'),
  ),
  on(
    'exposure.default-group',
    'aws_default_security_group',
    'a rule kept',
    put([{ from_port: 0, to_port: 0, protocol: '-1', self: true }], 'ingress'),
  ),
  on(
    'exposure.default-group',
    'aws_vpc',
    'the default group not adopted',
    (_, json) => void delete json.resource.aws_default_security_group,
  ),

  on(
    'access.administrator',
    'aws_iam_role_policy',
    'everything allowed',
    put('{"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}', 'policy'),
  ),
  on(
    'access.administrator',
    'aws_iam_role_policy_attachment',
    'the administrator’s policy',
    put('arn:aws:iam::aws:policy/AdministratorAccess', 'policy_arn'),
  ),
  on(
    'access.everybody',
    'aws_iam_role',
    'anybody may take the role',
    put('{"Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"AWS":"*"}}]}', 'assume_role_policy'),
  ),
  on(
    'access.everybody',
    'aws_kms_key',
    'anybody may use the key',
    put('{"Statement":[{"Effect":"Allow","Action":"kms:*","Resource":"*","Principal":"*"}]}', 'policy'),
  ),
  on(
    'access.everybody',
    'aws_s3_bucket_policy',
    'anybody may read',
    put(
      '{"Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*","Principal":{"AWS":["*"]}}]}',
      'policy',
    ),
  ),

  on('metadata.imdsv2', 'aws_instance', 'tokens optional', put('optional', 'metadata_options', 'http_tokens')),
  on('metadata.imdsv2', 'aws_instance', 'options left out', drop('metadata_options')),
  on('metadata.imdsv2', 'aws_launch_template', 'tokens optional', put('optional', 'metadata_options', 'http_tokens')),
  on(
    'metadata.hop-limit',
    'aws_launch_template',
    'two hops',
    put(2, 'metadata_options', 'http_put_response_hop_limit'),
  ),

  on('durability.deletion-protection', 'aws_db_instance', 'no protection', put(false, 'deletion_protection')),
  on('durability.deletion-protection', 'aws_eks_cluster', 'no protection', drop('deletion_protection')),
  on('durability.prevent-destroy', 'aws_ebs_volume', 'destruction allowed', drop('lifecycle')),
  on('durability.prevent-destroy', 'aws_kms_key', 'destruction allowed', put(false, 'lifecycle', 'prevent_destroy')),
  managed('durability.prevent-destroy', 'aws_msk_cluster', 'destruction allowed', drop('lifecycle', 'prevent_destroy')),
  on('durability.database-backups', 'aws_db_instance', 'one day of backups', put(1, 'backup_retention_period')),
  on('durability.database-backups', 'aws_db_instance', 'backups left to the default', drop('backup_retention_period')),
  on('durability.database-backups', 'aws_db_instance', 'no last snapshot', put(true, 'skip_final_snapshot')),
  on('durability.volume-backups', 'aws_ebs_volume', 'tags that no policy copies', put({ Name: 'x' }, 'tags')),
  on('durability.database-zones', 'aws_db_instance', 'one zone', put(false, 'multi_az')),
  managed(
    'durability.kafka',
    'aws_msk_configuration',
    'unclean elections',
    (body) =>
      void (body.server_properties = body.server_properties.replace('unclean.leader.election.enable=false', '')),
  ),
  managed(
    'durability.kafka',
    'aws_msk_configuration',
    'one in-sync replica',
    (body) =>
      void (body.server_properties = body.server_properties.replace('min.insync.replicas=2', 'min.insync.replicas=1')),
  ),
  managed('durability.kafka', 'aws_msk_cluster', 'MSK’s own configuration', drop('configuration_info')),
  on('durability.machine', 'aws_instance', 'no protection', (body, json) => {
    if (
      !JSON.stringify(json.resource.aws_volume_attachment ?? {}).includes('.machine') &&
      json.resource.aws_volume_attachment === undefined
    )
      return false;
    delete body.disable_api_termination;
  }),
  on('durability.secret-recovery', 'aws_secretsmanager_secret', 'deleted at once', put(0, 'recovery_window_in_days')),

  on('zones.three', 'aws_eks_cluster', 'two zones', (body) => void body.vpc_config.subnet_ids.pop()),
  on('zones.three', 'aws_db_subnet_group', 'two zones', (body) => void body.subnet_ids.pop()),
  on('zones.three', 'aws_eks_node_group', 'moved to a neighbour’s zone', (body, json) => {
    const groups: Mutable[] = Object.values(json.resource.aws_eks_node_group);
    body.subnet_ids = groups.find((one) => one !== body).subnet_ids;
  }),
  on('zones.three', 'aws_network_interface', 'a member moved to a neighbour’s zone', (body, json) => {
    const others: Mutable[] = Object.values(json.resource.aws_network_interface);
    const neighbour = others.find((one) => one !== body && one.security_groups[0] === body.security_groups[0]);
    body.subnet_id = neighbour.subnet_id;
  }),
  managed(
    'zones.three',
    'aws_msk_cluster',
    'two zones',
    (body) => void body.broker_node_group_info.client_subnets.pop(),
  ),
  managed('zones.nodes', 'aws_msk_cluster', 'two brokers', put(2, 'number_of_broker_nodes')),
  on('zones.nodes', 'aws_eks_node_group', 'no node', put(0, 'scaling_config', 'desired_size')),

  on(
    'isolation.testing',
    'aws_vpc_security_group_ingress_rule',
    'a rule of production that names testing’s group',
    (body) => {
      if (!/groups_(kafka|mongodb|postgres|nodes-production)\./.test(body.security_group_id)) return false;
      delete body.cidr_ipv4;
      body.referenced_security_group_id = '${aws_security_group.groups_nodes-testing.id}';
    },
  ),
  on(
    'isolation.testing',
    'aws_vpc_security_group_ingress_rule',
    'a rule of production that names testing’s block',
    (body) => {
      if (!/groups_(kafka|mongodb|postgres|nodes-production)\./.test(body.security_group_id)) return false;
      delete body.referenced_security_group_id;
      body.cidr_ipv4 = '10.100.33.0/24';
    },
  ),
  on('isolation.testing', 'aws_network_acl_rule', 'a first rule that lets testing in', (body) => {
    if (body.egress === true || !body.network_acl_id.includes('acls_production-private')) return false;
    Object.assign(body, { cidr_block: '10.100.33.0/24', rule_action: 'allow', rule_number: 1, protocol: '-1' });
  }),

  on('support.version', 'aws_eks_cluster', 'a version out of support', put('1.27', 'version')),
  on('support.version', 'aws_eks_cluster', 'a version nobody sells', put('1.99', 'version')),
  on('support.version', 'aws_db_instance', 'a version out of support', put('11', 'engine_version')),

  on('tags.project', 'aws_launch_template', 'machines without tags', drop('tag_specifications')),

  on('capacity.pods', 'aws_subnet', 'a subnet of 32 addresses for nodes', (body) => {
    if (!/kubernetes-private/.test(body.tags.Name)) return false;
    body.cidr_block = '10.100.0.0/27';
  }),
  on('capacity.pods', 'aws_eks_node_group', 'sixty nodes', put(60, 'scaling_config', 'max_size')),
  on('capacity.load-balancer', 'aws_lb', 'one subnet', (body) => void (body.subnets = body.subnets.slice(0, 1))),
  on('capacity.load-balancer', 'aws_subnet', 'a subnet of 16 addresses for the load balancer', (body) => {
    if (!/kubernetes-public/.test(body.tags.Name)) return false;
    body.cidr_block = '10.100.24.0/28';
  }),
  on('capacity.control-plane', 'aws_subnet', 'a subnet of 16 addresses for the control plane', (body) => {
    if (!/kubernetes-private/.test(body.tags.Name)) return false;
    body.cidr_block = '10.100.0.0/28';
  }),
  on('capacity.subnet', 'aws_subnet', 'a subnet of 16 addresses for everything', (body) => {
    if (!/kubernetes-public/.test(body.tags.Name)) return false;
    body.cidr_block = '10.100.24.0/29';
  }),
];
