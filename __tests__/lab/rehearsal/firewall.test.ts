import { aclFirewall, groupFirewall } from '../../../lab/rehearsal/network/firewall';
import { layOut } from '../../../lab/rehearsal/network/layout';
import type { Existing } from '../../../lab/rehearsal/network/state';

const one = (type: string, name: string, values: Existing['values']): Existing => ({ name: `s/${type}.${name}`, type, values });

const rule = { network_acl_id: 'acl-1', egress: false, cidr_block: '10.0.1.0/24', protocol: 'tcp' };
const STATE: Existing[] = [
  one('aws_subnet', 'a', { id: 'subnet-a', cidr_block: '10.0.0.0/24', tags: { segment: 'a' } }),
  one('aws_subnet', 'b', { id: 'subnet-b', cidr_block: '10.0.1.0/24', tags: { segment: 'b' } }),
  one('aws_instance', 'web', { subnet_id: 'subnet-a', vpc_security_group_ids: ['sg-web'] }),
  one('aws_instance', 'db', { subnet_id: 'subnet-b', vpc_security_group_ids: ['sg-db'] }),
  one('aws_vpc_security_group_ingress_rule', 'db', {
    security_group_id: 'sg-db',
    referenced_security_group_id: 'sg-web',
    ip_protocol: 'tcp',
    from_port: 5432,
    to_port: 5432,
  }),
  one('aws_network_acl', 'a', { id: 'acl-1', subnet_ids: ['subnet-a'] }),
  one('aws_network_acl_rule', 'late', { ...rule, rule_number: 200, rule_action: 'deny', from_port: 0, to_port: 65535 }),
  one('aws_network_acl_rule', 'early', { ...rule, rule_number: 100, rule_action: 'allow', from_port: 32768, to_port: 60999 }),
];

test('each host has an address of its subnet, and is called as the model calls it', () => {
  expect(layOut(STATE).hosts).toEqual([
    { name: 's/aws_instance.web @ s/aws_subnet.a', subnet: 'subnet-a', address: '10.0.0.9', groups: ['sg-web'] },
    { name: 's/aws_instance.db @ s/aws_subnet.b', subnet: 'subnet-b', address: '10.0.1.9', groups: ['sg-db'] },
  ]);
});

test('a group is the addresses of its members; what no rule names is dropped both ways', () => {
  const layout = layOut(STATE);
  expect(groupFirewall(layout, layout.hosts[1]!)).toBe(`table ip groups {
chain input {
type filter hook input priority 0; policy drop;
ct state established,related accept
ip saddr { 10.0.0.9 } tcp dport 5432-5432 accept
}
chain output {
type filter hook output priority 0; policy drop;
ct state established,related accept
}
}`);
});

test('ACL rules stand in the order of their numbers, keep nothing in mind, and end in a denial', () => {
  expect(aclFirewall(layOut(STATE), (host) => host.subnet)).toBe(`table ip acls {
chain out_0 {
drop
}
chain in_0 {
ip saddr 10.0.1.0/24 tcp dport 32768-60999 return
ip saddr 10.0.1.0/24 tcp dport 0-65535 drop
drop
}
chain forward {
type filter hook forward priority 0; policy accept;
iifname { "subnet-a" } oifname != { "subnet-a" } jump out_0
oifname { "subnet-a" } iifname != { "subnet-a" } jump in_0
}
}`);
});
