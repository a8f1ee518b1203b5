/**
 * Whether the addresses suffice: for pods and nodes while a version is upgraded or a zone is lost, for load balancers that
 * grow, for the network interfaces that EKS puts into subnets, and for everything that is in a subnet at once.
 */
import type { Finding } from '../finding';
import type { ResolvedProject } from '../terraform';
import { Topology } from '../topology';
import { loadBalancers } from './load-balancers';
import { pods } from './pods';
import type { Shortage } from './shortage';
import { subnets } from './subnets';

export const CAPACITY_RULES = {
  'capacity.pods': ['high', 'Pods and nodes have addresses while a version is upgraded and when a zone is lost'],
  'capacity.load-balancer': ['high', 'A load balancer has subnets in two zones, each a /27 with 8 addresses free'],
  'capacity.control-plane': [
    'high',
    'Each subnet of an EKS cluster has the six addresses that an upgrade of its control plane needs',
  ],
  'capacity.subnet': ['critical', 'No subnet holds more interfaces than it has addresses'],
} as const;

export function checkCapacity(project: ResolvedProject): Finding[] {
  const topology = Topology.of(project);
  return [...pods(topology), ...loadBalancers(topology), ...subnets(topology)].map(
    ({ id, instance, attribute, value, message, fix }: Shortage): Finding => ({
      id,
      kind: 'capacity',
      severity: CAPACITY_RULES[id][0],
      stack: instance.resource.stack,
      address: instance.address,
      attribute,
      value,
      message,
      fix,
      origin: instance.resource.origin,
    }),
  );
}
