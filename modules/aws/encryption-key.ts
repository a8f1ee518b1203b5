/** One KMS key for all data at rest: volumes, database, secrets, logs, Kubernetes secrets. */
import { KmsAlias } from '@cdktf/provider-aws/lib/kms-alias';
import { KmsKey } from '@cdktf/provider-aws/lib/kms-key';
import { Construct } from 'constructs';
import { policyDocument } from './policy-document';

export interface EncryptionKeyProps {
  readonly name: string;
  readonly region: string;
  readonly accountId: string;
  /** Refuse deletion: without the key every volume and snapshot is noise. */
  readonly protection: boolean;
}

export class EncryptionKey extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, { name, region, accountId, protection }: EncryptionKeyProps) {
    super(scope, id);
    const key = new KmsKey(this, 'this', {
      description: `Data at rest of ${name}`,
      enableKeyRotation: true,
      // The longest there is: time to notice.
      deletionWindowInDays: 30,
      policy: policyDocument(
        {
          Sid: 'AccountAndItsIamPolicies',
          Effect: 'Allow',
          Principal: { AWS: `arn:aws:iam::${accountId}:root` },
          Action: 'kms:*',
          Resource: '*',
        },
        {
          // As the policy of AWS's own aws/ebs key: whoever may use EC2 may use its encrypted volumes. Auto Scaling's
          // service-linked role starts the nodes and can be given no IAM policy; without this they never boot.
          Sid: 'VolumesThroughEc2',
          Effect: 'Allow',
          Principal: { AWS: '*' },
          Action: [
            'kms:Encrypt',
            'kms:Decrypt',
            'kms:ReEncrypt*',
            'kms:GenerateDataKey*',
            'kms:CreateGrant',
            'kms:DescribeKey',
          ],
          Resource: '*',
          Condition: {
            StringEquals: { 'kms:CallerAccount': accountId, 'kms:ViaService': `ec2.${region}.amazonaws.com` },
          },
        },
        {
          Sid: 'CloudWatchLogs',
          Effect: 'Allow',
          Principal: { Service: `logs.${region}.amazonaws.com` },
          Action: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:DescribeKey'],
          Resource: '*',
          Condition: {
            ArnLike: { 'kms:EncryptionContext:aws:logs:arn': `arn:aws:logs:${region}:${accountId}:log-group:*` },
          },
        },
      ),
      tags: { Name: name },
      lifecycle: { preventDestroy: protection },
    });
    new KmsAlias(this, 'alias', { name: `alias/${name}`, targetKeyId: key.keyId });
    this.arn = key.arn;
  }
}
