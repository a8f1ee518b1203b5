import { whyCareful } from '../../../modules/argocd';

const EKS = 'https://0A1B.gr7.us-east-2.eks.amazonaws.com';
const LOCAL = 'https://192.168.49.2:8443';

test.each([
  ['minikube', 'minikube', 'minikube', LOCAL],
  ['lab', 'lab', 'lab', 'https://198.18.0.1:6443'],
  ['eks', 'arn:aws:eks:us-east-2:1:cluster/cimiento', 'arn:aws:eks:us-east-2:1:cluster/cimiento', EKS],
  ['eks', 'reproduction', 'products', EKS],
  ['minikube', 'delivery', 'alive', LOCAL],
] as const)('%s in %s needs nothing said', (target, name, cluster, server) => {
  expect(whyCareful(target, { name, cluster, server })).toBeUndefined();
});

test.each([
  ['eks', 'prod', 'x', EKS, '"prod" looks like production'],
  ['eks', 'x', 'arn:aws:eks:us-east-2:1:cluster/shop-PRODUCTION-2', EKS, 'looks like production'],
  ['eks', 'eu_prd', 'x', EKS, 'looks like production'],
  ['minikube', 'live', 'live', LOCAL, 'looks like production'],
  ['minikube', 'work', 'work', EKS, 'is a managed cluster, and the target is minikube'],
  ['lab', 'work', 'work', 'https://x.hcp.westeurope.azmk8s.io:443', 'is a managed cluster, and the target is lab'],
] as const)('%s in %s (%s) needs --yes', (target, name, cluster, server, why) => {
  expect(whyCareful(target, { name, cluster, server })).toContain(why);
});
