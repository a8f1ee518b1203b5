import { block } from '../terraform';
import { idOf, type Topology } from '../topology';
import { CONTROL_PLANE_ADDRESSES, occupancy } from './occupants';
import { usable, type Shortage } from './shortage';

export function* subnets(topology: Topology): Generator<Shortage> {
  const taken = occupancy(topology);
  for (const { instance, cidr } of topology.all()) {
    if (cidr === undefined) continue;
    const occupants = taken.get(idOf(instance)) ?? [];
    const needed = occupants.reduce((sum, { addresses }) => sum + addresses, 0);
    if (needed <= usable(cidr.prefix)) continue;
    const most = [...occupants]
      .sort((a, b) => b.addresses - a.addresses)
      .slice(0, 3)
      .map(({ by, addresses }) => `${by} ${addresses}`);
    const message = `${needed} addresses are needed and ${usable(cidr.prefix)} usable (${most.join(', ')}${occupants.length > 3 ? ' …' : ''})`;
    yield {
      id: 'capacity.subnet',
      instance,
      attribute: 'cidr_block',
      value: needed,
      message,
      fix: 'make the subnet larger, or put less into it',
    };
  }
  for (const cluster of topology.project.ofType('aws_eks_cluster')) {
    for (const { instance, cidr } of topology.subnetsOf(block(cluster.values.vpc_config)?.subnet_ids)) {
      if (cidr === undefined || usable(cidr.prefix) >= CONTROL_PLANE_ADDRESSES + 10) continue;
      // AWS recommends sixteen where other things share the subnet.
      const message = `${instance.address} has ${usable(cidr.prefix)} usable addresses; the control plane needs ${CONTROL_PLANE_ADDRESSES} and nodes share the subnet`;
      yield {
        id: 'capacity.control-plane',
        instance: cluster,
        attribute: 'vpc_config.subnet_ids',
        value: instance.address,
        message,
        fix: 'give it subnets with 16 usable addresses or more',
      };
    }
  }
}
