/** What a data node may do: read and first fill its own cluster's secrets, nothing else beside Session Manager. */
import type { Construct } from 'constructs';
import { InstanceRole } from './role';

export interface DataNodeRoleProps {
  readonly platform: string;
  /** `kafka`, `mongodb`. */
  readonly cluster: string;
  readonly region: string;
  readonly secretArns: readonly string[];
  readonly encryptionKeyArn: string;
}

/** @returns the instance profile's name */
export function dataNodeProfile(scope: Construct, id: string, props: DataNodeRoleProps): string {
  return new InstanceRole(scope, id, {
    name: [props.platform, `${props.cluster}-node`],
    description: `Nodes of ${props.cluster}: the secrets of their own cluster`,
    statements: [
      {
        Sid: 'OwnSecrets',
        Effect: 'Allow',
        Action: [
          'secretsmanager:DescribeSecret',
          'secretsmanager:GetSecretValue',
          'secretsmanager:PutSecretValue',
          'secretsmanager:UpdateSecretVersionStage',
        ],
        Resource: props.secretArns,
      },
      {
        // The key serves all data; only as Secrets Manager uses it, and only for these secrets.
        Sid: 'TheirKey',
        Effect: 'Allow',
        Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
        Resource: props.encryptionKeyArn,
        Condition: {
          StringEquals: {
            'kms:ViaService': `secretsmanager.${props.region}.amazonaws.com`,
            'kms:EncryptionContext:SecretARN': props.secretArns,
          },
        },
      },
    ],
  }).instanceProfileName;
}
