/** Security groups: whatever no rule permits is denied, and the answers to what was permitted come back by themselves. */
import type { Cidr } from '../../addressing';
import {
  blocks,
  boolean,
  list,
  text,
  type Instance,
  type ResolvedProject,
  type Value,
  type Values,
} from '../terraform';
import { idOf, parse, type Topology } from '../topology';
import type { Answer } from './acl';
import { tcpPorts, within, type Ports } from './ports';

export interface GroupRule {
  readonly id: string;
  /** The group that it is a rule of. */
  readonly group: string;
  readonly direction: 'in' | 'out';
  readonly ports: Ports;
  /** The other side: a group, or a block of addresses. */
  readonly peer: string | Cidr;
}

/** Rules in resources of their own, of both kinds that the provider has, and inside the groups. */
export function groupRules(project: ResolvedProject, topology: Topology): GroupRule[] {
  const ids = (value: Value | undefined) => list(value).flatMap((one) => topology.instancesOf(one).map(idOf));
  const cidrs = (value: Value | undefined) => list(value).flatMap((one) => parse(text(one) ?? '') ?? []);
  const rules = (
    instance: Instance,
    groups: readonly string[],
    direction: 'in' | 'out',
    values: Values,
  ): GroupRule[] => {
    const ports = tcpPorts(values.ip_protocol ?? values.protocol, values.from_port, values.to_port);
    if (ports === undefined) return [];
    const peers = [
      ...cidrs(values.cidr_ipv4),
      ...cidrs(values.cidr_blocks),
      ...ids(values.referenced_security_group_id),
      ...ids(values.source_security_group_id),
      ...ids(values.security_groups),
      ...(boolean(values.self) === true ? groups : []),
    ];
    return groups.flatMap((group) => peers.map((peer) => ({ id: idOf(instance), group, direction, ports, peer })));
  };
  const single = (type: string, direction: (values: Values) => 'in' | 'out') =>
    project
      .ofType(type)
      .flatMap((one) => rules(one, ids(one.values.security_group_id), direction(one.values), one.values));
  return [
    ...single('aws_vpc_security_group_ingress_rule', () => 'in'),
    ...single('aws_vpc_security_group_egress_rule', () => 'out'),
    ...single('aws_security_group_rule', (values) => (text(values.type) === 'egress' ? 'out' : 'in')),
    ...project
      .ofType('aws_security_group')
      .flatMap((one) => [
        ...blocks(one.values.ingress).flatMap((values) => rules(one, [idOf(one)], 'in', values)),
        ...blocks(one.values.egress).flatMap((values) => rules(one, [idOf(one)], 'out', values)),
      ]),
  ];
}

/** One end of a connection, as groups see it; without groups it lets everything through. */
export interface Guarded {
  readonly groups?: readonly string[];
  /** Those of its groups: each end is asked often. */
  readonly rules?: Readonly<Record<GroupRule['direction'], readonly GroupRule[]>>;
  readonly address: number;
}

/** The rules of some groups, by direction. */
export function rulesOf(groups: readonly string[], all: readonly GroupRule[]): Required<Guarded>['rules'] {
  const own = all.filter(({ group }) => groups.includes(group));
  const side = (direction: GroupRule['direction']) => own.filter((rule) => rule.direction === direction);
  return { in: side('in'), out: side('out') };
}

/** Whether a party's groups let a connection to `port` out to the other side, or in from it. */
export function permits(own: Guarded, direction: 'in' | 'out', other: Guarded, port: number): Answer {
  if (own.rules === undefined) return { ok: true, by: 'a probe without groups' };
  const rule = own.rules[direction].find(
    ({ ports, peer }) =>
      ports.from <= port &&
      port <= ports.to &&
      (typeof peer === 'string' ? other.groups?.includes(peer) === true : within(peer, other.address)),
  );
  if (rule !== undefined) return { ok: true, by: rule.id };
  const by = own.groups?.join(', ') || 'no security group';
  return { ok: false, by, why: `no rule lets port ${port} ${direction}` };
}
