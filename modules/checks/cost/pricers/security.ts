/** Keys and secrets. */
import { price } from '../../../catalog';
import { monthly, type Pricer } from '../pricer';

const key: Pricer = (_, { region }) => [
  monthly('KMS key (0.03 per 10,000 requests on top)', price('kms.keyMonth', region), 1, 'key-month'),
];

const secret: Pricer = (_, { region }) => [
  monthly('Secrets Manager secret', price('secretsManager.secretMonth', region), 1, 'secret-month'),
];

export const securityPricers: Readonly<Record<string, Pricer>> = {
  aws_kms_key: key,
  aws_kms_external_key: key,
  aws_kms_replica_key: key,
  aws_secretsmanager_secret: secret,
};
