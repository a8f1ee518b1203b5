/** What AWS refuses and no schema says: a small configuration for each refusal of the stand-in, and one that it takes. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { startStandIn } from './stand-in';
import type { Tally } from './tally';
import { complaint, terraform } from './terraform';
import { Workspace } from './workspace';

type Resources = Readonly<Record<string, Readonly<Record<string, object>>>>;

interface Case {
  readonly name: string;
  readonly resources: Resources;
  /** A part of what is said; undefined when nothing may be. */
  readonly says?: string;
}

const VPC = { aws_vpc: { main: { cidr_block: '10.0.0.0/16' } } };
const VPC_ID = '${aws_vpc.main.id}';
const subnet = (cidr_block: string, availability_zone = 'us-east-2a') => ({ vpc_id: VPC_ID, cidr_block, availability_zone });
const SUBNETS = { a: subnet('10.0.0.0/24'), b: subnet('10.0.1.0/24', 'us-east-2b'), c: subnet('10.0.2.0/24', 'us-east-2c') };
const ids = (...names: readonly string[]): string[] => names.map((name) => `\${aws_subnet.${name}.id}`);

const machine = (instance_type: string) => ({
  ami: 'ami-00000000000000001',
  instance_type,
  subnet_id: '${aws_subnet.a.id}',
});

const brokers = (number_of_broker_nodes: number, instance_type = 'kafka.m5.large') => ({
  cluster_name: 'events',
  kafka_version: '3.9.x',
  number_of_broker_nodes,
  broker_node_group_info: { instance_type, client_subnets: ids('a', 'b', 'c'), security_groups: ['${aws_security_group.one.id}'] },
});

const group = (name: string) => ({ name, vpc_id: VPC_ID });
const ingress = (security_group_id: string, referenced_security_group_id: string) => ({
  security_group_id,
  referenced_security_group_id,
  ip_protocol: 'tcp',
  from_port: 443,
  to_port: 443,
});
const ONE = '${aws_security_group.one.id}';
const role = (name: string) => ({ name, assume_role_policy: '{}' });
const NOBODYS = 'sg-0123456789abcdef0';

const withSubnets = (more: Resources): Resources => ({ ...VPC, aws_subnet: SUBNETS, ...more });
const withGroup = (more: Resources): Resources =>
  withSubnets({ aws_security_group: { one: group('one') }, ...more });

export const CASES: readonly Case[] = [
  {
    name: 'what AWS takes',
    resources: withGroup({
      aws_msk_cluster: { kafka: brokers(3) },
      aws_instance: { node: machine('m6g.large') },
      aws_db_subnet_group: { db: { name: 'db', subnet_ids: ids('a', 'b') } },
      aws_vpc_security_group_ingress_rule: { in: ingress(ONE, ONE) },
    }),
  },
  {
    name: 'subnet outside its VPC',
    resources: { ...VPC, aws_subnet: { out: subnet('10.1.0.0/24') } },
    says: '10.1.0.0/24 is outside of every block of vpc-',
  },
  {
    name: 'subnet wider than its VPC',
    resources: { ...VPC, aws_subnet: { wide: subnet('10.0.0.0/8') } },
    says: 'outside of every block',
  },
  {
    name: 'subnet with host bits',
    resources: { ...VPC, aws_subnet: { odd: subnet('10.0.0.5/24') } },
    says: '"10.0.0.5/24" is no block of addresses',
  },
  {
    name: 'overlapping subnets',
    resources: { ...VPC, aws_subnet: { a: subnet('10.0.0.0/23'), b: subnet('10.0.1.0/24') } },
    says: 'overlaps 10.0.',
  },
  {
    name: 'instance type that is not sold there',
    resources: withSubnets({ aws_instance: { node: machine('m99.large') } }),
    says: 'instance_type "m99.large" is not offered in us-east-2',
  },
  {
    name: 'burstable node group',
    resources: withSubnets({
      aws_eks_node_group: {
        nodes: {
          cluster_name: 'c',
          node_role_arn: 'arn:aws:iam::123456789012:role/node',
          subnet_ids: ids('a'),
          instance_types: ['t3.large'],
          scaling_config: { desired_size: 1, max_size: 1, min_size: 1 },
        },
      },
    }),
    says: 'instance_types "t3.large" is not offered in us-east-2',
  },
  {
    name: 'brokers that cannot be spread over the subnets',
    resources: withGroup({ aws_msk_cluster: { kafka: brokers(4) } }),
    says: '4 brokers over 3 client subnets; the number must be a multiple',
  },
  {
    name: 'broker class that is not sold there',
    resources: withGroup({ aws_msk_cluster: { kafka: brokers(3, 'kafka.m1.large') } }),
    says: '"kafka.m1.large" is not offered',
  },
  {
    name: 'subnet group of RDS in one zone',
    resources: withSubnets({ aws_db_subnet_group: { db: { name: 'db', subnet_ids: ids('a') } } }),
    says: 'its subnets are in 1 zone(s), AWS wants two',
  },
  {
    name: 'name too long',
    resources: { aws_iam_role: { long: role('r'.repeat(65)) } },
    says: 'has 65 characters, at most 64 are allowed',
  },
  {
    name: 'two roles of one name',
    resources: { aws_iam_role: { first: role('twin'), second: role('twin') } },
    says: 'name "twin" is taken by twin',
  },
  {
    name: 'two groups of one name in one VPC',
    resources: { ...VPC, aws_security_group: { first: group('twin'), second: group('twin') } },
    says: 'name "twin" is taken by sg-',
  },
  {
    name: 'two ACL rules of one number',
    resources: {
      ...VPC,
      aws_network_acl: { acl: { vpc_id: VPC_ID } },
      aws_network_acl_rule: Object.fromEntries(
        ['first', 'second'].map((name) => [
          name,
          { network_acl_id: '${aws_network_acl.acl.id}', rule_number: 100, egress: false, protocol: '-1', rule_action: 'allow', cidr_block: name === 'first' ? '10.0.0.0/8' : '10.0.0.0/9' },
        ]),
      ),
    },
    says: 'rule_number "100" is taken by',
  },
  {
    name: 'id that nobody made',
    resources: { aws_subnet: { lost: { ...subnet('10.0.0.0/24'), vpc_id: 'vpc-0123456789abcdef0' } } },
    says: 'refers to vpc-0123456789abcdef0, which was never created here',
  },
  {
    name: 'group rule that names an unknown group',
    resources: withGroup({ aws_vpc_security_group_ingress_rule: { in: ingress(ONE, NOBODYS) } }),
    says: `refers to ${NOBODYS}, which was never created here`,
  },
  {
    name: 'group rule in an unknown group',
    resources: withGroup({ aws_vpc_security_group_ingress_rule: { in: ingress(NOBODYS, ONE) } }),
    says: `refers to ${NOBODYS}, which was never created here`,
  },
  {
    name: 'id of another kind',
    resources: withGroup({ aws_instance: { node: { ...machine('m6g.large'), subnet_id: ONE } } }),
    says: 'an id that begins with "subnet-" belongs there',
  },
];

export async function rehearseRefusals(tally: Tally): Promise<void> {
  for (const [at, one] of CASES.entries()) {
    tally.doing(one.name);
    const workspace = new Workspace(`refusals/${at}`);
    const folder = workspace.path('cdktf.out');
    mkdirSync(folder);
    writeFileSync(`${folder}/cdk.tf.json`, JSON.stringify(configuration(one.resources), null, 2));
    const standIn = await startStandIn(workspace);
    try {
      const init = await terraform(folder, ['init'], standIn.environment);
      const apply = await terraform(folder, ['apply', '-auto-approve'], standIn.environment);
      const said = complaint(init.output + apply.output);
      if (one.says === undefined) tally.record(one.name, apply.code === 0, said);
      else tally.record(one.name, apply.code === 1 && said.includes(one.says), `"${one.says}" is not in: ${said}`);
    } finally {
      await standIn.stop();
    }
  }
}

const configuration = (resources: Resources): object => ({
  terraform: { required_providers: { aws: { source: 'hashicorp/aws', version: '6.25.0' } } },
  provider: { aws: [{ region: 'us-east-2' }] },
  resource: resources,
});
