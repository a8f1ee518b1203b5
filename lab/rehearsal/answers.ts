/**
 * What AWS answers with and no schema tells: forms of ids, of ARNs, of endpoints; and what it refuses by number. Only what the
 * platform's own types need; every other value is invented from its name (provider/invent.go).
 *
 * Sources: "Resource types, ARN formats" of each service in the Service Authorization Reference; ids as the EC2 API reference
 * shows them; limits from the API reference of the action that is named beside them. Read 2026-11.
 */

/** Prefix of the id, with 17 hexadecimal digits behind it. */
export const ID_PREFIX: Readonly<Record<string, string>> = {
  aws_default_security_group: 'sg-',
  aws_dlm_lifecycle_policy: 'policy-',
  aws_ebs_volume: 'vol-',
  aws_ec2_instance_connect_endpoint: 'eice-',
  aws_eip: 'eipalloc-',
  aws_flow_log: 'fl-',
  aws_instance: 'i-',
  aws_internet_gateway: 'igw-',
  aws_launch_template: 'lt-',
  aws_nat_gateway: 'nat-',
  aws_network_acl: 'acl-',
  aws_network_interface: 'eni-',
  aws_route_table: 'rtb-',
  aws_route_table_association: 'rtbassoc-',
  aws_security_group: 'sg-',
  aws_subnet: 'subnet-',
  aws_vpc: 'vpc-',
  aws_vpc_endpoint: 'vpce-',
  aws_vpc_ipv4_cidr_block_association: 'vpc-cidr-assoc-',
  aws_vpc_security_group_egress_rule: 'sgr-',
  aws_vpc_security_group_ingress_rule: 'sgr-',
};

/** Argument or attribute that the provider uses as the id ("Attribute Reference" of each type's page). */
export const ID_FROM: Readonly<Record<string, string>> = {
  aws_cloudwatch_log_group: 'name',
  aws_db_parameter_group: 'name',
  aws_db_subnet_group: 'name',
  aws_eks_cluster: 'name',
  aws_iam_instance_profile: 'name',
  aws_iam_role: 'name',
  aws_kms_alias: 'name',
  aws_kms_key: 'key_id',
  aws_lb: 'arn',
  aws_lb_listener: 'arn',
  aws_lb_target_group: 'arn',
  aws_msk_cluster: 'arn',
  aws_msk_configuration: 'arn',
  aws_route53_zone: 'zone_id',
  aws_s3_bucket: 'bucket',
  aws_secretsmanager_secret: 'arn',
  helm_release: 'name',
};

/** Computed attributes by type and path: {hex}, {region}, {account}, {label} (the name) and {argument} are filled in. */
export const COMPUTED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'data.aws_caller_identity': {
    account_id: '{account}',
    arn: 'arn:aws:iam::{account}:user/rehearsal',
    user_id: 'AIDAREHEARSAL00000000',
  },
  'data.aws_eks_addon_version': { version: 'v1.0.0-eksbuild.1' },
  'data.aws_iam_session_context': { issuer_arn: '{arn}' },
  'data.aws_ssm_parameter': { insecure_value: 'ami-{hex}', value: 'ami-{hex}' },
  aws_cloudwatch_log_group: { arn: 'arn:aws:logs:{region}:{account}:log-group:{name}' },
  aws_db_instance: {
    address: '{identifier}.abcdefghijkl.{region}.rds.amazonaws.com',
    arn: 'arn:aws:rds:{region}:{account}:db:{identifier}',
    endpoint: '{identifier}.abcdefghijkl.{region}.rds.amazonaws.com:5432',
    'master_user_secret.secret_arn': 'arn:aws:secretsmanager:{region}:{account}:secret:rds!db-{hex}-AbCdEf',
    id: 'db-{hex}',
    port: '5432',
    resource_id: 'db-{hex}',
  },
  aws_db_subnet_group: { arn: 'arn:aws:rds:{region}:{account}:subgrp:{name}' },
  aws_ec2_instance_connect_endpoint: { dns_name: '{id}.ec2-instance-connect-endpoint.{region}.amazonaws.com' },
  aws_eip: { allocation_id: '{id}', public_ip: '203.0.113.7' },
  aws_eks_addon: { arn: 'arn:aws:eks:{region}:{account}:addon/{cluster_name}/{addon_name}/{hex}' },
  aws_eks_cluster: {
    arn: 'arn:aws:eks:{region}:{account}:cluster/{name}',
    // base64 of a certificate's first line: `base64decode` is called on it.
    'certificate_authority.data': 'LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCg==',
    endpoint: 'https://{hex}.gr7.{region}.eks.amazonaws.com',
    'identity.oidc.issuer': 'https://oidc.eks.{region}.amazonaws.com/id/{hex}',
    'vpc_config.cluster_security_group_id': 'sg-{hex}',
  },
  aws_iam_instance_profile: { arn: 'arn:aws:iam::{account}:instance-profile/{name}' },
  aws_iam_role: { arn: 'arn:aws:iam::{account}:role/{name}', unique_id: 'AROA{hex}' },
  aws_instance: { arn: 'arn:aws:ec2:{region}:{account}:instance/{id}' },
  aws_kms_key: { arn: 'arn:aws:kms:{region}:{account}:key/{hex}', key_id: '{hex}' },
  aws_launch_template: { default_version: '1', latest_version: '1' },
  aws_lb: {
    arn: 'arn:aws:elasticloadbalancing:{region}:{account}:loadbalancer/app/{name}/{hex}',
    dns_name: '{name}-1234567890.{region}.elb.amazonaws.com',
  },
  aws_lb_listener: { arn: 'arn:aws:elasticloadbalancing:{region}:{account}:listener/app/{hex}/{hex}' },
  aws_lb_target_group: { arn: 'arn:aws:elasticloadbalancing:{region}:{account}:targetgroup/{name}/{hex}' },
  aws_msk_cluster: {
    arn: 'arn:aws:kafka:{region}:{account}:cluster/{cluster_name}/{hex}',
    bootstrap_brokers_tls: 'b-1.{cluster_name}.c1.kafka.{region}.amazonaws.com:9094',
    bootstrap_brokers_sasl_iam: 'b-1.{cluster_name}.c1.kafka.{region}.amazonaws.com:9098',
  },
  aws_network_interface: { private_dns_name: 'ip-{hex}.{region}.compute.internal' },
  aws_route53_record: { fqdn: '{name}' },
  aws_route53_zone: { arn: 'arn:aws:route53:::hostedzone/Z{hex}', zone_id: 'Z{hex}' },
  aws_s3_bucket: {
    arn: 'arn:aws:s3:::{bucket}',
    bucket_domain_name: '{bucket}.s3.amazonaws.com',
    bucket_regional_domain_name: '{bucket}.s3.{region}.amazonaws.com',
  },
  aws_secretsmanager_secret: { arn: 'arn:aws:secretsmanager:{region}:{account}:secret:{name}-AbCdEf' },
  aws_vpc: {
    default_network_acl_id: 'acl-{hex}',
    default_route_table_id: 'rtb-{hex}',
    default_security_group_id: 'sg-{hex}',
    main_route_table_id: 'rtb-{hex}',
  },
};

/** Computed attributes that every update changes: the launch template's page says so of its versions. */
export const MOVING: Readonly<Record<string, readonly string[]>> = {
  aws_launch_template: ['latest_version', 'default_version'],
};

/** Longest text of an argument: the API reference of CreateRole, CreateLoadBalancer, CreateDBInstance and so on. */
export const MAX_LENGTH: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  aws_db_instance: { identifier: 63 },
  aws_db_subnet_group: { name: 255 },
  aws_eks_cluster: { name: 100 },
  aws_eks_node_group: { node_group_name: 63, node_group_name_prefix: 37 },
  aws_iam_instance_profile: { name: 128 },
  aws_iam_role: { name: 64 },
  aws_launch_template: { name: 128 },
  aws_lb: { name: 32 },
  aws_lb_target_group: { name: 32 },
  aws_msk_cluster: { cluster_name: 64 },
  aws_s3_bucket: { bucket: 63 },
  aws_security_group: { name: 255 },
};

/** Arguments that together may be had once in an account and region; AWS answers with …AlreadyExists or Duplicate. */
export const UNIQUE: Readonly<Record<string, readonly string[]>> = {
  aws_cloudwatch_log_group: ['name'],
  aws_db_instance: ['identifier'],
  aws_db_parameter_group: ['name'],
  aws_db_subnet_group: ['name'],
  aws_eks_cluster: ['name'],
  aws_iam_instance_profile: ['name'],
  aws_iam_role: ['name'],
  aws_kms_alias: ['name'],
  aws_launch_template: ['name'],
  aws_lb: ['name'],
  aws_lb_target_group: ['name'],
  aws_msk_cluster: ['cluster_name'],
  aws_network_acl_rule: ['network_acl_id', 'egress', 'rule_number'],
  aws_route_table_association: ['subnet_id'],
  aws_s3_bucket: ['bucket'],
  aws_secretsmanager_secret: ['name'],
  aws_security_group: ['vpc_id', 'name'],
};

/** Arguments that make AWS refuse a deletion while they are true. */
export const PROTECTED: Readonly<Record<string, string>> = {
  aws_db_instance: 'deletion_protection',
  aws_eks_cluster: 'deletion_protection',
  aws_lb: 'enable_deletion_protection',
};

/** Arguments that name an instance type or class, which must be on sale in the region. */
export const INSTANCE_ARGUMENTS: Readonly<Record<string, readonly string[]>> = {
  aws_db_instance: ['instance_class'],
  aws_eks_node_group: ['instance_types'],
  aws_instance: ['instance_type'],
  aws_launch_template: ['instance_type'],
  aws_msk_cluster: ['broker_node_group_info.instance_type'],
};
