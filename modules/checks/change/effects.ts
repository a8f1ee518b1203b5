/** What a change means for people: data gone, a network opened, addresses moved. */
import { contains, type Cidr } from '../../addressing';
import type { Finding } from '../finding';
import { blocks, boolean, list, text, type Instance, type Value } from '../terraform';
import { parse } from '../topology';
import type { Difference } from './compare';

export type Effect = 'data-loss' | 'exposure' | 'readdress';

export const EFFECTS: readonly Effect[] = ['data-loss', 'exposure', 'readdress'];

/** Types that hold what cannot be made again. */
const DATA = new Set([
  'aws_db_instance',
  'aws_docdb_cluster',
  'aws_dynamodb_table',
  'aws_ebs_volume',
  'aws_efs_file_system',
  'aws_elasticache_replication_group',
  'aws_kms_key',
  'aws_msk_cluster',
  'aws_neptune_cluster',
  'aws_opensearch_domain',
  'aws_rds_cluster',
  'aws_redshift_cluster',
  'aws_s3_bucket',
  'aws_secretsmanager_secret',
  'aws_sqs_queue',
]);

/** Types that others know by an address, and arguments that move it without a replacement. */
const ADDRESSED: Readonly<Record<string, readonly string[]>> = {
  aws_db_instance: ['identifier', 'port'],
  aws_ec2_instance_connect_endpoint: [],
  aws_eip: [],
  aws_eks_cluster: [],
  aws_instance: [],
  aws_lb: ['subnets'],
  aws_msk_cluster: [],
  aws_nat_gateway: [],
  aws_network_interface: ['private_ips'],
  aws_rds_cluster: ['port'],
  aws_route53_record: ['records'],
  aws_subnet: [],
  aws_vpc: [],
  aws_vpc_ipv4_cidr_block_association: [],
};

/** @param opened findings of exposure in the new synth that the old one does not have */
export function effectsOf(difference: Difference, opened: readonly Finding[]): Effect[] {
  const { action, pair } = difference;
  const gone = action === 'delete' || action === 'replace';
  const effects: Effect[] = [];
  const { before, after } = pair;
  if (before !== undefined && gone && losesData(before)) effects.push('data-loss');
  if (before !== undefined && after !== undefined && action === 'update' && losesDataInPlace(before, after))
    effects.push('data-loss');
  if (
    after !== undefined &&
    (opens(before, after) || opened.some((one) => one.stack === after.resource.stack && one.address === after.address))
  )
    effects.push('exposure');
  if (before !== undefined && movesAddress(difference, before)) effects.push('readdress');
  return effects;
}

function losesData({ resource, values }: Instance): boolean {
  if (DATA.has(resource.type)) return true;
  // Volumes that are described inside a machine die with it unless they are told not to.
  return (
    resource.type === 'aws_instance' &&
    blocks(values.ebs_block_device).some((device) => boolean(device.delete_on_termination) !== false)
  );
}

/** Arguments whose change deletes copies of data while the resource stays. */
function losesDataInPlace(before: Instance, after: Instance): boolean {
  const days = (one: Instance) => Number(text(one.values.backup_retention_period) ?? Number.NaN);
  return DATA.has(after.resource.type) && days(after) === 0 && days(before) > 0;
}

function movesAddress({ action, attributes }: Difference, before: Instance): boolean {
  const movable = ADDRESSED[before.resource.type];
  if (movable === undefined) return false;
  // A machine whose interface is a resource of its own keeps its address when it is replaced.
  const interfaces =
    list(before.values.primary_network_interface).length + list(before.values.network_interface).length;
  if (before.resource.type === 'aws_instance' && interfaces > 0) return false;
  if (action === 'delete' || action === 'replace') return true;
  return attributes.some((path) => movable.includes(path.split('.')[0] as string));
}

/** Addresses that nobody on the internet has: RFC 1918, RFC 6598, and IPv6's unique local ones are left out as not routed. */
const PRIVATE = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10'].map((one) => parse(one) as Cidr);

/** Whether more of the internet is let in than was. */
function opens(before: Instance | undefined, after: Instance): boolean {
  const had = (before === undefined ? [] : admitted(before)).flatMap((cidr) => parse(cidr) ?? []);
  const knew = new Set(before === undefined ? [] : admitted(before));
  const more = admitted(after).some((written) => {
    if (knew.has(written)) return false;
    const cidr = parse(written);
    // IPv6 is compared as it is written.
    if (cidr === undefined) return written.includes(':');
    return !PRIVATE.some((block) => contains(block, cidr)) && !had.some((block) => contains(block, cidr));
  });
  return more || turnsPublic(before, after);
}

/** Blocks that a resource lets in. */
function admitted({ resource, values }: Instance): string[] {
  const texts = (...found: readonly (Value | undefined)[]) =>
    found.flatMap((value) => list(value)).flatMap((value) => text(value) ?? []);
  switch (resource.type) {
    case 'aws_security_group':
    case 'aws_default_security_group':
      return blocks(values.ingress).flatMap((rule) => texts(rule.cidr_blocks, rule.ipv6_cidr_blocks));
    case 'aws_security_group_rule':
      return text(values.type) === 'ingress' ? texts(values.cidr_blocks, values.ipv6_cidr_blocks) : [];
    case 'aws_vpc_security_group_ingress_rule':
      return texts(values.cidr_ipv4, values.cidr_ipv6);
    case 'aws_network_acl_rule':
      return text(values.rule_action) === 'allow' && boolean(values.egress) !== true
        ? texts(values.cidr_block, values.ipv6_cidr_block)
        : [];
    case 'aws_eks_cluster':
      return blocks(values.vpc_config).flatMap((config) =>
        boolean(config.endpoint_public_access) === false
          ? []
          : config.public_access_cidrs === undefined
            ? ['0.0.0.0/0']
            : texts(config.public_access_cidrs),
      );
    default:
      return [];
  }
}

/** Things that become reachable from the internet without a block being named. */
function turnsPublic(before: Instance | undefined, after: Instance): boolean {
  const isPublic = ({ resource, values }: Instance): boolean => {
    if (resource.type === 'aws_lb' || resource.type === 'aws_alb') return boolean(values.internal) !== true;
    if (resource.type === 'aws_instance') return boolean(values.associate_public_ip_address) === true;
    if (resource.type === 'aws_subnet') return boolean(values.map_public_ip_on_launch) === true;
    return boolean(values.publicly_accessible) === true;
  };
  return isPublic(after) && !(before !== undefined && isPublic(before));
}
