import { podCapacity } from '../../addressing';
import { instanceType, maxPodsWithPrefixDelegation } from '../../catalog';
import { block, list, number, referent, text, type Instance } from '../terraform';
import { idOf, type Subnet, type Topology } from '../topology';
import { occupancy } from './occupants';
import { usable, type Shortage } from './shortage';

/** Addresses in a prefix, which is what the VPC CNI takes at a time under prefix delegation. */
const PREFIX = 16;
/** A prefix is held in reserve on each node (VPC CNI: WARM_PREFIX_TARGET=1). */
const WARM = 1;

interface Demand {
  /** Nodes at most in one zone: upgraded, with another zone lost. */
  readonly nodes: number;
  readonly podsPerNode: number;
  readonly type: string;
}

/**
 * Nodes that a zone may have to hold at once. EKS adds nodes before it takes old ones away, up to twice as many as the group has
 * zones (Amazon EKS User Guide, "Understand each phase of node updates": the larger of that and max_unavailable); and when a
 * zone is lost, its nodes are made in the others.
 */
export function* pods(topology: Topology): Generator<Shortage> {
  const { project } = topology;
  const prefixes = project
    .ofType('aws_eks_addon')
    .some(
      ({ values }) =>
        text(values.addon_name) === 'vpc-cni' &&
        /"ENABLE_PREFIX_DELEGATION"\s*:\s*"?true/.test(text(values.configuration_values) ?? ''),
    );
  const groups = project.ofType('aws_eks_node_group');
  const zones = new Set(
    groups.flatMap((group) => topology.subnetsOf(group.values.subnet_ids).flatMap(({ zone }) => zone ?? [])),
  );
  const total = groups.reduce((sum, group) => sum + largest(group), 0);
  const taken = occupancy(topology);
  const judged = new Set<string>();
  for (const group of groups) {
    const demand = demandOf(topology, group, total, zones.size);
    if (demand === undefined) continue;
    for (const subnet of topology.subnetsOf(group.values.subnet_ids)) {
      const key = idOf(subnet.instance);
      if (judged.has(key)) continue;
      judged.add(key);
      const others = (taken.get(key) ?? []).reduce((sum, { addresses }) => sum + addresses, 0);
      yield* shortage(group, subnet, demand, others, prefixes);
    }
  }
}

function* shortage(
  group: Instance,
  { instance: subnet, cidr }: Subnet,
  { nodes, podsPerNode, type }: Demand,
  others: number,
  prefixes: boolean,
): Generator<Shortage> {
  if (cidr === undefined) return;
  const size = 2 ** (32 - cidr.prefix);
  const perNode = prefixes ? (Math.ceil(podsPerNode / PREFIX) + WARM) * PREFIX : podsPerNode + 1;
  const room = prefixes ? podCapacity(size) : usable(cidr.prefix) - others;
  if (nodes * perNode <= room) return;
  const how = prefixes ? `${perNode / PREFIX} prefixes of ${PREFIX}` : `${perNode} addresses`;
  const message = `${nodes} nodes of ${type} (an upgrade while a zone is lost) take ${how} each, ${nodes * perNode} in all; ${subnet.address} has room for ${room}`;
  yield {
    id: 'capacity.pods',
    instance: group,
    attribute: 'subnet_ids',
    value: nodes * perNode,
    message,
    fix: 'make the subnet larger, or the group or its maxPods smaller',
  };
}

const largest = ({ values }: Instance): number => {
  const scaling = block(values.scaling_config);
  return number(scaling?.max_size) ?? number(scaling?.desired_size) ?? 0;
};

/** Undefined when the machine's type is not known here. */
function demandOf(topology: Topology, group: Instance, total: number, zones: number): Demand | undefined {
  const { values } = group;
  const type = text(list(values.instance_types)[0]);
  const fact = type === undefined ? undefined : instanceType(type);
  if (type === undefined || fact === undefined) return undefined;
  const own = Math.max(1, topology.subnetsOf(values.subnet_ids).length);
  const surge = Math.max(2 * own, number(block(values.update_config)?.max_unavailable) ?? 1);
  const afterLoss = zones > 1 ? Math.ceil(total / (zones - 1)) : total;
  return {
    nodes: afterLoss + surge,
    podsPerNode: configuredPods(topology, group) ?? maxPodsWithPrefixDelegation(fact),
    type,
  };
}

/** `maxPods` as the launch template's start script sets it for the kubelet. */
function configuredPods(topology: Topology, { values }: Instance): number | undefined {
  const template = referent(block(values.launch_template)?.id);
  if (template === undefined) return undefined;
  for (const one of topology.project.of(template)) {
    const data = text(one.values.user_data);
    const found =
      data === undefined
        ? null
        : /maxPods"?\s*[:=]\s*"?(\d+)|--max-pods[= ](\d+)/.exec(Buffer.from(data, 'base64').toString('utf8'));
    if (found !== null) return Number(found[1] ?? found[2]);
  }
  return undefined;
}
