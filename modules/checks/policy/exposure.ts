/** Nothing is open to the internet that need not be. */
import {
  block,
  blocks,
  boolean,
  isUnknown,
  list,
  number,
  referent,
  text,
  type Instance,
  type ResolvedProject,
  type Value,
  type Values,
} from '../terraform';
import { idOf, Topology } from '../topology';
import { isInternet } from './internet';
import { onEach, shown, type Objection, type Policy } from './policy';

type Found = Omit<Objection, 'instance'>;

const openTo = (...values: readonly (Value | undefined)[]): string | undefined =>
  values
    .flatMap((value) => list(value))
    .map(text)
    .find((cidr) => cidr !== undefined && isInternet(cidr));

/** What prefix lists of this project, named by a rule, let in. */
const listed = (topology: Topology, value: Value | undefined): Value[] =>
  list(value)
    .flatMap((one) => topology.instancesOf(one))
    .flatMap((one) => [
      ...blocks(one.values.entry),
      ...topology.project
        .ofType('aws_ec2_managed_prefix_list_entry')
        .filter(({ values }) => topology.instancesOf(values.prefix_list_id).includes(one))
        .map(({ values }) => values),
    ])
    .flatMap(({ cidr }) => cidr ?? []);

/** `443`, `1024-65535`, `every port`. */
function portsOf(rule: Values, protocol: string | undefined): string {
  const [from, to] = [number(rule.from_port), number(rule.to_port)];
  if (protocol === '-1' || protocol === 'all' || from === undefined) return 'every port';
  return from === to ? `port ${from}` : `ports ${from}-${to}`;
}

interface Rule {
  readonly instance: Instance;
  readonly group: readonly string[];
  readonly attribute: string;
  readonly cidr: string;
  readonly values: Values;
  readonly protocol: string | undefined;
}

/** Every rule that lets the internet in, in each of the three forms that Terraform has for one. */
function* openRules(project: ResolvedProject, topology: Topology): Generator<Rule> {
  for (const instance of [...project.ofType('aws_security_group'), ...project.ofType('aws_default_security_group')]) {
    for (const [i, rule] of blocks(instance.values.ingress).entries()) {
      const cidr = openTo(rule.cidr_blocks, rule.ipv6_cidr_blocks, listed(topology, rule.prefix_list_ids));
      if (cidr !== undefined)
        yield {
          instance,
          group: [idOf(instance)],
          attribute: `ingress.${i}`,
          cidr,
          values: rule,
          protocol: text(rule.protocol),
        };
    }
  }
  for (const instance of project.ofType('aws_security_group_rule')) {
    const { values } = instance;
    const from = [values.cidr_blocks, values.ipv6_cidr_blocks, listed(topology, values.prefix_list_ids)];
    const cidr = text(values.type) === 'ingress' ? openTo(...from) : undefined;
    const group = topology.instancesOf(values.security_group_id).map(idOf);
    if (cidr !== undefined)
      yield { instance, group, attribute: 'cidr_blocks', cidr, values, protocol: text(values.protocol) };
  }
  for (const instance of project.ofType('aws_vpc_security_group_ingress_rule')) {
    const { values } = instance;
    const own = openTo(values.cidr_ipv4, values.cidr_ipv6);
    const cidr = own ?? openTo(listed(topology, values.prefix_list_id));
    const group = topology.instancesOf(values.security_group_id).map(idOf);
    if (cidr !== undefined)
      yield {
        instance,
        group,
        attribute: own === undefined ? 'prefix_list_id' : cidr.includes(':') ? 'cidr_ipv6' : 'cidr_ipv4',
        cidr,
        values,
        protocol: text(values.ip_protocol),
      };
  }
}

/** Ports on which each group may be reached by anybody: those that a public load balancer with that group listens on. */
function entries(project: ResolvedProject, topology: Topology): Map<string, Set<number>> {
  const open = new Map<string, Set<number>>();
  const listeners = [...project.ofType('aws_lb_listener'), ...project.ofType('aws_alb_listener')];
  for (const balancer of [...project.ofType('aws_lb'), ...project.ofType('aws_alb')]) {
    if (boolean(balancer.values.internal) === true) continue;
    const mine = listeners.filter(({ values }) => referent(values.load_balancer_arn) === balancer.resource);
    const ports = mine.flatMap(({ values }) => number(values.port) ?? []);
    for (const group of topology.groupsOf(balancer)) open.set(group, new Set([...(open.get(group) ?? []), ...ports]));
  }
  return open;
}

function* ingressFromAnywhere(project: ResolvedProject): Generator<Objection> {
  const topology = Topology.of(project);
  const entry = entries(project, topology);
  for (const { instance, group, attribute, cidr, values, protocol } of openRules(project, topology)) {
    const [from, to] = [number(values.from_port), number(values.to_port)];
    const expected =
      protocol === 'tcp' && from !== undefined && from === to && group.some((one) => entry.get(one)?.has(from));
    if (expected) continue;
    yield { instance, attribute, value: cidr, message: `${portsOf(values, protocol)} is open to ${cidr}` };
  }
}

function* kubernetesApi({ values }: Instance): Generator<Found> {
  const config = block(values.vpc_config);
  // The API is public unless it is said not to be.
  if (boolean(config?.endpoint_public_access) === false || isUnknown(config?.endpoint_public_access)) return;
  const cidrs = list(config?.public_access_cidrs);
  const open = openTo(config?.public_access_cidrs);
  if (cidrs.length > 0 && open === undefined) return;
  yield {
    attribute: 'vpc_config.public_access_cidrs',
    value: open ?? '0.0.0.0/0',
    message:
      open === undefined || /\/0$/.test(open)
        ? 'the Kubernetes API is open to the whole internet'
        : `the Kubernetes API is open to ${open}, more of the internet than anybody owns`,
  };
}

function* kafka({ values }: Instance): Generator<Found> {
  const access = text(block(block(block(values.broker_node_group_info)?.connectivity_info)?.public_access)?.type);
  if (access !== undefined && access !== 'DISABLED') {
    yield {
      attribute: 'broker_node_group_info.connectivity_info.public_access.type',
      value: access,
      message: `brokers have public addresses (${access})`,
    };
  }
  if (boolean(block(values.client_authentication)?.unauthenticated) === true) {
    yield {
      attribute: 'client_authentication.unauthenticated',
      value: true,
      message: 'anybody who reaches a broker may read and write',
    };
  }
}

const BLOCKS = ['block_public_acls', 'block_public_policy', 'ignore_public_acls', 'restrict_public_buckets'];

function* bucket(instance: Instance, project: ResolvedProject): Generator<Found> {
  const guards = project
    .ofType('aws_s3_bucket_public_access_block')
    .filter(
      ({ values }) =>
        referent(values.bucket) === instance.resource ||
        (text(values.bucket) !== undefined && text(values.bucket) === text(instance.values.bucket)),
    );
  if (guards.length === 0) yield { attribute: '', message: 'no aws_s3_bucket_public_access_block guards the bucket' };
  for (const guard of guards) {
    for (const name of BLOCKS) {
      if (boolean(guard.values[name]) !== true && !isUnknown(guard.values[name]))
        yield { attribute: name, value: shown(guard.values[name]), message: `${guard.address} leaves ${name} off` };
    }
  }
}

/** Arguments that put a machine or database on the internet. */
const PUBLIC: Readonly<Record<string, readonly string[]>> = {
  aws_db_instance: ['publicly_accessible'],
  aws_rds_cluster_instance: ['publicly_accessible'],
  aws_redshift_cluster: ['publicly_accessible'],
  aws_dms_replication_instance: ['publicly_accessible'],
  aws_mq_broker: ['publicly_accessible'],
};

function* publicAddress({ resource, values }: Instance): Generator<Found> {
  if (resource.type === 'aws_subnet' && boolean(values.map_public_ip_on_launch) === true) {
    yield {
      attribute: 'map_public_ip_on_launch',
      value: true,
      message: 'whatever is launched here gets a public address',
    };
  }
  if (resource.type === 'aws_instance' && boolean(values.associate_public_ip_address) === true) {
    yield { attribute: 'associate_public_ip_address', value: true, message: 'the machine gets a public address' };
  }
  if (resource.type === 'aws_launch_template') {
    for (const [i, one] of blocks(values.network_interfaces).entries()) {
      if (boolean(one.associate_public_ip_address) === true)
        yield {
          attribute: `network_interfaces.${i}.associate_public_ip_address`,
          value: true,
          message: 'machines get public addresses',
        };
    }
  }
}

function* defaultGroup(instance: Instance, project: ResolvedProject): Generator<Found> {
  const emptied = project
    .ofType('aws_default_security_group')
    .filter(({ values }) => referent(values.vpc_id) === instance.resource);
  if (emptied.length === 0)
    yield {
      attribute: '',
      message: 'its default security group lets all members talk and is what things get when nobody names one',
    };
  for (const { address, values } of emptied) {
    for (const direction of ['ingress', 'egress']) {
      if (blocks(values[direction]).length > 0)
        yield { attribute: direction, value: shown(values[direction]), message: `${address} still has rules` };
    }
  }
}

export const EXPOSURE: readonly Policy[] = [
  {
    id: 'exposure.ingress',
    severity: 'critical',
    title: 'The internet reaches nothing but the ports that a public load balancer listens on',
    reason: 'a port open to 0.0.0.0/0 is found by scanners within minutes (CIS AWS Foundations Benchmark 5.2 and 5.3)',
    fix: 'name the blocks or security groups that need it',
    find: ingressFromAnywhere,
  },
  {
    id: 'exposure.kubernetes-api',
    severity: 'critical',
    title: 'The Kubernetes API is private, or open to named addresses',
    reason: 'it is public by default (Amazon EKS User Guide, "Cluster API server endpoint")',
    fix: 'set endpoint_public_access to false, or list public_access_cidrs',
    find: onEach(['aws_eks_cluster'], kubernetesApi),
  },
  {
    id: 'exposure.kafka',
    severity: 'critical',
    title: 'Kafka has no public brokers and no anonymous clients',
    reason: 'Amazon MSK Developer Guide, "Public access" and "Authentication and authorization"',
    fix: 'leave public_access DISABLED and unauthenticated false',
    find: onEach(['aws_msk_cluster'], kafka),
  },
  {
    id: 'exposure.database',
    severity: 'critical',
    title: 'Databases and brokers have no public address',
    reason: 'security groups alone then stand between data and the internet (AWS Security Hub RDS.2)',
    fix: 'set publicly_accessible to false',
    find: onEach(Object.keys(PUBLIC), function* ({ resource, values }) {
      for (const name of PUBLIC[resource.type] ?? []) {
        if (boolean(values[name]) === true) yield { attribute: name, value: true, message: 'it has a public address' };
      }
    }),
  },
  {
    id: 'exposure.bucket',
    severity: 'high',
    title: 'Every bucket blocks public access in all four ways',
    reason: 'an ACL or policy written later cannot open it then (AWS Security Hub S3.8)',
    fix: 'add aws_s3_bucket_public_access_block with all four set to true',
    find: onEach(['aws_s3_bucket'], bucket),
  },
  {
    id: 'exposure.public-address',
    severity: 'high',
    title: 'Machines get no public address',
    reason:
      'they leave through NAT and are entered through load balancers and Session Manager; each public IPv4 address also costs 3.65 USD/month',
    fix: 'set it to false',
    find: onEach(['aws_subnet', 'aws_instance', 'aws_launch_template'], publicAddress),
  },
  {
    id: 'exposure.default-group',
    severity: 'medium',
    title: 'The default security group of each VPC is empty',
    reason: 'CIS AWS Foundations Benchmark 5.4',
    fix: 'adopt it with aws_default_security_group without rules',
    find: onEach(['aws_vpc'], defaultGroup),
  },
];
