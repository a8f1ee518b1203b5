/** What a resource is for, from its type, and for machines and volumes from what they are called. */
import { block, text, type Instance } from '../terraform';
import type { Purpose } from './line';

const BY_TYPE: Readonly<Record<string, Purpose>> = {
  aws_db_instance: 'PostgreSQL',
  aws_msk_cluster: 'Kafka',
  aws_lb: 'Load balancing',
  aws_alb: 'Load balancing',
  aws_nat_gateway: 'Network',
  aws_eip: 'Network',
  aws_vpc_endpoint: 'Network',
  aws_ec2_transit_gateway_vpc_attachment: 'Network',
  aws_route53_zone: 'Network',
  aws_kms_key: 'Security',
  aws_kms_external_key: 'Security',
  aws_kms_replica_key: 'Security',
  aws_secretsmanager_secret: 'Security',
  aws_cloudwatch_log_group: 'Observability',
  aws_flow_log: 'Observability',
  aws_cloudwatch_metric_alarm: 'Observability',
  aws_cloudwatch_dashboard: 'Observability',
  aws_s3_bucket: 'Storage',
  aws_ecr_repository: 'Storage',
  aws_dlm_lifecycle_policy: 'Storage',
};

/** Words in a resource's name, tags or stack that tell what a machine or a volume serves. */
const BY_NAME: readonly (readonly [RegExp, Purpose])[] = [
  [/kafka|broker/i, 'Kafka'],
  [/mongo/i, 'MongoDB'],
  [/postgres|(^|[^a-z])pg([^a-z]|$)/i, 'PostgreSQL'],
  [/kubernetes|(^|[^a-z])(eks|k8s)([^a-z]|$)|worker/i, 'Kubernetes'],
];

const MACHINES = ['aws_instance', 'aws_ebs_volume', 'aws_autoscaling_group', 'aws_ebs_snapshot'];

/** Tags say it best (`component`, `role`), then the resource's name, then its Name tag; a machine that says nothing serves. */
export function purposeOf({ resource, values }: Instance): Purpose {
  const byType = BY_TYPE[resource.type];
  if (byType !== undefined) return byType;
  if (resource.type.startsWith('aws_eks_')) return 'Kubernetes';
  if (!MACHINES.includes(resource.type)) return 'Other';
  const tags = block(values.tags) ?? {};
  for (const said of [tags.component, tags.Component, tags.role, tags.Role, resource.name, tags.Name]) {
    const words = text(said);
    const found = words === undefined ? undefined : BY_NAME.find(([pattern]) => pattern.test(words));
    if (found !== undefined) return found[1];
  }
  return resource.type === 'aws_ebs_volume' ? 'Storage' : 'Service nodes';
}
