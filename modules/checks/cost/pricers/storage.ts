/** What holds objects, images, snapshots and names. */
import { price } from '../../../catalog';
import { monthly, type Pricer } from '../pricer';

const bucket: Pricer = (_, { region }) => [
  monthly(
    'S3 bucket',
    price('s3.smallBucketMonth', region),
    1,
    'bucket-month',
    'what it will hold is not stated: the ceiling for state or logs of a small platform; 0.023 a GB-month on top',
  ),
];

const repository: Pricer = (_, { region }) => [
  monthly('ECR images', price('ecr.gbMonth', region), 1, 'GB-month', 'what it will hold is not stated: 1 GB'),
];

const snapshots: Pricer = (_, { region }) => [
  {
    kind: 'usage',
    item: 'EBS snapshots',
    price: price('ebs.snapshot.gbMonth', region),
    usage: 'snapshotGb',
    factor: 1,
    unit: 'GB-month',
    reason: 'what scheduled snapshots hold, shared evenly by the policies',
  },
];

const zone: Pricer = (_, { region }) => [
  monthly(
    'Route 53 hosted zone (0.40 per million queries on top)',
    price('route53.hostedZoneMonth', region),
    1,
    'zone-month',
  ),
];

export const storagePricers: Readonly<Record<string, Pricer>> = {
  aws_s3_bucket: bucket,
  aws_ecr_repository: repository,
  aws_dlm_lifecycle_policy: snapshots,
  aws_ebs_snapshot: snapshots,
  aws_route53_zone: zone,
};
