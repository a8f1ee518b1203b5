import { text } from '../terraform';
import { idOf, type Topology } from '../topology';
import { BALANCER_ADDRESSES, occupancy } from './occupants';
import { usable, type Shortage } from './shortage';

/** The smallest subnet that Application Load Balancers take (Elastic Load Balancing, "Subnets for your load balancer"). */
const LONGEST_PREFIX = 27;

export function* loadBalancers(topology: Topology): Generator<Shortage> {
  const taken = occupancy(topology);
  const { project } = topology;
  for (const instance of [...project.ofType('aws_lb'), ...project.ofType('aws_alb')]) {
    const { values } = instance;
    if ((text(values.load_balancer_type) ?? 'application') !== 'application') continue;
    const subnets = topology.subnetsOf(values.subnets);
    const id = 'capacity.load-balancer' as const;
    const zones = new Set(subnets.map(({ zone }) => zone));
    if (!topology.isPartial(values.subnets) && subnets.length > 0 && zones.size < 2) {
      yield {
        id,
        instance,
        attribute: 'subnets',
        value: zones.size,
        message: `its subnets are in ${zones.size} zone`,
        fix: 'give it subnets in two zones or more',
      };
    }
    for (const { instance: subnet, cidr } of subnets) {
      if (cidr === undefined) continue;
      const others = (taken.get(idOf(subnet)) ?? [])
        .filter(({ by }) => by !== instance.address)
        .reduce((sum, { addresses }) => sum + addresses, 0);
      const free = usable(cidr.prefix) - others;
      if (cidr.prefix > LONGEST_PREFIX) {
        yield {
          id,
          instance,
          attribute: 'subnets',
          value: `/${cidr.prefix}`,
          message: `${subnet.address} is a /${cidr.prefix}, and a load balancer takes no subnet smaller than a /${LONGEST_PREFIX}`,
          fix: `make it a /${LONGEST_PREFIX}`,
        };
      } else if (free < BALANCER_ADDRESSES) {
        yield {
          id,
          instance,
          attribute: 'subnets',
          value: free,
          message: `${subnet.address} has ${free} free addresses, and a load balancer needs ${BALANCER_ADDRESSES} to scale`,
          fix: 'put less into the subnet, or make it larger',
        };
      }
    }
  }
}
