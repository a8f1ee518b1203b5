/** Certificates and parameters: free in their usual form, billed in another. */
import { textOf } from '../arguments';
import { Unpriced } from '../line';
import type { Pricer } from '../pricer';

const certificate: Pricer = ({ values }) => {
  if (values.certificate_authority_arn !== undefined && values.certificate_authority_arn !== null) {
    throw new Unpriced('certificate_authority_arn', 'certificates of a private authority are not in the catalogue');
  }
  return [{ kind: 'free', item: 'ACM certificate', reason: 'public certificates are free' }];
};

const parameter: Pricer = ({ values }) => {
  const tier = textOf(values, 'tier', 'Standard');
  if (tier !== 'Standard') throw new Unpriced('tier', `${tier} parameters are not in the catalogue`);
  return [{ kind: 'free', item: 'SSM parameter', reason: 'standard parameters are free' }];
};

export const certificatePricers: Readonly<Record<string, Pricer>> = {
  aws_acm_certificate: certificate,
  aws_ssm_parameter: parameter,
};
