/** Route tables: the longest prefix that holds the destination decides where a packet goes. */
import type { Cidr } from '../../addressing';
import { blocks, isUnknown, text, type ResolvedProject, type Values } from '../terraform';
import { idOf, parse, type Topology } from '../topology';

export interface Route {
  readonly id: string;
  readonly cidr: Cidr;
  readonly target:
    | { readonly kind: 'internet' }
    | { readonly kind: 'nat'; readonly gateway: string }
    /** Something that the model does not follow, or that is not there. */
    | { readonly kind: 'nowhere'; readonly what: string };
}

/** The routes of each subnet's table: its own, or the VPC's main one. Local routes are AWS's and not among them. */
export function routesBySubnet(project: ResolvedProject, topology: Topology): Map<string, Route[]> {
  const byTable = new Map<string, Route[]>();
  const add = (table: string, route: Route | undefined) => {
    if (route !== undefined) byTable.set(table, [...(byTable.get(table) ?? []), route]);
  };
  for (const instance of project.ofType('aws_route_table')) {
    for (const values of blocks(instance.values.route)) {
      add(
        idOf(instance),
        routeOf(topology, idOf(instance), { ...values, destination_cidr_block: values.cidr_block ?? null }),
      );
    }
  }
  for (const instance of project.ofType('aws_route')) {
    for (const table of topology.instancesOf(instance.values.route_table_id)) {
      add(idOf(table), routeOf(topology, idOf(instance), instance.values));
    }
  }
  const bySubnet = new Map<string, Route[]>();
  for (const { values } of project.ofType('aws_route_table_association')) {
    const [table] = topology.instancesOf(values.route_table_id);
    if (table === undefined) continue;
    for (const subnet of topology.subnetsOf(values.subnet_id)) {
      bySubnet.set(idOf(subnet.instance), byTable.get(idOf(table)) ?? []);
    }
  }
  return bySubnet;
}

function routeOf(topology: Topology, id: string, values: Values): Route | undefined {
  const cidr = parse(text(values.destination_cidr_block) ?? '');
  if (cidr === undefined) return undefined;
  const [nat] = topology.instancesOf(values.nat_gateway_id);
  if (nat !== undefined) return { id, cidr, target: { kind: 'nat', gateway: idOf(nat) } };
  const [gateway] = topology.instancesOf(values.gateway_id);
  if (gateway?.resource.type === 'aws_internet_gateway') return { id, cidr, target: { kind: 'internet' } };
  const named = Object.entries(values).find(
    ([name, value]) => name.endsWith('_id') && name !== 'route_table_id' && value !== null,
  );
  const what =
    named === undefined ? 'nothing' : `${named[0]} ${isUnknown(named[1]) ? named[1].text : String(named[1] as string)}`;
  return { id, cidr, target: { kind: 'nowhere', what } };
}
