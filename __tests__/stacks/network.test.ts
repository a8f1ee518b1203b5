import fc from 'fast-check';
import type { AllowRule } from '../../modules/spec/platform';
import { SERVICES, type ServiceName } from '../../modules/spec/services';
import * as ports from '../../modules/aws/ports';
import type { PlatformInputs } from '../../stacks/inputs';
import { NetworkStack } from '../../stacks/network';
import { DEFAULT_INPUTS, DEFAULT_PLAN } from '../fixtures/platform';
import { aclPasses, aclsCarry, groupsPass, subnetOf } from './borders';
import { testSnapshots } from './snapshots';
import { attributes, resources, synthesize, type TerraformJson } from './synthesize';
import { VARIANTS } from './variants';

const built = new Map<PlatformInputs, TerraformJson>();

/** Each platform is synthesized once. */
function build(inputs: PlatformInputs): TerraformJson {
  const json = built.get(inputs) ?? synthesize('network', (app) => void new NetworkStack(app, inputs));
  built.set(inputs, json);
  return json;
}

const allowing = (allow: readonly AllowRule[]): TerraformJson =>
  build({
    ...DEFAULT_INPUTS,
    platform: { ...DEFAULT_INPUTS.platform, network: { ...DEFAULT_INPUTS.platform.network, allow } },
  });

testSnapshots('network', (app, inputs) => {
  new NetworkStack(app, inputs);
});

const network = build(DEFAULT_INPUTS);

/** An address in the private subnet of zone a. */
const INSIDE = {
  kubernetes: '10.100.0.10',
  production: '10.100.32.10',
  testing: '10.100.33.10',
  'bcp-1': '10.100.34.10',
  'bcp-2': '10.100.35.10',
} as const;
type Segment = keyof typeof INSIDE;
const SEGMENTS = Object.keys(INSIDE) as Segment[];
const ALL_PORTS = Object.values(SERVICES).flat();

describe('addresses', () => {
  test('every planned subnet exists once, in its zone, with its block, and gives no public address by itself', () => {
    const planned = DEFAULT_PLAN.blocks.flatMap((block) => block.subnets);
    expect(planned).toHaveLength(30);
    const found = attributes(network, 'aws_subnet').map((subnet) => ({
      cidr: subnet['cidr_block'],
      zone: subnet['availability_zone_id'],
      public: subnet['map_public_ip_on_launch'],
    }));
    const sorted = (list: { cidr: string }[]) => [...list].sort((a, b) => a.cidr.localeCompare(b.cidr));
    expect(sorted(found)).toEqual(sorted(planned.map(({ cidr, zone }) => ({ cidr, zone, public: false }))));
  });

  test('a subnet of the services waits for the second block, one of Kubernetes does not', () => {
    for (const [name, subnet] of resources(network, 'aws_subnet')) {
      expect(subnet['vpc_id']).toBe(
        name.includes('kubernetes')
          ? '${aws_vpc.vpc.id}'
          : '${aws_vpc_ipv4_cidr_block_association.vpc_services.vpc_id}',
      );
    }
  });

  test('a network that was widened is associated block by block', () => {
    const networks = DEFAULT_PLAN.certificate.networks.map((one) =>
      one.name === 'services' ? { ...one, cidr: '10.100.32.0/21', cidrs: ['10.100.32.0/22', '10.100.36.0/22'] } : one,
    );
    const added = DEFAULT_PLAN.blocks
      .filter(({ segment }) => segment === 'testing')
      .map((block) => ({
        ...block,
        segment: 'staging',
        cidr: '10.100.36.0/24',
        subnets: block.subnets.map((subnet) => ({
          ...subnet,
          name: subnet.name.replace('testing', 'staging'),
          cidr: subnet.cidr.replace('10.100.33.', '10.100.36.'),
        })),
      }));
    const { network: spec } = DEFAULT_INPUTS.platform;
    const services = { ...spec.services, cidr: '10.100.32.0/21', segments: [...spec.services.segments, 'staging'] };
    const widened = build({
      ...DEFAULT_INPUTS,
      plan: {
        blocks: [...DEFAULT_PLAN.blocks, ...added],
        certificate: { ...DEFAULT_PLAN.certificate, networks },
      },
      platform: { ...DEFAULT_INPUTS.platform, network: { ...spec, services } },
    });
    expect(
      resources(widened, 'aws_vpc_ipv4_cidr_block_association').map(([name, one]) => [name, one['cidr_block']]),
    ).toEqual([
      ['vpc_services', '10.100.32.0/22'],
      ['vpc_services-2', '10.100.36.0/22'],
    ]);
    expect(widened.resource['aws_subnet']!['subnets_staging-private-a']!['vpc_id']).toBe(
      '${aws_vpc_ipv4_cidr_block_association.vpc_services-2.vpc_id}',
    );
    expect(widened.resource['aws_vpc']).toEqual(network.resource['aws_vpc']);
  });
});

describe.each(VARIANTS.map(({ name, inputs }) => [name, inputs] as const))('routes of %s', (_, inputs) => {
  const json = build(inputs);
  const tableOf = (subnet: string) =>
    attributes(json, 'aws_route_table_association')
      .filter((one) => one['subnet_id'] === `\${aws_subnet.${subnet}.id}`)
      .map((one) => one['route_table_id']);
  const routeOf = (table: string) => attributes(json, 'aws_route').filter((one) => one['route_table_id'] === table);

  test('every subnet has one table; public ones lead to the internet gateway, private ones to NAT in a public subnet', () => {
    for (const [name] of resources(json, 'aws_subnet')) {
      const tables = tableOf(name);
      expect(tables).toHaveLength(1);
      const routes = routeOf(tables[0]);
      expect(routes).toHaveLength(1);
      const [route] = routes;
      if (name.includes('-public-'))
        expect(route).toMatchObject({ gateway_id: '${aws_internet_gateway.vpc_internet.id}' });
      else expect(route!['nat_gateway_id']).toMatch(/aws_nat_gateway/);
    }
  });

  test('with a NAT gateway per zone each zone uses its own; with one, nobody has another', () => {
    const gateways = resources(json, 'aws_nat_gateway');
    const perZone = inputs.platform.network.egress === 'nat-per-zone';
    expect(gateways).toHaveLength(perZone ? 3 : 1);
    if (!perZone) return;
    for (const [name] of resources(json, 'aws_subnet').filter(([subnet]) => subnet.includes('-private-'))) {
      const letter = name.slice(-1);
      expect(routeOf(tableOf(name)[0])[0]!['nat_gateway_id']).toBe(`\${aws_nat_gateway.routing_nat-${letter}.id}`);
    }
  });

  test('every route table reaches S3 without NAT', () => {
    const [endpoint] = attributes(json, 'aws_vpc_endpoint');
    expect(endpoint!['route_table_ids'].sort()).toEqual(
      resources(json, 'aws_route_table')
        .map(([name]) => `\${aws_route_table.${name}.id}`)
        .sort(),
    );
    expect(endpoint!['service_name']).toBe(`com.amazonaws.${inputs.platform.region}.s3`);
  });
});

describe('network ACLs', () => {
  test.each(VARIANTS.map(({ name, inputs }) => [name, inputs] as const))(
    'of %s: one a subnet, at most 20 rules a direction, numbers in order',
    (_, inputs) => {
      const json = build(inputs);
      for (const [name] of resources(json, 'aws_network_acl')) {
        for (const egress of [true, false]) {
          const numbers = attributes(json, 'aws_network_acl_rule')
            .filter((rule) => rule['network_acl_id'] === `\${aws_network_acl.${name}.id}` && rule['egress'] === egress)
            .map((rule) => rule['rule_number']);
          expect(numbers.length).toBeLessThanOrEqual(20);
          expect(new Set(numbers).size).toBe(numbers.length);
        }
      }
    },
  );

  test('testing cannot reach production, nor production testing, on any port of the platform', () => {
    for (const port of ALL_PORTS) {
      expect(aclsCarry(network, { from: INSIDE.testing, to: INSIDE.production, port })).toBe(false);
      expect(aclsCarry(network, { from: INSIDE.production, to: INSIDE.testing, port })).toBe(false);
    }
  });

  test('each side of the border between testing and production holds alone, on any port', () => {
    const packet = { from: INSIDE.testing, to: INSIDE.production };
    for (const port of [...ALL_PORTS, 22, 443, 1024, 32768, 40000, 60999]) {
      expect(aclPasses(network, subnetOf(network, packet.from), 'out', { ...packet, port })).toBe(false);
      expect(aclPasses(network, subnetOf(network, packet.to), 'in', { ...packet, port })).toBe(false);
    }
  });

  test('BCP is closed: in and out, to everybody, the internet included', () => {
    for (const segment of ['bcp-1', 'bcp-2'] as const) {
      const subnet = subnetOf(network, INSIDE[segment]);
      for (const address of [...Object.values(INSIDE), '203.0.113.7']) {
        for (const port of [...ALL_PORTS, 40000]) {
          expect(aclPasses(network, subnet, 'out', { from: INSIDE[segment], to: address, port })).toBe(false);
          expect(aclPasses(network, subnet, 'in', { from: address, to: INSIDE[segment], port })).toBe(false);
        }
      }
    }
  });

  test.each(['kubernetes', 'production', 'testing'] as const)(
    '%s reaches the internet by HTTPS, there and back, through the NAT gateway of the shared public subnet',
    (segment) => {
      const website = '203.0.113.7';
      const inside = INSIDE[segment];
      const own = subnetOf(network, inside);
      const shared = 'subnets_kubernetes-public-a';
      const nat = '10.100.24.5';
      const passes = [
        aclPasses(network, own, 'out', { from: inside, to: website, port: 443 }),
        aclPasses(network, shared, 'in', { from: inside, to: website, port: 443 }),
        aclPasses(network, shared, 'out', { from: nat, to: website, port: 443 }),
        aclPasses(network, shared, 'in', { from: website, to: nat, port: 1024 }),
        aclPasses(network, shared, 'out', { from: website, to: inside, port: 32768 }),
        aclPasses(network, own, 'in', { from: website, to: inside, port: 60999 }),
      ];
      expect(passes).toEqual(passes.map(() => true));
    },
  );

  const byHttp = (json: TerraformJson, segment: Segment): boolean => {
    const [own, shared] = [subnetOf(json, INSIDE[segment]), 'subnets_kubernetes-public-a'];
    const [from, nat, balancer] = [INSIDE[segment], '10.100.24.5', '203.0.113.7'];
    return [
      aclPasses(json, own, 'out', { from, to: balancer, port: 80 }),
      aclPasses(json, shared, 'in', { from, to: balancer, port: 80 }),
      aclPasses(json, shared, 'out', { from: nat, to: balancer, port: 80 }),
    ].every(Boolean);
  };
  const certified = build({
    ...DEFAULT_INPUTS,
    platform: {
      ...DEFAULT_INPUTS.platform,
      kubernetes: {
        ...DEFAULT_INPUTS.platform.kubernetes,
        entry: { certificate: 'arn:aws:acm:us-east-2:1:certificate/0' },
      },
    },
  });

  test('HTTP leaves from Kubernetes alone, for the probe of an entry without a certificate, and with one from nowhere', () => {
    expect(SEGMENTS.filter((segment) => byHttp(network, segment))).toEqual(['kubernetes']);
    expect(SEGMENTS.filter((segment) => byHttp(certified, segment))).toEqual([]);
    const out = (json: TerraformJson) =>
      resources(json, 'aws_vpc_security_group_egress_rule').filter(
        ([, rule]) => rule['from_port'] === 80 && 'cidr_ipv4' in rule,
      );
    expect(out(network).map(([name]) => name)).toEqual(['groups_cluster-to-internet-80-out']);
    expect(out(certified)).toEqual([]);
  });

  test('nobody on the internet opens a connection to a service in a private subnet', () => {
    for (const segment of SEGMENTS) {
      const subnet = subnetOf(network, INSIDE[segment]);
      for (const port of ALL_PORTS) {
        expect(aclPasses(network, subnet, 'in', { from: '203.0.113.7', to: INSIDE[segment], port })).toBe(false);
      }
    }
  });

  test('the Instance Connect endpoint reaches machines by SSH in every segment that is on, and no other subnet does', () => {
    for (const segment of ['production', 'testing'] as const) {
      expect(aclsCarry(network, { from: '10.100.24.9', to: INSIDE[segment], port: 22 })).toBe(true);
      expect(aclsCarry(network, { from: INSIDE.kubernetes, to: INSIDE[segment], port: 22 })).toBe(false);
    }
  });

  test('a segment is switched on by an allow rule that names it', () => {
    const opened = allowing([{ from: 'production', to: 'bcp-1', services: ['postgres'] }]);
    expect(aclsCarry(opened, { from: INSIDE.production, to: INSIDE['bcp-1'], port: 5432 })).toBe(true);
    expect(aclsCarry(opened, { from: INSIDE.production, to: INSIDE['bcp-2'], port: 5432 })).toBe(false);
  });

  test('more rules than an ACL takes are refused with the way out', () => {
    const everything = Object.keys(SERVICES) as ServiceName[];
    const allow = ['kubernetes', 'testing', 'bcp-1'].map((from) => ({ from, to: 'production', services: everything }));
    expect(() => allowing(allow)).toThrow(
      'platform.yaml network.allow: the private subnets of "production" would need 33 network ACL rules inwards, ' +
        'and AWS takes 20; let fewer segments in, or allow fewer services',
    );
  });
});

describe('security groups', () => {
  const known = new Set<number>(Object.values(ports).flatMap((value) => (typeof value === 'number' ? [value] : [])));
  const rules = (json: TerraformJson) => [
    ...attributes(json, 'aws_vpc_security_group_ingress_rule'),
    ...attributes(json, 'aws_vpc_security_group_egress_rule'),
  ];

  test.each(VARIANTS.map(({ name, inputs }) => [name, inputs] as const))(
    'of %s: every port has a name, no rule is inline, and only the load balancer hears the internet',
    (_, inputs) => {
      const json = build(inputs);
      for (const rule of rules(json)) {
        if (rule['ip_protocol'] === '-1') {
          expect([rule['security_group_id'], rule['referenced_security_group_id']]).toEqual(
            Array(2).fill('${aws_security_group.groups_cluster.id}'),
          );
        } else {
          expect(known).toContain(rule['from_port']);
          expect(rule['to_port']).toBe(rule['from_port']);
        }
        expect(rule['description']).toMatch(/^[a-zA-Z0-9 ._\-:/()#,@[\]+=&;{}!$*]{1,255}$/);
      }
      for (const group of attributes(json, 'aws_security_group')) {
        expect(group).not.toHaveProperty('ingress');
        expect(group).not.toHaveProperty('egress');
      }
      const open = resources(json, 'aws_vpc_security_group_ingress_rule').filter(([, rule]) => 'cidr_ipv4' in rule);
      expect(open.map(([name]) => name)).toEqual(['groups_internet-to-load-balancer-80-in']);
      expect(attributes(json, 'aws_default_security_group')).toEqual([
        expect.not.objectContaining({ ingress: expect.anything() }),
      ]);
    },
  );

  test('members reach each other, services of the data segment reach its data, and SSH comes from the endpoint alone', () => {
    const pairs: [string, string, number, boolean][] = [
      ['kafka', 'kafka', 9093, true],
      ['kafka', 'kafka', 9094, true],
      ['mongodb', 'mongodb', 27017, true],
      ['nodes-production', 'postgres', 5432, true],
      ['nodes-testing', 'postgres', 5432, false],
      ['instance-connect', 'nodes-testing', 22, true],
      ['instance-connect', 'nodes-bcp-1', 22, false],
      ['cluster', 'nodes-production', 22, false],
      ['load-balancer', 'cluster', 8080, true],
      ['load-balancer', 'kafka', 9094, false],
    ];
    for (const [from, to, port, expected] of pairs) {
      expect([from, to, port, groupsPass(network, from, to, port)]).toEqual([from, to, port, expected]);
    }
  });

  test('with MSK there is no quorum port, no shell, and its own metrics ports', () => {
    const managed = build(VARIANTS.find(({ name }) => name === 'managed profile')!.inputs);
    expect(groupsPass(managed, 'kafka', 'kafka', 9093)).toBe(false);
    expect(groupsPass(managed, 'instance-connect', 'kafka', 22)).toBe(false);
    expect(groupsPass(managed, 'cluster', 'kafka', 11001)).toBe(true);
    expect(groupsPass(managed, 'cluster', 'kafka', 9404)).toBe(false);
  });
});

/** Which group serves a service in a segment, said independently of the code. */
const SERVER: Record<Segment, (service: ServiceName) => string> = {
  kubernetes: () => 'cluster',
  production: (service) => (['kafka', 'postgres', 'mongodb'].includes(service) ? service : 'nodes-production'),
  testing: () => 'nodes-testing',
  'bcp-1': () => 'nodes-bcp-1',
  'bcp-2': () => 'nodes-bcp-2',
};

test('whatever is allowed, and only that, passes ACLs and groups between segments', () => {
  const client = (segment: Segment) => (segment === 'kubernetes' ? 'cluster' : `nodes-${segment}`);
  const services = ['kafka', 'postgres', 'mongodb', 'http', 'https'] as const satisfies readonly ServiceName[];
  const rule = fc
    .record({
      from: fc.constantFrom(...SEGMENTS),
      to: fc.constantFrom(...SEGMENTS),
      services: fc.subarray([...services], { minLength: 1 }),
    })
    .filter(({ from, to }) => from !== to);

  fc.assert(
    fc.property(fc.array(rule, { maxLength: 3 }), (allow) => {
      const json = allowing(allow);
      for (const from of SEGMENTS) {
        for (const to of SEGMENTS.filter((segment) => segment !== from)) {
          for (const service of services) {
            const [port] = SERVICES[service];
            const passes =
              aclsCarry(json, { from: INSIDE[from], to: INSIDE[to], port }) &&
              groupsPass(json, client(from), SERVER[to](service), port);
            const allowed = allow.some((one) => one.from === from && one.to === to && one.services.includes(service));
            expect([from, to, service, passes]).toEqual([from, to, service, allowed]);
          }
        }
      }
    }),
    { numRuns: 8 },
  );
});

test('the key refuses deletion until protection is lifted', () => {
  const lifecycle = (json: TerraformJson) => json.resource['aws_kms_key']!['key']!['lifecycle'];
  expect(lifecycle(network)).toEqual({ prevent_destroy: true });
  const lifted = synthesize('network', (app) => void new NetworkStack(app, DEFAULT_INPUTS), {
    context: { protection: 'lifted' },
  });
  expect(lifecycle(lifted)).toEqual({ prevent_destroy: false });
});

test('a budget is there when platform.yaml asks for one', () => {
  expect(attributes(network, 'aws_budgets_budget')).toEqual([]);
  const [budget] = attributes(
    build(VARIANTS.find(({ name }) => name.includes('budget'))!.inputs),
    'aws_budgets_budget',
  );
  expect(budget).toMatchObject({ limit_amount: '1500', limit_unit: 'USD', time_unit: 'MONTHLY' });
  expect(budget!['notification']).toHaveLength(2);
});
