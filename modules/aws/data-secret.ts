/**
 * A secret's container. Terraform never knows the value: it would stand in the state and in every plan. Nodes put values
 * themselves (cloud-init/scripts/secret.sh), or a person does (docs/data.md).
 */
import { SecretsmanagerSecret } from '@cdktf/provider-aws/lib/secretsmanager-secret';
import { Construct } from 'constructs';

/** Days in which a deleted secret can be had back; the longest there is. */
const RECOVERY_DAYS = 30;

export interface DataSecretProps {
  /** `cimiento/kafka/cluster`. */
  readonly name: string;
  readonly description: string;
  readonly encryptionKeyArn: string;
}

export class DataSecret extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, props: DataSecretProps) {
    super(scope, id);
    this.arn = new SecretsmanagerSecret(this, 'this', {
      name: props.name,
      description: props.description,
      kmsKeyId: props.encryptionKeyArn,
      recoveryWindowInDays: RECOVERY_DAYS,
    }).arn;
  }
}
