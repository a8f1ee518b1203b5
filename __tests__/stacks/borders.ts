/**
 * Packets against synthesized borders: an ACL evaluator and a security group evaluator that know Terraform's JSON and nothing
 * of the code that made it.
 */
import { type Attributes, attributes, resources, type TerraformJson } from './synthesize';

const number = (address: string): number => address.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0);

function within(address: string, cidr: string): boolean {
  const [base, prefix] = cidr.split('/') as [string, string];
  const size = 2 ** (32 - Number(prefix));
  return Math.floor(number(address) / size) === Math.floor(number(base) / size);
}

export interface Packet {
  readonly from: string;
  readonly to: string;
  /** TCP port of the receiving side. */
  readonly port: number;
}

/** Whether the ACL of a subnet lets the packet in or out: the lowest numbered rule that matches decides, else it is denied. */
export function aclPasses(json: TerraformJson, subnet: string, direction: 'in' | 'out', packet: Packet): boolean {
  const owners = resources(json, 'aws_network_acl').filter(([, acl]) =>
    acl['subnet_ids'].includes(`\${aws_subnet.${subnet}.id}`),
  );
  if (owners.length !== 1) throw new Error(`${subnet} has ${owners.length} ACLs`);
  const [name] = owners[0]!;
  const other = direction === 'in' ? packet.from : packet.to;
  const decisive = attributes(json, 'aws_network_acl_rule')
    .filter((rule) => rule['network_acl_id'] === `\${aws_network_acl.${name}.id}`)
    .filter((rule) => rule['egress'] === (direction === 'out'))
    .sort((a, b) => a['rule_number'] - b['rule_number'])
    .find((rule) => within(other, rule['cidr_block']) && matches(rule, packet.port));
  return decisive?.['rule_action'] === 'allow';
}

function matches(rule: Attributes, port: number): boolean {
  if (rule['protocol'] === '-1') return true;
  return rule['protocol'] === 'tcp' && rule['from_port'] <= port && port <= rule['to_port'];
}

/** The subnet that an address is in, by its name in Terraform. */
export function subnetOf(json: TerraformJson, address: string): string {
  const found = resources(json, 'aws_subnet').find(([, subnet]) => within(address, subnet['cidr_block']));
  if (found === undefined) throw new Error(`${address} is in no subnet`);
  return found[0];
}

/** Whether both ACLs on the way let a request to `port` through, and its answer to `ephemeral` back. */
export function aclsCarry(json: TerraformJson, { from, to, port }: Packet, ephemeral = 40000): boolean {
  const request = { from, to, port };
  const answer = { from: to, to: from, port: ephemeral };
  const [source, target] = [subnetOf(json, from), subnetOf(json, to)];
  return (
    source === target ||
    (aclPasses(json, source, 'out', request) &&
      aclPasses(json, target, 'in', request) &&
      aclPasses(json, target, 'out', answer) &&
      aclPasses(json, source, 'in', answer))
  );
}

/** Whether the group of the caller may send to the group of the called, on both their sides. */
export function groupsPass(json: TerraformJson, from: string, to: string, port: number): boolean {
  const id = (group: string) => `\${aws_security_group.groups_${group}.id}`;
  const permits = (type: string, own: string, other: string) =>
    attributes(json, type).some(
      (rule) =>
        rule['security_group_id'] === id(own) &&
        rule['referenced_security_group_id'] === id(other) &&
        (rule['ip_protocol'] === '-1' || (rule['from_port'] <= port && port <= rule['to_port'])),
    );
  return (
    permits('aws_vpc_security_group_egress_rule', from, to) && permits('aws_vpc_security_group_ingress_rule', to, from)
  );
}
