/** How many addresses each thing takes in a subnet: what a full count of a subnet is made of. */
import { number, text, block, type Instance } from '../terraform';
import { idOf, type Subnet, type Topology } from '../topology';

/** Addresses taken, by subnet. */
export type Occupancy = ReadonlyMap<string, readonly { readonly by: string; readonly addresses: number }[]>;

/** A load balancer needs at least 8 free addresses in each subnet to scale (Elastic Load Balancing, "Application Load Balancers": subnets). */
export const BALANCER_ADDRESSES = 8;

/** EKS makes up to four interfaces, two to four more while it upgrades; six free are required (Amazon EKS User Guide, "VPC and subnet requirements"). */
export const CONTROL_PLANE_ADDRESSES = 6;

/** Everything but nodes and pods, which `pods` counts. */
export function occupancy(topology: Topology): Occupancy {
  const taken = new Map<string, { by: string; addresses: number }[]>();
  const take = (subnets: readonly Subnet[], instance: Instance, addresses: number) => {
    for (const subnet of subnets) {
      const key = idOf(subnet.instance);
      taken.set(key, [...(taken.get(key) ?? []), { by: instance.address, addresses }]);
    }
  };
  const { project } = topology;
  for (const one of project.ofType('aws_network_interface'))
    take(topology.subnetsOf(one.values.subnet_id), one, 1 + (number(one.values.private_ips_count) ?? 0));
  // A machine with an interface of its own was counted by the interface.
  for (const one of project.ofType('aws_instance')) take(topology.subnetsOf(one.values.subnet_id), one, 1);
  for (const one of project.ofType('aws_nat_gateway')) take(topology.subnetsOf(one.values.subnet_id), one, 1);
  for (const one of [...project.ofType('aws_lb'), ...project.ofType('aws_alb')])
    take(topology.subnetsOf(one.values.subnets), one, BALANCER_ADDRESSES);
  for (const one of project.ofType('aws_vpc_endpoint'))
    if (text(one.values.vpc_endpoint_type) === 'Interface') take(topology.subnetsOf(one.values.subnet_ids), one, 1);
  for (const one of project.ofType('aws_ec2_instance_connect_endpoint'))
    take(topology.subnetsOf(one.values.subnet_id), one, 1);
  for (const one of project.ofType('aws_eks_cluster'))
    take(topology.subnetsOf(block(one.values.vpc_config)?.subnet_ids), one, CONTROL_PLANE_ADDRESSES);
  for (const one of project.ofType('aws_db_instance')) {
    // The database and its standby may be in any of the group's subnets; each also holds the one that replaces it.
    for (const group of topology.named(one.values.db_subnet_group_name, 'aws_db_subnet_group'))
      take(topology.subnetsOf(group.values.subnet_ids), one, 2);
  }
  for (const one of project.ofType('aws_msk_cluster')) {
    const subnets = topology.subnetsOf(block(one.values.broker_node_group_info)?.client_subnets);
    const brokers = number(one.values.number_of_broker_nodes) ?? subnets.length;
    take(subnets, one, Math.ceil(brokers / Math.max(1, subnets.length)));
  }
  return taken;
}
