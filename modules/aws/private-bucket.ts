/** An S3 bucket that is nobody else's: no public access, encrypted, TLS only. */
import { S3Bucket, type S3BucketConfig } from '@cdktf/provider-aws/lib/s3-bucket';
import {
  S3BucketLifecycleConfiguration,
  type S3BucketLifecycleConfigurationRule,
} from '@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration';
import { S3BucketPolicy } from '@cdktf/provider-aws/lib/s3-bucket-policy';
import { S3BucketPublicAccessBlock } from '@cdktf/provider-aws/lib/s3-bucket-public-access-block';
import { S3BucketServerSideEncryptionConfigurationA } from '@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration';
import { Construct } from 'constructs';
import { policyDocument, type Statement } from './policy-document';

export interface PrivateBucketProps {
  /** A name or a prefix, tags, protection: what is peculiar to the bucket itself. */
  readonly bucket: S3BucketConfig;
  /** `s3` is SSE-S3 (AES-256), all that ALB access logs support; `kms` is the account's own aws/s3 key. Neither costs. */
  readonly encryption: 's3' | 'kms';
  readonly lifecycle: readonly S3BucketLifecycleConfigurationRule[];
  /** Who else may use it; gets the bucket's ARN. */
  readonly statements?: (bucketArn: string) => readonly Statement[];
}

export class PrivateBucket extends Construct {
  readonly bucket: S3Bucket;
  /** Who delivers into the bucket depends on its policy. */
  readonly policy: S3BucketPolicy;

  constructor(scope: Construct, id: string, props: PrivateBucketProps) {
    super(scope, id);
    this.bucket = new S3Bucket(this, 'this', props.bucket);
    const bucket = this.bucket.id;
    const publicAccess = new S3BucketPublicAccessBlock(this, 'public-access', {
      bucket,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    new S3BucketServerSideEncryptionConfigurationA(this, 'encryption', {
      bucket,
      rule: [
        props.encryption === 'kms'
          ? { applyServerSideEncryptionByDefault: { sseAlgorithm: 'aws:kms' }, bucketKeyEnabled: true }
          : { applyServerSideEncryptionByDefault: { sseAlgorithm: 'AES256' } },
      ],
    });
    new S3BucketLifecycleConfiguration(this, 'lifecycle', { bucket, rule: [...props.lifecycle] });
    this.policy = new S3BucketPolicy(this, 'policy', {
      bucket,
      policy: policyDocument(tlsOnly(this.bucket.arn), ...(props.statements?.(this.bucket.arn) ?? [])),
      // S3 answers 409 when both are changed at once.
      dependsOn: [publicAccess],
    });
  }
}

function tlsOnly(arn: string): Statement {
  return {
    Sid: 'TlsOnly',
    Effect: 'Deny',
    Principal: '*',
    Action: 's3:*',
    Resource: [arn, `${arn}/*`],
    Condition: { Bool: { 'aws:SecureTransport': 'false' } },
  };
}
