import { NETWORK_SEEDS } from '../../../../lab/rehearsal/network/seeds';
import { reachability, reachabilityFindings, type Cell } from '../../../../modules/checks/reachability';
import { loadTerraform, resolveProject } from '../../../../modules/checks/terraform';
import { edited, platformOf, PLATFORM_YAML, synthesizedFiles } from '../clean-platform';

const specification = { allow: platformOf(PLATFORM_YAML).network.allow };
const matrixOf = async (files: ReadonlyMap<string, string>) =>
  reachability(await resolveProject(loadTerraform(files, 'cdktf.out')), specification);
const named = ({ from, to, service }: Cell): string => `${from} → ${to}, ${service}`;

let clean: ReadonlyMap<string, string>;
beforeAll(async () => {
  clean = await synthesizedFiles();
}, 30_000);

test('the platform is open where network.allow says so, at its entry and to HTTPS outside, and nowhere else', async () => {
  const matrix = await matrixOf(clean);
  expect(matrix.cells.filter(({ open }) => open).map((cell) => `${named(cell)} ${cell.ports.join(' ')}`)).toEqual([
    'kubernetes → production, kafka 9094',
    'kubernetes → production, postgres 5432',
    'kubernetes → production, mongodb 27017',
    'kubernetes → production, metrics 9100 9404 9216',
    'kubernetes → internet, https 443',
    'production → internet, https 443',
    'testing → internet, https 443',
    'internet → kubernetes, http 80',
  ]);
  expect(reachabilityFindings(matrix)).toEqual([]);
});

test('an open cell names every resource that lets it through, and a closed one the resource that does not', async () => {
  const { cells } = await matrixOf(clean);
  const cell = (name: string) => cells.find((one) => named(one) === name);
  expect(cell('kubernetes → production, postgres')?.by).toEqual([
    'network/aws_vpc_security_group_egress_rule.groups_cluster-to-postgres-5432-out',
    'network/aws_vpc.vpc',
    'network/aws_network_acl_rule.acls_kubernetes-private-out-production-5432',
    'network/aws_network_acl_rule.acls_production-private-in-kubernetes-5432',
    'network/aws_vpc_security_group_ingress_rule.groups_cluster-to-postgres-5432-in',
    'network/aws_network_acl_rule.acls_production-private-out-answers-kubernetes',
    'network/aws_network_acl_rule.acls_kubernetes-private-in-answers-production',
  ]);
  expect(cell('bcp-1 → production, postgres')).toMatchObject({
    by: ['network/aws_network_acl.acls_bcp-1-private'],
    why: 'no rule lets port 5432 out',
  });
});

test.each(NETWORK_SEEDS)('$name: $cell is $becomes', async ({ plant, cell, becomes }) => {
  const findings = reachabilityFindings(await matrixOf(edited(clean, 'network', plant)));
  const said = findings.filter(({ message }) => message.startsWith(`${cell} is `)).map(({ id }) => id);
  expect(said).toEqual([`reachability.${becomes}`]);
});

test('what network.allow permits and nothing opens is found', async () => {
  const project = await resolveProject(loadTerraform(clean, 'cdktf.out'));
  const allow = [{ from: 'testing', to: 'production', services: ['postgres' as const] }];
  const closed = reachabilityFindings(reachability(project, { allow })).filter(
    ({ id }) => id === 'reachability.closed',
  );
  expect(closed.map(({ message }) => message)).toEqual([
    expect.stringContaining('testing → production, postgres is allowed and closed'),
  ]);
});

test('rules inside groups, in aws_security_group_rule and inside route tables and ACLs count alike', async () => {
  const files = new Map([
    [
      'main.tf.json',
      JSON.stringify({
        resource: {
          aws_vpc: { v: { cidr_block: '10.0.0.0/16' } },
          aws_internet_gateway: { g: { vpc_id: '${aws_vpc.v.id}' } },
          aws_subnet: {
            a: {
              vpc_id: '${aws_vpc.v.id}',
              cidr_block: '10.0.0.0/24',
              tags: { segment: 'a' },
              map_public_ip_on_launch: true,
            },
            b: { vpc_id: '${aws_vpc.v.id}', cidr_block: '10.0.1.0/24', tags: { segment: 'b' } },
          },
          aws_route_table: {
            r: {
              vpc_id: '${aws_vpc.v.id}',
              route: [{ cidr_block: '0.0.0.0/0', gateway_id: '${aws_internet_gateway.g.id}' }],
            },
          },
          aws_route_table_association: {
            a: { subnet_id: '${aws_subnet.a.id}', route_table_id: '${aws_route_table.r.id}' },
          },
          aws_security_group: {
            a: {
              egress: [{ protocol: '-1', from_port: 0, to_port: 0, cidr_blocks: ['0.0.0.0/0'] }],
              ingress: [{ protocol: 'tcp', from_port: 80, to_port: 80, cidr_blocks: ['0.0.0.0/0'] }],
            },
            b: {},
          },
          aws_security_group_rule: {
            b: {
              type: 'ingress',
              security_group_id: '${aws_security_group.b.id}',
              source_security_group_id: '${aws_security_group.a.id}',
              protocol: 'tcp',
              from_port: 5432,
              to_port: 5432,
            },
          },
          aws_instance: {
            a: { subnet_id: '${aws_subnet.a.id}', vpc_security_group_ids: ['${aws_security_group.a.id}'] },
            b: { subnet_id: '${aws_subnet.b.id}', vpc_security_group_ids: ['${aws_security_group.b.id}'] },
          },
        },
      }),
    ],
  ]);
  const { cells } = reachability(await resolveProject(loadTerraform(files, '.')), { allow: [] });
  expect(cells.filter(({ open }) => open).map(named)).toEqual([
    'a → b, postgres',
    ...['kafka', 'postgres', 'mongodb', 'metrics', 'http', 'https', 'ssh'].map((service) => `a → internet, ${service}`),
    'internet → a, http',
  ]);
});
