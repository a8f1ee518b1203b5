/** The network that a project describes: subnets with their ACL and routes, and everything that has an address in them. */
import { block, boolean, text, type Instance, type ResolvedProject, type Value } from '../terraform';
import { idOf, parse, Topology, type Subnet } from '../topology';
import type { Cidr } from '../../addressing';
import { aclsBySubnet, type Acl } from './acl';
import { groupRules, rulesOf, type GroupRule, type Guarded } from './groups';
import { routesBySubnet, type Route } from './routes';

/** EC2 Instance Connect: people's way to a machine's SSH. */
export const CONNECT_ENDPOINT = 'aws_ec2_instance_connect_endpoint';

export interface NetworkSubnet {
  /** `network/aws_subnet.subnets_testing-private-a` */
  readonly id: string;
  readonly cidr: Cidr;
  readonly segment: string;
  /** Id of the VPC. */
  readonly vpc: string;
  /** Undefined: AWS's default ACL, which lets everything through. */
  readonly acl?: Acl;
  readonly routes: readonly Route[];
}

/**
 * Something with an address in one subnet; what has several subnets is several parties. A probe has no groups: it sends and takes
 * everything.
 */
export interface Party extends Guarded {
  /** `data/aws_db_instance.postgres @ network/aws_subnet.a` */
  readonly id: string;
  /** `data/aws_db_instance.postgres`; the subnet itself for a probe in an empty segment. */
  readonly owner: string;
  /** `aws_db_instance` */
  readonly type: string;
  readonly subnet: NetworkSubnet;
  /** Of the subnet, and stands for the party's own. */
  readonly address: number;
  /** Whether it has a public address. */
  readonly isPublic: boolean;
}

export interface Network {
  readonly subnets: readonly NetworkSubnet[];
  readonly parties: readonly Party[];
  readonly groupRules: readonly GroupRule[];
  /** Subnet and address of each NAT gateway, by its id. */
  readonly natGateways: ReadonlyMap<string, { readonly subnet: NetworkSubnet; readonly address: number }>;
  /** Blocks of each VPC: between them AWS routes by itself. */
  readonly blocks: ReadonlyMap<string, readonly Cidr[]>;
}

/** The first four addresses of a subnet are AWS's; some way in, so that no two kinds of party share one by chance. */
const NAT_OFFSET = 4;
const FIRST_PARTY_OFFSET = 5;

export function readNetwork(project: ResolvedProject): Network {
  const topology = Topology.of(project);
  const acls = aclsBySubnet(project, topology);
  const routes = routesBySubnet(project, topology);
  const byId = new Map<string, NetworkSubnet>();
  for (const subnet of topology.all()) {
    if (subnet.cidr === undefined) continue;
    const id = idOf(subnet.instance);
    const vpc = vpcOf(topology, subnet.instance.values.vpc_id) ?? '';
    const acl = acls.get(id);
    byId.set(id, {
      id,
      cidr: subnet.cidr,
      segment: segmentOf(subnet),
      vpc,
      ...(acl && { acl }),
      routes: routes.get(id) ?? [],
    });
  }
  const subnets = [...byId.values()];
  const natGateways = new Map(
    project.ofType('aws_nat_gateway').flatMap((instance) => {
      const [home] = topology.subnetsOf(instance.values.subnet_id);
      const subnet = home && byId.get(idOf(home.instance));
      return subnet ? [[idOf(instance), { subnet, address: subnet.cidr.base + NAT_OFFSET }] as const] : [];
    }),
  );
  const rules = groupRules(project, topology);
  const parties = [...numbered(occupants(project, topology), byId, rules)];
  const inhabited = new Set(parties.map(({ subnet }) => subnet.segment));
  const probes = subnets
    .filter(({ segment }) => !inhabited.has(segment))
    .map((subnet): Party => ({
      id: subnet.id,
      owner: subnet.id,
      type: 'aws_subnet',
      subnet,
      address: subnet.cidr.base + FIRST_PARTY_OFFSET,
      isPublic: false,
    }));
  return {
    subnets,
    parties: [...parties, ...probes],
    groupRules: rules,
    natGateways,
    blocks: blocksOf(project, topology),
  };
}

interface Occupant {
  readonly instance: Instance;
  readonly subnets: readonly Subnet[];
  readonly groups: readonly string[];
  /** Undefined: as its subnet maps public addresses. */
  readonly isPublic?: boolean;
}

/** Machines, worker nodes, control planes, brokers, databases, load balancers and endpoints, with where they are. */
function* occupants(project: ResolvedProject, topology: Topology): Generator<Occupant> {
  for (const instance of project.ofType('aws_instance')) {
    const isPublic = boolean(instance.values.associate_public_ip_address);
    yield { instance, subnets: topology.subnetsOfMachine(instance), groups: topology.groupsOf(instance), isPublic };
  }
  for (const instance of project.ofType('aws_eks_node_group')) {
    const templates = topology.instancesOf(block(instance.values.launch_template)?.id);
    const groups = templates.flatMap((one) => topology.groupsOf(one));
    yield { instance, subnets: topology.subnetsOf(instance.values.subnet_ids), groups };
  }
  for (const instance of project.ofType('aws_eks_cluster')) {
    const subnets = topology.subnetsOf(block(instance.values.vpc_config)?.subnet_ids);
    yield { instance, subnets, groups: topology.groupsOf(instance), isPublic: false };
  }
  for (const instance of project.ofType('aws_db_instance')) {
    const subnets = topology
      .named(instance.values.db_subnet_group_name, 'aws_db_subnet_group')
      .flatMap((group) => topology.subnetsOf(group.values.subnet_ids));
    const isPublic = boolean(instance.values.publicly_accessible) === true;
    yield { instance, subnets, groups: topology.groupsOf(instance), isPublic };
  }
  for (const instance of project.ofType('aws_msk_cluster')) {
    const subnets = topology.subnetsOf(block(instance.values.broker_node_group_info)?.client_subnets);
    yield { instance, subnets, groups: topology.groupsOf(instance), isPublic: false };
  }
  for (const instance of project.ofType('aws_lb')) {
    const isPublic = boolean(instance.values.internal) !== true;
    yield {
      instance,
      subnets: topology.subnetsOf(instance.values.subnets),
      groups: topology.groupsOf(instance),
      isPublic,
    };
  }
  for (const instance of project.ofType(CONNECT_ENDPOINT)) {
    const subnets = topology.subnetsOf(instance.values.subnet_id);
    yield { instance, subnets, groups: topology.groupsOf(instance), isPublic: false };
  }
  // A gateway endpoint (S3) has no address: it is a route to a prefix list that only AWS knows.
  for (const instance of project.ofType('aws_vpc_endpoint')) {
    const subnets = topology.subnetsOf(instance.values.subnet_ids);
    yield { instance, subnets, groups: topology.groupsOf(instance), isPublic: false };
  }
}

/** One party a subnet, each with an address of its own. */
function* numbered(
  all: Iterable<Occupant>,
  byId: ReadonlyMap<string, NetworkSubnet>,
  rules: readonly GroupRule[],
): Generator<Party> {
  const used = new Map<string, number>();
  for (const { instance, subnets, groups, isPublic } of all) {
    for (const one of subnets) {
      const subnet = byId.get(idOf(one.instance));
      if (subnet === undefined) continue;
      const offset = used.get(subnet.id) ?? FIRST_PARTY_OFFSET;
      used.set(subnet.id, offset + 1);
      const owner = idOf(instance);
      const mapped = boolean(one.instance.values.map_public_ip_on_launch) === true;
      yield {
        id: `${owner} @ ${subnet.id}`,
        owner,
        type: instance.resource.type,
        subnet,
        address: subnet.cidr.base + offset,
        groups,
        rules: rulesOf(groups, rules),
        isPublic: isPublic ?? mapped,
      };
    }
  }
}

/** The tag that our subnets bear; else the subnet stands for itself. */
const segmentOf = ({ tags, instance }: Subnet): string => tags.segment ?? tags.Name ?? instance.address;

/** Through the association that a subnet in a second block waits for. */
function vpcOf(topology: Topology, value: Value | undefined): string | undefined {
  const [instance] = topology.instancesOf(value);
  if (instance === undefined) return text(value);
  return instance.resource.type === 'aws_vpc' ? idOf(instance) : vpcOf(topology, instance.values.vpc_id);
}

function blocksOf(project: ResolvedProject, topology: Topology): Map<string, Cidr[]> {
  const found = new Map<string, Cidr[]>();
  const add = (vpc: string | undefined, value: Value | undefined) => {
    const cidr = parse(text(value) ?? '');
    if (vpc !== undefined && cidr !== undefined) found.set(vpc, [...(found.get(vpc) ?? []), cidr]);
  };
  for (const vpc of project.ofType('aws_vpc')) add(idOf(vpc), vpc.values.cidr_block);
  for (const one of project.ofType('aws_vpc_ipv4_cidr_block_association'))
    add(vpcOf(topology, one.values.vpc_id), one.values.cidr_block);
  return found;
}
