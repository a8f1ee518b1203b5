import { loadTerraform, resolveProject } from '../../../modules/checks/terraform';
import { platformMap } from '../../../modules/report/platform-map';
import { element, text } from '../../../modules/report/svg';

const subnet = (segment: string, tier: string, zone: string, cidr: string) => ({
  vpc_id: 'vpc-1',
  cidr_block: cidr,
  availability_zone_id: zone,
  tags: { segment, tier },
});

async function draw(resource: object): Promise<string | undefined> {
  const files = new Map([['main.tf.json', JSON.stringify({ resource })]]);
  return platformMap(await resolveProject(loadTerraform(files)));
}

const SUBNETS = {
  b: subnet('data', 'private', 'z2', '10.0.1.0/24'),
  a: subnet('data', 'private', 'z1', '10.0.0.0/24'),
  edge: subnet('entry', 'public', 'z1', '10.0.9.0/24'),
};

/** The words on the picture, in the order in which they are drawn. */
const words = (svg: string | undefined) =>
  [...(svg ?? '').matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, one]) => one);

test('zones are columns, segments are bands in the order of their addresses', async () => {
  expect(words(await draw({ aws_subnet: SUBNETS }))).toEqual([
    ...['z1', 'z2'],
    ...['data', 'private', '10.0.1.0/24', '10.0.0.0/24'],
    ...['entry', 'public', '10.0.9.0/24'],
  ]);
});

test('what stands in a subnet is found through interfaces and subnet groups', async () => {
  const svg = await draw({
    aws_subnet: SUBNETS,
    aws_network_interface: { eni: { subnet_id: '${aws_subnet.a.id}' } },
    aws_instance: {
      broker: {
        instance_type: 'm6g.large',
        tags: { Name: 'kafka-1' },
        network_interface: { device_index: 0, network_interface_id: '${aws_network_interface.eni.id}' },
      },
    },
    aws_db_subnet_group: { db: { name: 'db', subnet_ids: ['${aws_subnet.a.id}', '${aws_subnet.b.id}'] } },
    aws_db_instance: { db: { instance_class: 'db.m6g.large', multi_az: true, db_subnet_group_name: 'db' } },
  });
  expect(words(svg).filter((one) => one === 'kafka-1 m6g.large')).toHaveLength(1);
  expect(words(svg).filter((one) => one?.startsWith('PostgreSQL db.m6g.large, two'))).toHaveLength(2);
});

test('subnets that do not say their segment give no picture', async () => {
  expect(await draw({ aws_subnet: { a: { vpc_id: 'vpc-1', cidr_block: '10.0.0.0/24' } } })).toBeUndefined();
});

test('a name that looks like markup is text', () => {
  expect(element('text', { x: '"' }, [text('<script>')])).toBe('<text x="&quot;">&lt;script&gt;</text>');
});
