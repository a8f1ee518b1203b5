import { NETWORK_SEEDS } from '../../../../lab/rehearsal/network/seeds';
import {
  cellName,
  portsAsked,
  reachability,
  reachabilityFindings,
  specificationOf,
  type Cell,
  type Reachability,
} from '../../../../modules/checks/reachability';
import { loadTerraform, resolveProject } from '../../../../modules/checks/terraform';
import { edited, platformOf, PLATFORM_YAML, synthesizedFiles } from '../clean-platform';

const specification = specificationOf(platformOf(PLATFORM_YAML));
const matrixOf = async (files: ReadonlyMap<string, string>) =>
  reachability(await resolveProject(loadTerraform(files, 'cdktf.out')), specification);

/** What lets the example of a cell through, or does not. */
function said({ example }: Cell): { by: readonly string[]; why?: string } {
  if (example === undefined) return { by: [] };
  const { verdict } = example;
  return verdict.open ? { by: verdict.through } : { by: [verdict.by], why: verdict.why };
}

let clean: ReadonlyMap<string, string>;
beforeAll(async () => {
  clean = await synthesizedFiles();
}, 30_000);

test('the platform is open where network.allow says so, at its entry, to HTTPS outside, to the probe of a plain entry and to people, and nowhere else', async () => {
  const matrix = await matrixOf(clean);
  expect(matrix.cells.filter(({ open }) => open).map(cellName)).toEqual([
    'kubernetes → production, ssh 22',
    'kubernetes → production, postgres 5432',
    'kubernetes → production, kafka 9094',
    'kubernetes → production, metrics 9100',
    'kubernetes → production, metrics 9216',
    'kubernetes → production, metrics 9404',
    'kubernetes → production, mongodb 27017',
    'kubernetes → testing, ssh 22',
    'kubernetes → internet, http 80',
    'kubernetes → internet, https 443',
    'production → internet, https 443',
    'testing → internet, https 443',
    'internet → kubernetes, http 80',
  ]);
  expect(reachabilityFindings(matrix)).toEqual([]);
});

test('a port says who reaches whom: an exporter is scraped where it runs, and SSH has one caller', async () => {
  const { cells } = await matrixOf(clean);
  const who = (name: string) => {
    const pairs = cells.find((one) => cellName(one) === name)?.reaches ?? [];
    const owners = (side: 'caller' | 'called') => [
      ...new Set(pairs.map((way) => ('owner' in way[side] ? way[side].owner : way[side].id))),
    ];
    return [owners('caller'), owners('called')];
  };
  const cluster = ['a', 'b', 'c'].map((zone) => `cluster/aws_eks_node_group.nodes_zone-${zone}`);
  const members = (kind: string) => [1, 2, 3].map((member) => `data/aws_instance.${kind}_${member}_machine`);
  const kubernetes = [...cluster, 'cluster/aws_eks_cluster.eks'];
  expect(who('kubernetes → production, metrics 9404')).toEqual([kubernetes, members('kafka')]);
  expect(who('kubernetes → production, metrics 9216')).toEqual([kubernetes, members('mongodb')]);
  expect(who('kubernetes → production, postgres 5432')).toEqual([kubernetes, ['data/aws_db_instance.postgres']]);
  expect(who('kubernetes → testing, ssh 22')).toEqual([
    ['network/aws_ec2_instance_connect_endpoint.instance-connect'],
    ['nodes/aws_instance.qa-1'],
  ]);
});

test('an open cell names every resource that lets it through, and a closed one the resource that does not', async () => {
  const { cells } = await matrixOf(clean);
  const of = (name: string) => said(cells.find((one) => cellName(one) === name)!);
  expect(of('kubernetes → production, postgres 5432').by).toEqual([
    'network/aws_vpc_security_group_egress_rule.groups_cluster-to-postgres-5432-out',
    'network/aws_vpc.vpc',
    'network/aws_network_acl_rule.acls_kubernetes-private-out-production-5432',
    'network/aws_network_acl_rule.acls_production-private-in-kubernetes-5432',
    'network/aws_vpc_security_group_ingress_rule.groups_cluster-to-postgres-5432-in',
    'network/aws_network_acl_rule.acls_production-private-out-answers-kubernetes',
    'network/aws_network_acl_rule.acls_kubernetes-private-in-answers-production',
  ]);
  expect(of('bcp-1 → production, postgres 5432')).toEqual({
    by: ['network/aws_network_acl.acls_bcp-1-private'],
    why: 'no rule lets port 5432 out',
  });
});

test.each(NETWORK_SEEDS)('$name: $cell is $becomes', async ({ plant, cell, becomes }) => {
  const findings = reachabilityFindings(await matrixOf(edited(clean, 'network', plant)));
  const ids = findings.filter(({ message }) => message.startsWith(`${cell} is `)).map(({ id }) => id);
  expect(ids).toEqual([`reachability.${becomes}`]);
});

test('what network.allow permits and nothing opens is found, by port', async () => {
  const project = await resolveProject(loadTerraform(clean, 'cdktf.out'));
  const platform = platformOf(PLATFORM_YAML);
  const allow = [{ from: 'testing', to: 'production', services: ['postgres' as const, 'metrics' as const] }];
  const wished = specificationOf({ ...platform, network: { ...platform.network, allow } });
  const closed = reachabilityFindings(reachability(project, wished)).filter(({ id }) => id === 'reachability.closed');
  expect(closed.map(({ message }) => message.replace(/: .*/, ''))).toEqual(
    ['postgres 5432', 'metrics 9100', 'metrics 9216', 'metrics 9404'].map(
      (port) => `testing → production, ${port} is allowed and closed`,
    ),
  );
});

test('with managed Kafka the specification speaks of its ports', () => {
  const managed = platformOf(PLATFORM_YAML.replace('profile: cheapest-durable', 'profile: managed'));
  expect(specificationOf(managed).allow).toEqual([
    { from: 'kubernetes', to: 'production', ports: [9098, 5432, 27017, 9100, 9216, 11001, 11002] },
    { from: 'kubernetes', to: 'internet', ports: [80] },
  ]);
});

test('with a certificate the entry is probed by HTTPS, and plain HTTP leaves no more', async () => {
  const certificate = 'arn:aws:acm:us-east-2:123456789012:certificate/0f9f8c1e-8a3b-4e8e-9c43-1f2e3d4c5b6a';
  const text = PLATFORM_YAML.replace(/ {2}# entry: .*/, `  entry: { certificate: ${certificate} }`);
  const files = await synthesizedFiles(text);
  const project = await resolveProject(loadTerraform(files, 'cdktf.out'));
  const matrix = reachability(project, specificationOf(platformOf(text)));
  expect(
    matrix.cells.filter(({ open, from, to }) => open && (from === 'internet' || to === 'internet')).map(cellName),
  ).toEqual([
    'kubernetes → internet, https 443',
    'production → internet, https 443',
    'testing → internet, https 443',
    'internet → kubernetes, http 80',
    'internet → kubernetes, https 443',
  ]);
  expect(reachabilityFindings(matrix)).toEqual([]);
  // Rules of the one against the specification of the other: a probe that is cut off, and a way out too many.
  const said = (one: Reachability) => reachabilityFindings(one).map(({ message }) => message.replace(/: .*/, ''));
  expect(said(reachability(project, specification))).toEqual(['kubernetes → internet, http 80 is allowed and closed']);
  const plain = await resolveProject(loadTerraform(clean, 'cdktf.out'));
  expect(said(reachability(plain, specificationOf(platformOf(text))))).toEqual([
    'kubernetes → internet, http 80 is open and nothing allows it',
  ]);
}, 30_000);

test('every port is answered for: no rule divides a range, and ranges leave no gap', async () => {
  const { network } = await matrixOf(clean);
  const ranges = portsAsked(network).map(({ ports }) => ports);
  expect(ranges[0]?.from).toBe(0);
  expect(ranges.at(-1)?.to).toBe(65535);
  ranges.slice(1).forEach(({ from }, at) => expect(from).toBe(ranges[at]!.to + 1));
  for (const { ports } of network.groupRules)
    for (const { from, to } of ranges) expect(from < ports.from && ports.from <= to).toBe(false);
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
  expect(cells.filter(({ open }) => open).map(cellName)).toEqual([
    'a → b, postgres 5432',
    ...[
      '0-21',
      'ssh 22',
      '23-79',
      'http 80',
      '81-442',
      'https 443',
      '444-5431',
      'postgres 5432',
      '5433-9093',
      'kafka 9094',
      '9095-9097',
      'kafka 9098',
      '9099',
      'metrics 9100',
      '9101-9215',
      'metrics 9216',
      '9217-9403',
      'metrics 9404',
      '9405-11000',
      'metrics 11001',
      'metrics 11002',
      '11003-27016',
      'mongodb 27017',
      '27018-65535',
    ].map((port) => `a → internet, ${port}`),
    'internet → a, http 80',
  ]);
});
