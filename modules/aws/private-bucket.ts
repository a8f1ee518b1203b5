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
      // SSE-S3: free, the only kind that ALB access logs may have, and what Terraform's S3 backend asks for.
      rule: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: 'AES256' } }],
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
