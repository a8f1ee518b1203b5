/** Which machines of namespaces there are to be, from what exists: where each is plugged in, with which groups. */
import type { Existing, Values } from './state';

export interface Host {
  /** As the reachability model names parties: the resource, ` @ `, its subnet. */
  readonly name: string;
  readonly subnet: string;
  readonly address: string;
  /** Ids of security groups; undefined: it sends and takes everything. */
  readonly groups?: readonly string[];
  readonly publicAddress?: string;
  /** Whether it is a NAT gateway, and its id. */
  readonly nat?: string;
}

export interface Layout {
  readonly all: readonly Existing[];
  readonly hosts: readonly Host[];
}

/** An address for the outside, of TEST-NET-3; public ones of ours are of TEST-NET-2 (RFC 5737). */
export const OUTSIDE = '203.0.113.1';

export const ofType = (all: readonly Existing[], type: string): readonly Existing[] =>
  all.filter((one) => one.type === type);

export function layOut(all: readonly Existing[]): Layout {
  const subnets = new Map(ofType(all, 'aws_subnet').map((one) => [one.values['id'] as string, one]));
  const taken = new Map<string, number>();
  const hosts: Host[] = [];
  let publics = 0;
  const plug = (name: string, subnet: string, rest: Omit<Host, 'name' | 'subnet' | 'address' | 'publicAddress'>, isPublic: boolean) => {
    const home = subnets.get(subnet);
    if (home === undefined) throw new Error(`${name} is in ${subnet}, which does not exist`);
    const nth = (taken.get(subnet) ?? 8) + 1;
    taken.set(subnet, nth);
    const [a, b, c, d] = (home.values['cidr_block'] as string).split('/')[0]!.split('.').map(Number) as [number, number, number, number];
    const publicAddress = isPublic ? { publicAddress: `198.51.100.${++publics}` } : {};
    hosts.push({ name: rest.nat === undefined && rest.groups === undefined ? home.name : `${name} @ ${home.name}`, subnet, address: `${a}.${b}.${c}.${d + nth}`, ...rest, ...publicAddress });
  };

  for (const { name, values } of ofType(all, 'aws_instance')) {
    const card = interfaceOf(all, values);
    const groups = (card?.['security_groups'] ?? values['vpc_security_group_ids']) as string[];
    plug(name, (card?.['subnet_id'] ?? values['subnet_id']) as string, { groups }, values['associate_public_ip_address'] === true);
  }
  for (const { name, values } of ofType(all, 'aws_eks_node_group')) {
    const [launch] = values['launch_template'] as Values[];
    const template = all.find((one) => one.values['id'] === launch?.['id']);
    for (const subnet of values['subnet_ids'] as string[])
      plug(name, subnet, { groups: (template?.values['vpc_security_group_ids'] ?? []) as string[] }, false);
  }
  for (const { name, values } of ofType(all, 'aws_eks_cluster')) {
    const [config] = values['vpc_config'] as Values[];
    for (const subnet of config!['subnet_ids'] as string[])
      plug(name, subnet, { groups: config!['security_group_ids'] as string[] }, false);
  }
  for (const { name, values } of ofType(all, 'aws_db_instance')) {
    const group = ofType(all, 'aws_db_subnet_group').find((one) => one.values['name'] === values['db_subnet_group_name']);
    for (const subnet of group!.values['subnet_ids'] as string[])
      plug(name, subnet, { groups: values['vpc_security_group_ids'] as string[] }, values['publicly_accessible'] === true);
  }
  for (const { name, values } of ofType(all, 'aws_msk_cluster')) {
    const [brokers] = values['broker_node_group_info'] as Values[];
    for (const subnet of brokers!['client_subnets'] as string[])
      plug(name, subnet, { groups: brokers!['security_groups'] as string[] }, false);
  }
  for (const { name, values } of ofType(all, 'aws_lb')) {
    for (const subnet of values['subnets'] as string[])
      plug(name, subnet, { groups: values['security_groups'] as string[] }, values['internal'] !== true);
  }
  for (const { name, values } of ofType(all, 'aws_ec2_instance_connect_endpoint'))
    plug(name, values['subnet_id'] as string, { groups: values['security_group_ids'] as string[] }, false);
  for (const { name, values } of ofType(all, 'aws_vpc_endpoint')) {
    for (const subnet of (values['subnet_ids'] ?? []) as string[])
      plug(name, subnet, { groups: (values['security_group_ids'] ?? []) as string[] }, false);
  }
  // Segments in which nobody is get somebody who sends and takes everything, so that their borders alone decide.
  const segment = (subnet: string): string => (subnets.get(subnet)!.values['tags'] as Values)['segment'] as string;
  const inhabited = new Set(hosts.map(({ subnet }) => segment(subnet)));
  for (const id of subnets.keys()) if (!inhabited.has(segment(id))) plug('probe', id, {}, false);
  for (const { name, values } of ofType(all, 'aws_nat_gateway'))
    plug(name, values['subnet_id'] as string, { nat: values['id'] as string }, true);
  return { all, hosts };
}

function interfaceOf(all: readonly Existing[], machine: Values): Values | undefined {
  const cards = (attribute: string) => (machine[attribute] ?? []) as Values[];
  const [card] = [...cards('primary_network_interface'), ...cards('network_interface')];
  return card && ofType(all, 'aws_network_interface').find(({ values }) => values['id'] === card['network_interface_id'])?.values;
}
