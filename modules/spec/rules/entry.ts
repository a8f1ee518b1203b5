/** The entry's certificate: a load balancer takes only those of its own region. */
import type { Rule } from './rule';

export const entry: Rule = ({ platform }) => {
  const { certificate } = platform.kubernetes.entry;
  const region = certificate?.split(':')[3];
  if (region === undefined || region === platform.region) return [];
  return [
    {
      path: ['kubernetes', 'entry', 'certificate'],
      problem: `the certificate is of ${region}, and the load balancer is in ${platform.region}`,
      fix: `request it in ${platform.region}`,
      restsOn: [['region']],
    },
  ];
};
