/**
 * Testing cannot reach production, as far as single rules tell: the groups that let it in and the network ACLs that let it
 * through. Which paths there are in the end, over routes, ACLs and groups together, is the reachability matrix's to say.
 */
import { contains, overlap, type Cidr } from '../../addressing';
import { boolean, number, text, type Instance, type ResolvedProject, type Value } from '../terraform';
import { idOf, parse, Topology, type Subnet } from '../topology';
import { shown, type Objection, type Policy } from './policy';

/** Names of environments, as tags `segment`, `environment` and `Name` bear them. */
const TESTING = /(^|[-_ ])(test|testing|qa|staging|dev|development)($|[-_ ])/i;
const PRODUCTION = /(^|[-_ ])(prod|production|live)($|[-_ ])/i;

const labelOf = ({ tags }: Subnet): string => tags.segment ?? tags.environment ?? tags.Environment ?? tags.Name ?? '';

interface Environments {
  readonly testing: readonly Subnet[];
  readonly production: readonly Subnet[];
}

function* find(project: ResolvedProject): Generator<Objection> {
  const topology = new Topology(project);
  const environments: Environments = {
    testing: topology.all().filter((subnet) => TESTING.test(labelOf(subnet))),
    production: topology.all().filter((subnet) => PRODUCTION.test(labelOf(subnet))),
  };
  if (environments.testing.length === 0 || environments.production.length === 0) return;
  yield* groups(project, topology, environments);
  yield* acls(project, topology, environments);
}

/** Groups of production that name a group or an address of testing. */
function* groups(
  project: ResolvedProject,
  topology: Topology,
  { testing, production }: Environments,
): Generator<Objection> {
  const members = membersOf(project, topology);
  const only = (group: string, subnets: readonly Subnet[]) =>
    (members.get(group) ?? []).some((subnet) => subnets.includes(subnet));
  for (const instance of project.ofType('aws_vpc_security_group_ingress_rule')) {
    const { values } = instance;
    const [target] = topology.instancesOf(values.security_group_id).map(idOf);
    if (target === undefined || !only(target, production)) continue;
    const source = topology
      .instancesOf(values.referenced_security_group_id)
      .map(idOf)
      .find((group) => only(group, testing));
    if (source !== undefined)
      yield {
        instance,
        attribute: 'referenced_security_group_id',
        value: shown(values.referenced_security_group_id),
        message: `${source} is of testing, ${target} of production`,
      };
    const cidr = cidrOf(values.cidr_ipv4);
    // A block as wide as the network is an allowance for others; testing's own must still not be in it.
    const reached = cidr && testing.find((subnet) => subnet.cidr !== undefined && overlap(cidr, subnet.cidr));
    if (reached)
      yield {
        instance,
        attribute: 'cidr_ipv4',
        value: text(values.cidr_ipv4),
        message: `it lets testing's ${reached.instance.address} into ${target}`,
      };
  }
}

/** Subnets in which each group has members. */
function membersOf(project: ResolvedProject, topology: Topology): Map<string, Subnet[]> {
  const members = new Map<string, Subnet[]>();
  for (const machine of [...project.ofType('aws_instance'), ...project.ofType('aws_network_interface')]) {
    const subnets = topology.subnetsOfMachine(machine);
    for (const group of topology.groupsOf(machine)) members.set(group, [...(members.get(group) ?? []), ...subnets]);
  }
  for (const database of project.ofType('aws_db_instance')) {
    const subnets = topology
      .named(database.values.db_subnet_group_name, 'aws_db_subnet_group')
      .flatMap((group) => topology.subnetsOf(group.values.subnet_ids));
    for (const group of topology.groupsOf(database)) members.set(group, [...(members.get(group) ?? []), ...subnets]);
  }
  return members;
}

interface AclRule {
  readonly instance: Instance;
  readonly number: number;
  readonly allow: boolean;
  readonly cidr: Cidr;
  readonly everything: boolean;
}

/** The first rule that speaks of testing's addresses must not let them into production. */
function* acls(
  project: ResolvedProject,
  topology: Topology,
  { testing, production }: Environments,
): Generator<Objection> {
  for (const acl of project.ofType('aws_network_acl')) {
    const guarded = topology.subnetsOf(acl.values.subnet_ids);
    const own = guarded.filter((subnet) => production.includes(subnet) && isPrivate(subnet));
    if (own.length === 0) continue;
    const rules = rulesOf(project, topology, acl);
    for (const subnet of testing.filter(isPrivate)) {
      const speaks = rules.filter(({ cidr }) => subnet.cidr !== undefined && overlap(cidr, subnet.cidr));
      const denied = speaks.find(
        ({ allow, everything, cidr }) => !allow && everything && contains(cidr, subnet.cidr as Cidr),
      );
      const allowed = speaks.find((rule) => rule.allow && (denied === undefined || rule.number < denied.number));
      if (allowed === undefined) continue;
      const message = `rule ${allowed.number} lets testing's ${subnet.instance.address} into ${acl.address} of production`;
      yield {
        instance: allowed.instance,
        attribute: 'cidr_block',
        value: shown(allowed.instance.values.cidr_block),
        message,
      };
      break;
    }
  }
}

/** A public subnet holds load balancers and NAT, which answer to anybody by design. */
const isPrivate = ({ tags }: Subnet): boolean => tags.tier !== 'public' && !/public/i.test(tags.Name ?? '');

function rulesOf(project: ResolvedProject, topology: Topology, acl: Instance): AclRule[] {
  return project
    .ofType('aws_network_acl_rule')
    .filter(
      ({ values }) =>
        boolean(values.egress) !== true &&
        topology.instancesOf(values.network_acl_id).some((one) => idOf(one) === idOf(acl)),
    )
    .flatMap((instance): AclRule[] => {
      const { values } = instance;
      const cidr = cidrOf(values.cidr_block);
      const protocol = text(values.protocol);
      if (cidr === undefined) return [];
      return [
        {
          instance,
          number: number(values.rule_number) ?? 0,
          allow: text(values.rule_action) === 'allow',
          cidr,
          everything: protocol === '-1' || protocol === 'all',
        },
      ];
    })
    .sort((a, b) => a.number - b.number);
}

function cidrOf(value: Value | undefined): Cidr | undefined {
  const written = text(value);
  return written === undefined ? undefined : parse(written);
}

export const ISOLATION: readonly Policy[] = [
  {
    id: 'isolation.testing',
    severity: 'critical',
    title: 'No rule lets testing into production',
    reason: 'what is tried out must not reach what customers use; brief 2.10 gives each a segment of its own',
    fix: 'take the rule out, or narrow it',
    find,
  },
];
