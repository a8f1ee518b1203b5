/**
 * Arguments that cannot be changed in place: a change of one destroys the resource and makes another. Terraform learns this from
 * the provider at plan (ForceNew, RequiresReplace); no schema carries it, so it is written down here for the types that the
 * platform and its users have. Each list names the file of hashicorp/terraform-provider-aws that says so.
 */

export interface ReplacementRule {
  /** Paths without indices; an argument stands for everything beneath it. */
  readonly arguments: readonly string[];
  /** Below `internal/service/` of the provider; `helm` for the helm provider. */
  readonly source: string;
}

/** Names as one text, with blanks between. */
const rule = (source: string, names: string): ReplacementRule => ({
  arguments: names.split(/\s+/).filter((name) => name !== ''),
  source,
});

export const REPLACEMENT: Readonly<Record<string, ReplacementRule>> = {
  aws_cloudwatch_log_group: rule('logs/group.go', 'name name_prefix log_group_class'),
  aws_db_instance: rule(
    'rds/instance.go',
    `availability_zone backup_target character_set_name custom_iam_instance_profile db_name engine
     identifier_prefix kms_key_id nchar_character_set_name restore_to_point_in_time s3_import
     snapshot_identifier storage_encrypted timezone username`,
  ),
  aws_db_parameter_group: rule('rds/parameter_group.go', 'description family name name_prefix'),
  aws_db_subnet_group: rule('rds/subnet_group.go', 'name name_prefix'),
  aws_default_security_group: rule('ec2/vpc_default_security_group.go', 'vpc_id'),
  aws_ebs_volume: rule(
    'ec2/ebs_volume.go',
    `availability_zone encrypted kms_key_id multi_attach_enabled outpost_arn snapshot_id`,
  ),
  aws_ec2_instance_connect_endpoint: rule(
    'ec2/ec2_instance_connect_endpoint.go',
    `preserve_client_ip security_group_ids subnet_id`,
  ),
  aws_efs_file_system: rule(
    'efs/file_system.go',
    `availability_zone_name creation_token encrypted kms_key_id performance_mode`,
  ),
  aws_eip: rule(
    'ec2/ec2_eip.go',
    `address customer_owned_ipv4_pool domain ipam_pool_id network_border_group public_ipv4_pool`,
  ),
  aws_eks_access_entry: rule('eks/access_entry.go', 'cluster_name principal_arn type'),
  aws_eks_access_policy_association: rule(
    'eks/access_policy_association.go',
    `access_scope cluster_name policy_arn principal_arn`,
  ),
  aws_eks_addon: rule('eks/addon.go', 'addon_name cluster_name'),
  aws_eks_cluster: rule(
    'eks/cluster.go',
    `access_config.bootstrap_cluster_creator_admin_permissions bootstrap_self_managed_addons
     kubernetes_network_config.ip_family kubernetes_network_config.service_ipv4_cidr name outpost_config
     role_arn`,
  ),
  aws_eks_node_group: rule(
    'eks/node_group.go',
    `ami_type capacity_type cluster_name disk_size instance_types launch_template.id launch_template.name
     node_group_name node_group_name_prefix node_role_arn remote_access subnet_ids`,
  ),
  aws_eks_pod_identity_association: rule('eks/pod_identity_association.go', 'cluster_name namespace service_account'),
  aws_elasticache_replication_group: rule(
    'elasticache/replication_group.go',
    `at_rest_encryption_enabled data_tiering_enabled kms_key_id port replication_group_id snapshot_arns
     snapshot_name subnet_group_name`,
  ),
  aws_flow_log: rule(
    'ec2/vpc_flow_log.go',
    `deliver_cross_account_role destination_options eni_id iam_role_arn log_destination
     log_destination_type log_format max_aggregation_interval subnet_id traffic_type transit_gateway_id
     vpc_id`,
  ),
  aws_iam_instance_profile: rule('iam/instance_profile.go', 'name name_prefix path'),
  aws_iam_policy: rule('iam/policy.go', 'description name name_prefix path'),
  aws_iam_role: rule('iam/role.go', 'name name_prefix path'),
  aws_iam_role_policy: rule('iam/role_policy.go', 'name name_prefix role'),
  aws_iam_role_policy_attachment: rule('iam/role_policy_attachment.go', 'policy_arn role'),
  aws_instance: rule(
    'ec2/ec2_instance.go',
    `ami associate_public_ip_address availability_zone cpu_options ebs_block_device ebs_optimized
     enclave_options ephemeral_block_device hibernation host_id instance_market_options
     ipv6_address_count ipv6_addresses key_name launch_template.id launch_template.name network_interface
     placement_group primary_network_interface private_ip root_block_device.encrypted
     root_block_device.kms_key_id security_groups subnet_id tenancy`,
  ),
  aws_internet_gateway: rule('ec2/vpc_internet_gateway.go', ''),
  aws_kms_alias: rule('kms/alias.go', 'name name_prefix'),
  aws_kms_key: rule('kms/key.go', 'custom_key_store_id customer_master_key_spec key_usage multi_region xks_key_id'),
  aws_launch_template: rule('ec2/ec2_launch_template.go', 'name name_prefix'),
  aws_lb: rule('elbv2/load_balancer.go', 'customer_owned_ipv4_pool internal load_balancer_type name name_prefix'),
  aws_lb_listener: rule('elbv2/listener.go', 'load_balancer_arn'),
  aws_lb_target_group: rule(
    'elbv2/target_group.go',
    `ip_address_type name name_prefix port protocol protocol_version target_type vpc_id`,
  ),
  aws_msk_cluster: rule(
    'kafka/cluster.go',
    `broker_node_group_info.az_distribution broker_node_group_info.client_subnets
     broker_node_group_info.security_groups cluster_name encryption_info.encryption_at_rest_kms_key_arn
     encryption_info.encryption_in_transit.in_cluster`,
  ),
  aws_msk_configuration: rule('kafka/configuration.go', 'kafka_versions name'),
  aws_nat_gateway: rule(
    'ec2/vpc_nat_gateway.go',
    `allocation_id availability_mode connectivity_type private_ip subnet_id vpc_id`,
  ),
  aws_network_acl: rule('ec2/vpc_network_acl.go', 'vpc_id'),
  aws_network_acl_rule: rule(
    'ec2/vpc_network_acl_rule.go',
    `cidr_block egress from_port icmp_code icmp_type ipv6_cidr_block network_acl_id protocol rule_action
     rule_number to_port`,
  ),
  aws_network_interface: rule('ec2/vpc_network_interface.go', 'interface_type private_ip subnet_id'),
  aws_rds_cluster: rule(
    'rds/cluster.go',
    `cluster_identifier cluster_identifier_prefix database_name db_subnet_group_name engine kms_key_id
     master_username snapshot_identifier storage_encrypted`,
  ),
  aws_route: rule(
    'ec2/vpc_route.go',
    `destination_cidr_block destination_ipv6_cidr_block destination_prefix_list_id route_table_id`,
  ),
  aws_route53_record: rule('route53/record.go', 'name set_identifier zone_id'),
  aws_route53_zone: rule('route53/zone.go', 'delegation_set_id name'),
  aws_route_table: rule('ec2/vpc_route_table.go', 'vpc_id'),
  aws_route_table_association: rule('ec2/vpc_route_table_association.go', 'gateway_id subnet_id'),
  aws_s3_bucket: rule('s3/bucket.go', 'bucket bucket_prefix object_lock_enabled'),
  aws_s3_bucket_lifecycle_configuration: rule('s3/bucket_lifecycle_configuration.go', 'bucket expected_bucket_owner'),
  aws_s3_bucket_policy: rule('s3/bucket_policy.go', 'bucket'),
  aws_s3_bucket_public_access_block: rule('s3/bucket_public_access_block.go', 'bucket'),
  aws_s3_bucket_server_side_encryption_configuration: rule(
    's3/bucket_server_side_encryption_configuration.go',
    `bucket expected_bucket_owner`,
  ),
  aws_s3_bucket_versioning: rule('s3/bucket_versioning.go', 'bucket expected_bucket_owner'),
  aws_secretsmanager_secret: rule('secretsmanager/secret.go', 'name name_prefix'),
  aws_security_group: rule('ec2/vpc_security_group.go', 'description name name_prefix vpc_id'),
  aws_security_group_rule: rule(
    'ec2/vpc_security_group_rule.go',
    `cidr_blocks from_port ipv6_cidr_blocks prefix_list_ids protocol security_group_id self
     source_security_group_id to_port type`,
  ),
  aws_subnet: rule(
    'ec2/vpc_subnet.go',
    `availability_zone availability_zone_id cidr_block ipv4_ipam_pool_id ipv4_netmask_length ipv6_native
     outpost_arn vpc_id`,
  ),
  aws_volume_attachment: rule('ec2/ebs_volume_attachment.go', 'device_name instance_id volume_id'),
  aws_vpc: rule('ec2/vpc_.go', 'cidr_block ipv4_ipam_pool_id ipv4_netmask_length'),
  aws_vpc_endpoint: rule('ec2/vpc_endpoint.go', 'service_name service_region vpc_endpoint_type vpc_id'),
  aws_vpc_ipv4_cidr_block_association: rule(
    'ec2/vpc_ipv4_cidr_block_association.go',
    `cidr_block ipv4_ipam_pool_id ipv4_netmask_length vpc_id`,
  ),
  aws_vpc_security_group_egress_rule: rule('ec2/vpc_security_group_ingress_rule.go', 'security_group_id'),
  aws_vpc_security_group_ingress_rule: rule('ec2/vpc_security_group_ingress_rule.go', 'security_group_id'),
  // Types whose every argument is changed in place.
  aws_budgets_budget: rule('budgets/budget.go', 'account_id name name_prefix'),
  aws_dlm_lifecycle_policy: rule('dlm/lifecycle_policy.go', 'default_policy'),
  helm_release: rule('helm: helm/resource_helm_release.go', 'name namespace'),
};

/** What the provider decides by more than a name: returns why, when a change replaces. */
export function replacedByRule(type: string, before: unknown, after: unknown, attribute: string): string | undefined {
  // https://docs.aws.amazon.com/eks/latest/userguide/enable-kms.html: it cannot be taken off again.
  if (type === 'aws_eks_cluster' && attribute === 'encryption_config' && after === undefined && before !== undefined) {
    return 'envelope encryption cannot be taken off a cluster (eks/cluster.go)';
  }
  const sources = ['cidr_ipv4', 'cidr_ipv6', 'prefix_list_id', 'referenced_security_group_id'];
  if (
    /^aws_vpc_security_group_(in|e)gress_rule$/.test(type) &&
    sources.includes(attribute) &&
    (before === undefined) !== (after === undefined)
  ) {
    return 'the kind of source cannot be changed (ec2/vpc_security_group_ingress_rule.go)';
  }
  if (type === 'aws_msk_cluster' && attribute === 'kafka_version' && String(after) < String(before))
    return 'a version cannot be taken back (kafka/cluster.go)';
  return undefined;
}
