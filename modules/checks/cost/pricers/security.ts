/** Keys and secrets. */
import { price } from '../../../catalog';
import { blocks, isUnknown } from '../../terraform';
import { textOf } from '../arguments';
import { Unpriced } from '../line';
import { monthly, priceFor, type Pricer } from '../pricer';

const key: Pricer = (_, { region }) => [
  monthly('KMS key (0.03 per 10,000 requests on top)', price('kms.keyMonth', region), 1, 'key-month'),
];

/** A copy in another region is a secret of its own. */
const secret: Pricer = ({ values }, { region }) => {
  if (isUnknown(values.replica)) throw new Unpriced('replica', 'replica is known only at apply');
  const copies = blocks(values.replica).map((one) => textOf(one, 'region'));
  return [
    monthly('Secrets Manager secret', price('secretsManager.secretMonth', region), 1, 'secret-month'),
    ...copies.map((where) =>
      monthly(
        `Secrets Manager secret, copy in ${where}`,
        priceFor('replica', () => price('secretsManager.secretMonth', where)),
        1,
        'secret-month',
      ),
    ),
  ];
};

export const securityPricers: Readonly<Record<string, Pricer>> = {
  aws_kms_key: key,
  aws_kms_external_key: key,
  aws_kms_replica_key: key,
  aws_secretsmanager_secret: secret,
};
