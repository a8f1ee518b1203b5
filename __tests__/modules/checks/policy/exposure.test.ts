import { checkPolicies, POLICIES } from '../../../../modules/checks/policy';
import { isInternet } from '../../../../modules/checks/policy/internet';
import { resources, type Blocks } from '../project';

const found = async (resource: Blocks, id: string): Promise<string[]> => {
  const policies = POLICIES.filter((one) => one.id === id);
  return checkPolicies(await resources(resource), { today: '2026-11-24', schemas: {} }, policies).map(
    ({ address, value }) => `${address} ${String(value)}`,
  );
};

test.each(['0.0.0.0/0', '::/0', '0::/0', '0.0.0.0/1', '128.0.0.0/1', '1.2.3.4/0', '2000::/3', '8.0.0.0/7'])(
  '%s is the internet',
  (cidr) => expect(isInternet(cidr)).toBe(true),
);
test.each(['10.0.0.0/8', '3.0.0.0/8', '203.0.113.4/32', 'fc00::/7', 'fd00::/8', '2600:1f00::/24', 'sg-1', ''])(
  '%s is not',
  (cidr) => expect(isInternet(cidr)).toBe(false),
);

test('halves of the internet, wherever a rule may name them, and prefix lists that hold it', async () => {
  const rule = { from_port: 22, to_port: 22, protocol: 'tcp' };
  const group = '${aws_security_group.none.id}';
  const list = '${aws_ec2_managed_prefix_list.open.id}';
  expect(
    await found(
      {
        aws_security_group: {
          none: {},
          halves: { ingress: [{ ...rule, cidr_blocks: ['0.0.0.0/1', '128.0.0.0/1'] }] },
          listed: { ingress: [{ ...rule, prefix_list_ids: [list] }] },
          elsewhere: { ingress: [{ ...rule, prefix_list_ids: ['pl-63a5400a'] }] },
        },
        aws_security_group_rule: {
          half: { ...rule, type: 'ingress', security_group_id: group, cidr_blocks: ['0.0.0.0/1'] },
          listed: { ...rule, type: 'ingress', security_group_id: group, prefix_list_ids: [list] },
        },
        aws_vpc_security_group_ingress_rule: {
          half: { ip_protocol: 'tcp', security_group_id: group, cidr_ipv6: '8000::/1' },
          listed: { ip_protocol: 'tcp', security_group_id: group, prefix_list_id: list },
        },
        aws_ec2_managed_prefix_list: { open: { entry: [{ cidr: '10.0.0.0/8' }] } },
        aws_ec2_managed_prefix_list_entry: { all: { prefix_list_id: list, cidr: '0.0.0.0/0' } },
      },
      'exposure.ingress',
    ),
  ).toEqual([
    'aws_security_group.halves 0.0.0.0/1',
    'aws_security_group.listed 0.0.0.0/0',
    'aws_security_group_rule.half 0.0.0.0/1',
    'aws_security_group_rule.listed 0.0.0.0/0',
    'aws_vpc_security_group_ingress_rule.half 8000::/1',
    'aws_vpc_security_group_ingress_rule.listed 0.0.0.0/0',
  ]);
});

test('a Kubernetes API open to both halves of the internet is open to it', async () => {
  const cluster = { vpc_config: { public_access_cidrs: ['0.0.0.0/1', '128.0.0.0/1'] } };
  expect(await found({ aws_eks_cluster: { c: cluster } }, 'exposure.kubernetes-api')).toEqual([
    'aws_eks_cluster.c 0.0.0.0/1',
  ]);
});
