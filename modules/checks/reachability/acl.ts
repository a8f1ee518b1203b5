/** Network ACLs: of a subnet's rules in one direction the lowest numbered that matches decides; without one, it is denied. */
import type { Cidr } from '../../addressing';
import { blocks, boolean, number, text, type ResolvedProject, type Value, type Values } from '../terraform';
import { idOf, parse, type Topology } from '../topology';
import { tcpPorts, within, type Ports } from './ports';

export interface Acl {
  readonly id: string;
  readonly in: readonly AclRule[];
  readonly out: readonly AclRule[];
}

interface AclRule {
  readonly id: string;
  readonly number: number;
  readonly allow: boolean;
  readonly cidr: Cidr;
  readonly ports: Ports;
}

/** What a border says of a packet, and which resource it says it by. */
export type Answer =
  { readonly ok: true; readonly by: string } | { readonly ok: false; readonly by: string; readonly why: string };

/** The ACL of each subnet that has one of its own. */
export function aclsBySubnet(project: ResolvedProject, topology: Topology): Map<string, Acl> {
  const rules = project.ofType('aws_network_acl_rule').flatMap((instance) => {
    const { values } = instance;
    const owners = topology.instancesOf(values.network_acl_id).map(idOf);
    const rule = ruleOf(idOf(instance), {
      ...values,
      rule_no: values.rule_number ?? null,
      action: values.rule_action ?? null,
    });
    return rule === undefined ? [] : [{ owners, out: boolean(values.egress) === true, rule }];
  });
  const found = new Map<string, Acl>();
  for (const instance of project.ofType('aws_network_acl')) {
    const id = idOf(instance);
    const side = (inline: Value | undefined, out: boolean): AclRule[] =>
      [
        ...blocks(inline).flatMap((values) => ruleOf(id, values) ?? []),
        ...rules.filter((one) => one.out === out && one.owners.includes(id)).map(({ rule }) => rule),
      ].sort((a, b) => a.number - b.number);
    const acl = { id, in: side(instance.values.ingress, false), out: side(instance.values.egress, true) };
    for (const subnet of topology.subnetsOf(instance.values.subnet_ids)) found.set(idOf(subnet.instance), acl);
    for (const association of project.ofType('aws_network_acl_association')) {
      if (!topology.instancesOf(association.values.network_acl_id).some((one) => idOf(one) === id)) continue;
      for (const subnet of topology.subnetsOf(association.values.subnet_id)) found.set(idOf(subnet.instance), acl);
    }
  }
  return found;
}

/** Undefined when the rule is of another protocol or of IPv6. */
function ruleOf(id: string, values: Values): AclRule | undefined {
  const ports = tcpPorts(values.protocol, values.from_port, values.to_port);
  const cidr = parse(text(values.cidr_block) ?? '');
  if (ports === undefined || cidr === undefined) return undefined;
  return {
    id,
    number: number(values.rule_no) ?? 0,
    allow: text(values.action)?.toLowerCase() === 'allow',
    cidr,
    ports,
  };
}

/**
 * Whether packets with the other side's address get past, to every port of a range: what decides can only change where a rule
 * begins or ends, so those ports are asked for.
 */
export function passes(acl: Acl | undefined, direction: 'in' | 'out', other: number, range: Ports): Answer {
  if (acl === undefined) return { ok: true, by: 'the default network ACL' };
  const rules = acl[direction].filter(({ cidr }) => within(cidr, other));
  if (range.from === range.to) return decided(acl, rules, direction, range.from);
  const turns = rules.flatMap(({ ports: { from, to } }) => [from - 1, from, to, to + 1]);
  const asked = [range.from, range.to, ...turns.filter((port) => range.from <= port && port <= range.to)];
  let last: Answer = { ok: true, by: acl.id };
  for (const port of asked) {
    last = decided(acl, rules, direction, port);
    if (!last.ok) return last;
  }
  return last;
}

function decided(acl: Acl, rules: readonly AclRule[], direction: 'in' | 'out', port: number): Answer {
  const decisive = rules.find(({ ports }) => ports.from <= port && port <= ports.to);
  if (decisive === undefined) return { ok: false, by: acl.id, why: `no rule lets port ${port} ${direction}` };
  if (decisive.allow) return { ok: true, by: decisive.id };
  return { ok: false, by: decisive.id, why: `rule ${decisive.number} denies port ${port} ${direction}` };
}
