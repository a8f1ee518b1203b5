/** Faults of a network, planted in the synthesized JSON of the network stack: each must show in the model and in packets. */
import type { Json } from '../seeds';

export interface NetworkSeed {
  readonly name: string;
  readonly plant: (network: Json) => void;
  /** The cell that changes, as `from → to, service port`; then it is open and should not be, or closed, or cut off for some. */
  readonly cell: string;
  readonly becomes: 'open' | 'closed' | 'cut-off';
}

const aclRule = (acl: string, egress: boolean, rule_number: number, rule_action: string, cidr_block: string, ports?: [number, number]) => ({
  network_acl_id: `\${aws_network_acl.${acl}.id}`,
  egress,
  rule_number,
  rule_action,
  cidr_block,
  protocol: ports === undefined ? '-1' : 'tcp',
  ...(ports && { from_port: ports[0], to_port: ports[1] }),
});

const group = (name: string): string => `\${aws_security_group.groups_${name}.id}`;

const TESTING = '10.100.33.0/24';
const PRODUCTION = '10.100.32.0/24';
const KUBERNETES = '10.100.0.0/19';
const EPHEMERAL: [number, number] = [32768, 60999];
const POSTGRES: [number, number] = [5432, 5432];

export const NETWORK_SEEDS: readonly NetworkSeed[] = [
  {
    name: 'widened group: the load balancer takes every port',
    plant: (json) => {
      const rule = json.resource.aws_vpc_security_group_ingress_rule['groups_internet-to-load-balancer-80-in'];
      rule.ip_protocol = '-1';
      delete rule.from_port;
      delete rule.to_port;
    },
    cell: 'internet → kubernetes, kafka 9094',
    becomes: 'open',
  },
  {
    name: 'missing return rule in an ACL',
    plant: (json) => delete json.resource.aws_network_acl_rule['acls_kubernetes-private-in-answers-production'],
    cell: 'kubernetes → production, postgres 5432',
    becomes: 'closed',
  },
  {
    name: 'return rule too narrow for half of the ephemeral ports',
    plant: (json) =>
      (json.resource.aws_network_acl_rule['acls_kubernetes-private-in-answers-production'].to_port = 49151),
    cell: 'kubernetes → production, mongodb 27017',
    becomes: 'closed',
  },
  {
    name: "deny on the NAT gateway's subnet",
    plant: (json) =>
      (json.resource.aws_network_acl_rule.planted = aclRule('acls_kubernetes-public', false, 50, 'deny', TESTING)),
    cell: 'testing → internet, https 443',
    becomes: 'closed',
  },
  {
    name: 'route to nowhere',
    plant: (json) => (json.resource.aws_route['routing_private-a-to-nat'].destination_cidr_block = '192.0.2.0/24'),
    cell: 'testing → internet, https 443',
    becomes: 'closed',
  },
  {
    name: 'testing opened to production',
    plant: (json) => {
      Object.assign(json.resource.aws_network_acl_rule, {
        'planted-1': aclRule('acls_testing-private', true, 50, 'allow', PRODUCTION, POSTGRES),
        'planted-2': aclRule('acls_testing-private', false, 50, 'allow', PRODUCTION, EPHEMERAL),
        'planted-3': aclRule('acls_production-private', false, 50, 'allow', TESTING, POSTGRES),
        'planted-4': aclRule('acls_production-private', true, 50, 'allow', TESTING, EPHEMERAL),
      });
      const rule = { ip_protocol: 'tcp', from_port: 5432, to_port: 5432 };
      const [testing, postgres] = [group('nodes-testing'), group('postgres')];
      json.resource.aws_vpc_security_group_egress_rule.planted = {
        ...rule,
        security_group_id: testing,
        referenced_security_group_id: postgres,
      };
      json.resource.aws_vpc_security_group_ingress_rule.planted = {
        ...rule,
        security_group_id: postgres,
        referenced_security_group_id: testing,
      };
    },
    cell: 'testing → production, postgres 5432',
    becomes: 'open',
  },
  {
    name: 'one port of a service forgotten: the exporter of MongoDB',
    plant: (json) =>
      delete json.resource.aws_vpc_security_group_ingress_rule['groups_cluster-to-mongodb-9216-in'],
    cell: 'kubernetes → production, metrics 9216',
    becomes: 'closed',
  },
  {
    name: 'a range that no service has, opened to the brokers',
    plant: (json) => {
      const range = { ip_protocol: 'tcp', from_port: 8000, to_port: 8999 };
      const [cluster, kafka] = [group('cluster'), group('kafka')];
      Object.assign(json.resource.aws_network_acl_rule, {
        'planted-1': aclRule('acls_kubernetes-private', true, 50, 'allow', PRODUCTION, [8000, 8999]),
        'planted-2': aclRule('acls_production-private', false, 50, 'allow', KUBERNETES, [8000, 8999]),
      });
      json.resource.aws_vpc_security_group_egress_rule.planted = {
        ...range,
        security_group_id: cluster,
        referenced_security_group_id: kafka,
      };
      json.resource.aws_vpc_security_group_ingress_rule.planted = {
        ...range,
        security_group_id: kafka,
        referenced_security_group_id: cluster,
      };
    },
    cell: 'kubernetes → production, 8081-8999',
    becomes: 'open',
  },
  {
    name: 'a zone whose way out leads to nowhere',
    plant: (json) => (json.resource.aws_route['routing_private-b-to-nat'].destination_cidr_block = '192.0.2.0/24'),
    cell: 'kubernetes → internet, https 443',
    becomes: 'cut-off',
  },
];
