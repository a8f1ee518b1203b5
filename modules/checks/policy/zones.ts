/** Each cluster is spread over three zones: two make no majority when one is lost. */
import { block, isUnknown, number, referent, type Instance, type ResolvedProject, type Value } from '../terraform';
import { idOf, Topology, type Subnet } from '../topology';
import type { Objection, Policy } from './policy';

const ZONES = 3;

const zonesOf = (subnets: readonly Subnet[]): Set<string> => new Set(subnets.flatMap(({ zone }) => zone ?? []));

/** What says where a cluster lies, by type. */
const SUBNETS: Readonly<Record<string, { readonly attribute: string; of(instance: Instance): Value | undefined }>> = {
  aws_eks_cluster: { attribute: 'vpc_config.subnet_ids', of: ({ values }) => block(values.vpc_config)?.subnet_ids },
  aws_msk_cluster: {
    attribute: 'broker_node_group_info.client_subnets',
    of: ({ values }) => block(values.broker_node_group_info)?.client_subnets,
  },
  aws_db_subnet_group: { attribute: 'subnet_ids', of: ({ values }) => values.subnet_ids },
  aws_docdb_subnet_group: { attribute: 'subnet_ids', of: ({ values }) => values.subnet_ids },
  aws_elasticache_subnet_group: { attribute: 'subnet_ids', of: ({ values }) => values.subnet_ids },
};

function* find(project: ResolvedProject): Generator<Objection> {
  const topology = Topology.of(project);
  for (const [type, { attribute, of }] of Object.entries(SUBNETS)) {
    for (const instance of project.ofType(type)) {
      const value = of(instance);
      // Subnets of somebody else's may lie anywhere.
      if (topology.isPartial(value)) continue;
      yield* tooFew(instance, attribute, zonesOf(topology.subnetsOf(value)));
    }
  }
  yield* nodeGroups(project, topology);
  yield* machines(project, topology);
}

function* tooFew(instance: Instance, attribute: string, zones: ReadonlySet<string>, what = 'it'): Generator<Objection> {
  if (zones.size >= ZONES || zones.size === 0) return;
  const value = [...zones].sort().join(', ');
  yield { instance, attribute, value, message: `${what} is in ${zones.size} zone(s): ${value}` };
}

function groupsByCluster(project: ResolvedProject): Map<unknown, Instance[]> {
  const clusters = new Map<unknown, Instance[]>();
  for (const group of project.ofType('aws_eks_node_group')) {
    const { cluster_name: name } = group.values;
    const key = referent(name) ?? name;
    clusters.set(key, [...(clusters.get(key) ?? []), group]);
  }
  return clusters;
}

/** The groups of one cluster together: a group a zone is the better design. */
function* nodeGroups(project: ResolvedProject, topology: Topology): Generator<Objection> {
  for (const groups of groupsByCluster(project).values()) {
    if (groups.some(({ values }) => topology.isPartial(values.subnet_ids))) continue;
    const zones = zonesOf(groups.flatMap(({ values }) => topology.subnetsOf(values.subnet_ids)));
    yield* tooFew(groups[0] as Instance, 'subnet_ids', zones, 'its cluster, with all its node groups,');
  }
}

/** Three machines or more with one instance profile do one job together. */
function* machines(project: ResolvedProject, topology: Topology): Generator<Objection> {
  const jobs = new Map<string, Instance[]>();
  for (const machine of project.ofType('aws_instance')) {
    const [profile] = topology.named(machine.values.iam_instance_profile, 'aws_iam_instance_profile');
    if (profile !== undefined) jobs.set(idOf(profile), [...(jobs.get(idOf(profile)) ?? []), machine]);
  }
  for (const members of jobs.values()) {
    const subnets = members.map((one) => topology.subnetsOfMachine(one));
    if (members.length < ZONES || subnets.some((one) => one.length === 0)) continue;
    yield* tooFew(
      members[0] as Instance,
      'subnet_id',
      zonesOf(subnets.flat()),
      `the group of ${members.length} machines that it belongs to`,
    );
  }
}

/** Three members: the smallest number of which a majority is left when one is lost. */
const NODES = 3;

function* fewNodes(project: ResolvedProject): Generator<Objection> {
  for (const instance of project.ofType('aws_msk_cluster')) {
    const nodes = number(instance.values.number_of_broker_nodes);
    if (nodes !== undefined && nodes < NODES)
      yield {
        instance,
        attribute: 'number_of_broker_nodes',
        value: nodes,
        message: `the cluster has ${nodes} broker(s)`,
      };
  }
  for (const groups of groupsByCluster(project).values()) {
    const desired = groups.map(({ values }) => block(values.scaling_config)?.desired_size);
    if (desired.some(isUnknown)) continue;
    const nodes = desired.reduce<number>((sum, one) => sum + (number(one) ?? 0), 0);
    if (nodes < NODES)
      yield {
        instance: groups[0] as Instance,
        attribute: 'scaling_config.desired_size',
        value: nodes,
        message: `its cluster, with all its node groups, has ${nodes} node(s)`,
      };
  }
}

export const ZONE_POLICIES: readonly Policy[] = [
  {
    id: 'zones.three',
    severity: 'high',
    title: 'Each cluster lies in three zones',
    reason:
      'two of three members still agree when a zone is lost, one of two does not; brief 2.8 and 2.9 ask for three',
    fix: 'give it a subnet in a third zone',
    find,
  },
  {
    id: 'zones.nodes',
    severity: 'high',
    title: 'Each cluster has three nodes',
    reason: 'a majority is left when one is lost or upgraded; brief 2.8 asks for three',
    fix: 'give it three',
    find: fewNodes,
  },
];
