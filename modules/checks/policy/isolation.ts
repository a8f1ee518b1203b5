/**
 * Testing cannot reach production, as far as single rules tell: the groups that let it in and the network ACLs that let it
 * through. Which paths there are in the end, over routes, ACLs and groups together, is the reachability matrix's to say.
 */
import { contains, type Cidr } from '../../addressing';
import { boolean, number, text, type Instance, type ResolvedProject, type Value } from '../terraform';
import { idOf, parse, sharesAddresses, Topology, type Subnet } from '../topology';
import { shown, type Objection, type Policy } from './policy';

/** Names of environments, as tags `segment`, `environment` and `Name` bear them. */
const TESTING = /(^|[-_ ])(test|testing|qa|staging|dev|development)($|[-_ ])/i;
const PRODUCTION = /(^|[-_ ])(prod|production|live)($|[-_ ])/i;

const labelOf = ({ tags }: Subnet): string => tags.segment ?? tags.environment ?? tags.Environment ?? tags.Name ?? '';

interface Environments {
  readonly testing: ReadonlySet<Subnet>;
  readonly production: ReadonlySet<Subnet>;
}

function* find(project: ResolvedProject): Generator<Objection> {
  const topology = Topology.of(project);
  const environments: Environments = {
    testing: new Set(topology.all().filter((subnet) => TESTING.test(labelOf(subnet)))),
    production: new Set(topology.all().filter((subnet) => PRODUCTION.test(labelOf(subnet)))),
  };
  if (environments.testing.size === 0 || environments.production.size === 0) return;
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
  const isOf = (group: string, subnets: ReadonlySet<Subnet>) =>
    (members.get(group) ?? []).some((subnet) => subnets.has(subnet));
  const neighbours = byVpc(topology, testing);
  for (const instance of project.ofType('aws_vpc_security_group_ingress_rule')) {
    const { values } = instance;
    const [group] = topology.instancesOf(values.security_group_id);
    const target = group === undefined ? undefined : idOf(group);
    if (group === undefined || target === undefined || !isOf(target, production)) continue;
    const source = topology
      .instancesOf(values.referenced_security_group_id)
      .map(idOf)
      .find((one) => isOf(one, testing));
    if (source !== undefined) {
      const value = shown(values.referenced_security_group_id);
      yield {
        instance,
        attribute: 'referenced_security_group_id',
        value,
        message: `${source} is of testing, ${target} of production`,
      };
    }
    const cidr = cidrOf(values.cidr_ipv4);
    const reached =
      cidr && neighbours.get(vpcOf(topology, group))?.find((subnet) => sharesAddresses(cidr, subnet.cidr));
    if (reached) {
      const message = `it lets testing's ${reached.instance.address} into ${target}`;
      yield { instance, attribute: 'cidr_ipv4', value: text(values.cidr_ipv4), message };
    }
  }
}

type Located = Subnet & { readonly cidr: Cidr };

/** The same addresses may be in use in two networks, so only those of one network are compared. */
function byVpc(topology: Topology, subnets: Iterable<Subnet>): Map<string, Located[]> {
  const found = new Map<string, Located[]>();
  for (const subnet of subnets) {
    const { cidr } = subnet;
    const vpc = vpcOf(topology, subnet.instance);
    if (cidr !== undefined) found.set(vpc, [...(found.get(vpc) ?? []), { ...subnet, cidr }]);
  }
  return found;
}

const vpcOf = (topology: Topology, { values }: Instance): string =>
  topology.instancesOf(values.vpc_id).map(idOf)[0] ?? text(values.vpc_id) ?? '';

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
  const neighbours = byVpc(topology, [...testing].filter(isPrivate));
  const rulesOf = rulesByAcl(project, topology);
  for (const acl of project.ofType('aws_network_acl')) {
    const guarded = topology.subnetsOf(acl.values.subnet_ids);
    if (!guarded.some((subnet) => production.has(subnet) && isPrivate(subnet))) continue;
    const rules = rulesOf.get(idOf(acl)) ?? [];
    for (const subnet of neighbours.get(vpcOf(topology, acl)) ?? []) {
      const speaks = rules.filter(({ cidr }) => sharesAddresses(cidr, subnet.cidr));
      const denied = speaks.find(({ allow, everything, cidr }) => !allow && everything && contains(cidr, subnet.cidr));
      const allowed = speaks.find((rule) => rule.allow && (denied === undefined || rule.number < denied.number));
      if (allowed === undefined) continue;
      const { instance, number: at } = allowed;
      const message = `rule ${at} lets testing's ${subnet.instance.address} into ${acl.address} of production`;
      yield { instance, attribute: 'cidr_block', value: shown(instance.values.cidr_block), message };
      break;
    }
  }
}

/** A public subnet holds load balancers and NAT, which answer to anybody by design. */
const isPrivate = ({ tags }: Subnet): boolean => tags.tier !== 'public' && !/public/i.test(tags.Name ?? '');

/** Rules of what comes in, in the order in which they are tried. */
function rulesByAcl(project: ResolvedProject, topology: Topology): Map<string, AclRule[]> {
  const rules = new Map<string, AclRule[]>();
  for (const instance of project.ofType('aws_network_acl_rule')) {
    const { values } = instance;
    const cidr = cidrOf(values.cidr_block);
    const [acl] = topology.instancesOf(values.network_acl_id).map(idOf);
    if (boolean(values.egress) === true || cidr === undefined || acl === undefined) continue;
    const everything = ['-1', 'all'].includes(text(values.protocol) ?? '');
    const rule = {
      instance,
      number: number(values.rule_number) ?? 0,
      allow: text(values.rule_action) === 'allow',
      cidr,
      everything,
    };
    rules.set(acl, [...(rules.get(acl) ?? []), rule]);
  }
  for (const list of rules.values()) list.sort((a, b) => a.number - b.number);
  return rules;
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
