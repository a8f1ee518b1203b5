/** Charges that hide: public addresses, and traffic that no resource states. */
import type { Json } from '../../../../modules/checks/terraform';
import { exactly, priced, type Resources } from './project';

const addresses = async (resources: Resources) => {
  const { lines, unpriced } = await priced(resources);
  expect(unpriced).toEqual([]);
  return (
    lines.filter((line) => line.item.startsWith('public IPv4')).reduce((sum, line) => sum + line.quantity, 0) / 730
  );
};
const instance = (more: Record<string, Json>) => ({ aws_instance: { a: { instance_type: 'm6g.large', ...more } } });
const balancer = (more: Record<string, Json>) => ({ aws_lb: { a: { load_balancer_type: 'network', ...more } } });

describe('every public IPv4 is billed once, whoever holds it', () => {
  const subnet = (gives: boolean): Resources => ({ aws_subnet: { s: { map_public_ip_on_launch: gives } } });
  const within = { subnet_id: '${aws_subnet.s.id}' };

  test.each<[string, Resources, number]>([
    ['an Elastic IP', { aws_eip: { a: {} } }, 1],
    [
      'a NAT gateway has one, which is the Elastic IP’s',
      { aws_eip: { a: {} }, aws_nat_gateway: { a: { allocation_id: '${aws_eip.a.id}' } } },
      1,
    ],
    ['an instance that asks for one', instance({ associate_public_ip_address: true }), 1],
    ['an instance that asks for none', instance({ associate_public_ip_address: false }), 0],
    ['an instance in a subnet that gives them', { ...subnet(true), ...instance(within) }, 1],
    ['an instance in a subnet that does not', { ...subnet(false), ...instance(within) }, 0],
    [
      'an instance that refuses its subnet’s',
      { ...subnet(true), ...instance({ ...within, associate_public_ip_address: false }) },
      0,
    ],
    [
      'nodes and machines of groups have those of their subnets',
      {
        aws_subnet: { s: { count: 2, map_public_ip_on_launch: '${count.index == 0}' } },
        aws_launch_template: { t: { instance_type: 'm6g.large' } },
        aws_eks_node_group: {
          open: {
            scaling_config: { desired_size: 3 },
            instance_types: ['m6g.large'],
            subnet_ids: ['${aws_subnet.s[0].id}'],
          },
          half: {
            scaling_config: { desired_size: 4 },
            instance_types: ['m6g.large'],
            subnet_ids: ['${aws_subnet.s[0].id}', '${aws_subnet.s[1].id}'],
          },
        },
        aws_autoscaling_group: {
          closed: {
            min_size: 5,
            launch_template: { id: '${aws_launch_template.t.id}' },
            vpc_zone_identifier: ['${aws_subnet.s[1].id}'],
          },
        },
      },
      3 + 2,
    ],
    [
      'a launch template may ask for one',
      {
        aws_launch_template: {
          t: { instance_type: 'm6g.large', network_interfaces: [{ associate_public_ip_address: 'true' }] },
        },
        aws_autoscaling_group: { g: { min_size: 2, launch_template: { id: '${aws_launch_template.t.id}' } } },
        aws_instance: { i: { launch_template: { id: '${aws_launch_template.t.id}' } } },
      },
      2 + 1,
    ],
    [
      'a balancer for IPv6 alone none',
      balancer({ ip_address_type: 'dualstack-without-public-ipv4', subnets: ['a', 'b'] }),
      0,
    ],
    ['a balancer has one a zone', balancer({ subnets: ['a', 'b', 'c'] }), 3],
    ['an internal balancer none', balancer({ internal: true, subnets: ['a', 'b', 'c'] }), 0],
    [
      'a balancer on Elastic IPs those',
      {
        aws_eip: { a: { count: 2 } },
        ...balancer({ subnet_mapping: [{ allocation_id: 'x' }, { allocation_id: 'y' }] }),
      },
      2,
    ],
    ['a balancer by mappings', balancer({ subnet_mapping: [{ subnet_id: 'x' }, { subnet_id: 'y' }] }), 2],
    [
      'a public database, both of its instances',
      {
        aws_db_instance: {
          a: {
            engine: 'postgres',
            instance_class: 'db.m6g.large',
            allocated_storage: 20,
            multi_az: true,
            publicly_accessible: true,
          },
        },
      },
      2,
    ],
  ])('%s', async (_, resources, expected) => {
    expect(await addresses(resources)).toBeCloseTo(expected, 9);
  });
});

describe('traffic', () => {
  const usage = { producedGb: exactly(100), interZoneGb: exactly(50) };
  const traffic = async (resources: Resources) => {
    const { lines } = await priced(resources, { usage });
    return Object.fromEntries(
      lines.filter((line) => line.purpose === 'Traffic').map((line) => [line.address, line.monthly]),
    );
  };
  const brokers = { aws_instance: { 'kafka_broker-a': { instance_type: 'm6g.large' } } };
  const msk = {
    aws_msk_cluster: {
      kafka: {
        number_of_broker_nodes: 3,
        broker_node_group_info: {
          instance_type: 'kafka.m7g.large',
          storage_info: { ebs_storage_info: { volume_size: 10 } },
        },
      },
    },
  };

  test('Kafka on EC2 pays for two copies of what is produced, out of one zone and into another', async () => {
    expect(await traffic(brokers)).toEqual({ 'usage.interZoneGb': 1, 'usage.producedGb': 100 * 2 * 2 * 0.01 });
  });
  test('Amazon MSK does not', async () => {
    expect(await traffic(msk)).toEqual({ 'usage.interZoneGb': 1 });
  });
  test('machines are brokers by tag, by name, by Name tag', async () => {
    const said: Json[] = [{ component: 'kafka' }, { Name: 'prod-kafka-1' }, { Role: 'broker' }];
    for (const tags of said) {
      expect(await traffic({ aws_instance: { x: { instance_type: 'm6g.large', tags } } })).toHaveProperty([
        'usage.producedGb',
      ]);
    }
    expect(await traffic(instance({}))).not.toHaveProperty(['usage.producedGb']);
  });
  test('where nothing runs nothing crosses zones', async () => {
    expect(await traffic({ aws_vpc: { v: {} } })).toEqual({});
  });
  test('where nothing leads to the internet nothing goes there', async () => {
    const { lines } = await priced(instance({}), { usage: { egressGb: exactly(500) } });
    expect(lines.filter((line) => line.address === 'usage.egressGb')).toEqual([]);
  });
});
