/** A bucket that AWS delivers logs into and that forgets them: log lines are no data that outlives the platform. */
import type { S3BucketPolicy } from '@cdktf/provider-aws/lib/s3-bucket-policy';
import { Construct } from 'constructs';
import { named } from './names';
import type { Statement } from './policy-document';
import { PrivateBucket } from './private-bucket';

/** Days after which a log object is deleted. */
export const LOG_RETENTION_DAYS = 30;

export interface LogBucketProps {
  readonly name: string;
  /** `flow-logs`: part of the bucket's name. */
  readonly purpose: string;
  /** What the delivering service may do; gets the bucket's ARN. */
  readonly statements: (bucketArn: string) => readonly Statement[];
}

export class LogBucket extends Construct {
  readonly arn: string;
  readonly bucketName: string;
  readonly policy: S3BucketPolicy;

  constructor(scope: Construct, id: string, props: LogBucketProps) {
    super(scope, id);
    const { bucket, policy } = new PrivateBucket(this, 'bucket', {
      // Names are shared by all of AWS: the prefix is ours, the rest is given. A destroy empties it.
      bucket: { bucketPrefix: named('bucketPrefix', props.name, props.purpose, ''), forceDestroy: true },
      lifecycle: [
        {
          id: 'expire',
          status: 'Enabled',
          filter: [{ prefix: '' }],
          expiration: [{ days: LOG_RETENTION_DAYS }],
          abortIncompleteMultipartUpload: [{ daysAfterInitiation: 1 }],
        },
      ],
      statements: props.statements,
    });
    this.arn = bucket.arn;
    this.bucketName = bucket.id;
    this.policy = policy;
  }
}
