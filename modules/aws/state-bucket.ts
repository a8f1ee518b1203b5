/** The bucket of Terraform's state: every version kept for a while, since a state that was lost or mangled must come back. */
import { S3BucketVersioningA } from '@cdktf/provider-aws/lib/s3-bucket-versioning';
import { Construct } from 'constructs';
import { PrivateBucket } from './private-bucket';

/** Days for which a replaced state can be had again. */
const OLD_VERSIONS_DAYS = 90;

export interface StateBucketProps {
  readonly bucket: string;
  readonly protection: boolean;
}

export class StateBucket extends Construct {
  constructor(scope: Construct, id: string, { bucket, protection }: StateBucketProps) {
    super(scope, id);
    const { bucket: resource } = new PrivateBucket(this, 'this', {
      bucket: { bucket, lifecycle: { preventDestroy: protection } },
      lifecycle: [
        {
          id: 'forget-old-versions',
          status: 'Enabled',
          filter: [{ prefix: '' }],
          noncurrentVersionExpiration: [{ noncurrentDays: OLD_VERSIONS_DAYS }],
          abortIncompleteMultipartUpload: [{ daysAfterInitiation: 1 }],
        },
      ],
    });
    new S3BucketVersioningA(this, 'versions', {
      bucket: resource.id,
      versioningConfiguration: { status: 'Enabled' },
    });
  }
}
