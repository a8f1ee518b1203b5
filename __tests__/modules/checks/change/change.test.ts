import { schemasInUse } from '../../../../cli/provider-schema';
import { check, loadTerraform } from '../../../../modules/checks';
import {
  changesBetween,
  REPLACEMENT,
  type Action,
  type Change,
  type Effect,
  type Synth,
} from '../../../../modules/checks/change';
import { estimate } from '../../../../modules/checks/cost';
import { edited, platformOf, PLATFORM_YAML, synthesizedFiles, TODAY, type Mutable } from '../clean-platform';

let clean: ReadonlyMap<string, string>;
let before: Synth;

beforeAll(async () => {
  clean = await synthesizedFiles();
  before = await synth(clean);
}, 60_000);

async function synth(files: ReadonlyMap<string, string>): Promise<Synth> {
  const project = loadTerraform(files);
  const { resolved, findings } = await check({ project, ...schemasInUse(project), today: TODAY });
  const monthly = new Map<string, number>();
  for (const line of estimate(resolved, { usage: platformOf(PLATFORM_YAML).usage, today: TODAY }).lines) {
    const key = `${line.stack}/${line.address}`;
    monthly.set(key, (monthly.get(key) ?? 0) + line.monthly);
  }
  return { resolved, findings, monthly };
}

const changes = async (stack: string, edit: (json: Mutable) => void): Promise<Change[]> =>
  changesBetween(before, await synth(edited(clean, stack, edit)));

const of = (list: readonly Change[], address: string): Change | undefined =>
  list.find((one) => one.address === address);

test('the same platform twice: nothing changes', () => {
  expect(changesBetween(before, before)).toEqual([]);
});

/** One edit each, the resource to look at, and what must be said of it. */
type Case = [
  name: string,
  stack: string,
  edit: (json: Mutable) => void,
  address: string,
  action: Action,
  effects: Effect[],
];

const database = (json: Mutable) => json.resource.aws_db_instance.postgres;
const volume = (json: Mutable) => json.resource.aws_ebs_volume.kafka_1_data;
const machine = (json: Mutable) => json.resource.aws_instance['svc-1'];
const group = (json: Mutable) => json.resource.aws_eks_node_group['nodes_zone-a'];
const cluster = (json: Mutable) => json.resource.aws_eks_cluster.eks;
const rule = (json: Mutable) =>
  json.resource.aws_vpc_security_group_ingress_rule['groups_nodes-production-to-postgres-5432-in'];
const RULE = 'aws_vpc_security_group_ingress_rule.groups_nodes-production-to-postgres-5432-in';

const CASES: Case[] = [
  ['a tag', 'data', (json) => (volume(json).tags.Name = 'x'), 'aws_ebs_volume.kafka_1_data', 'update', []],
  [
    'a larger database',
    'data',
    (json) => (database(json).instance_class = 'db.m6g.xlarge'),
    'aws_db_instance.postgres',
    'update',
    [],
  ],
  [
    'a database of another name',
    'data',
    (json) => (database(json).db_name = 'other'),
    'aws_db_instance.postgres',
    'replace',
    ['data-loss', 'readdress'],
  ],
  [
    'a database without encryption',
    'data',
    (json) => (database(json).storage_encrypted = false),
    'aws_db_instance.postgres',
    'replace',
    ['data-loss', 'readdress'],
  ],
  [
    'a database taken out',
    'data',
    (json) => delete json.resource.aws_db_instance,
    'aws_db_instance.postgres',
    'delete',
    ['data-loss', 'readdress'],
  ],
  [
    'a database without backups',
    'data',
    (json) => (database(json).backup_retention_period = 0),
    'aws_db_instance.postgres',
    'update',
    ['data-loss'],
  ],
  [
    'a public database',
    'data',
    (json) => (database(json).publicly_accessible = true),
    'aws_db_instance.postgres',
    'update',
    ['exposure'],
  ],
  [
    'another identifier',
    'data',
    (json) => (database(json).identifier = 'x'),
    'aws_db_instance.postgres',
    'update',
    ['readdress'],
  ],
  ['a larger volume', 'data', (json) => (volume(json).size = 200), 'aws_ebs_volume.kafka_1_data', 'update', []],
  [
    'a volume with another key',
    'data',
    (json) => (volume(json).kms_key_id = 'arn:aws:kms:…'),
    'aws_ebs_volume.kafka_1_data',
    'replace',
    ['data-loss'],
  ],
  [
    'what hangs on a replaced volume',
    'data',
    (json) => (volume(json).kms_key_id = 'arn:aws:kms:…'),
    'aws_volume_attachment.kafka_1_attachment',
    'replace',
    [],
  ],
  [
    'a machine of another size',
    'nodes',
    (json) => (machine(json).instance_type = 'm6g.xlarge'),
    'aws_instance.svc-1',
    'update',
    [],
  ],
  [
    'a machine with another image',
    'nodes',
    (json) => ((machine(json).ami = 'ami-2'), delete machine(json).lifecycle),
    'aws_instance.svc-1',
    'replace',
    ['readdress'],
  ],
  [
    'an image whose changes are ignored',
    'data',
    (json) => (
      (json.resource.aws_instance.kafka_1_machine.ami = 'ami-2'),
      (json.resource.aws_instance.kafka_1_machine.tags.Name = 'x')
    ),
    'aws_instance.kafka_1_machine',
    'update',
    [],
  ],
  [
    'more nodes',
    'cluster',
    (json) => (group(json).scaling_config.max_size = 5),
    'aws_eks_node_group.nodes_zone-a',
    'update',
    [],
  ],
  [
    'nodes of another type',
    'cluster',
    (json) => (group(json).instance_types = ['m7g.large']),
    'aws_eks_node_group.nodes_zone-a',
    'replace',
    [],
  ],
  [
    'another version of Kubernetes',
    'cluster',
    (json) => (cluster(json).version = '1.35'),
    'aws_eks_cluster.eks',
    'update',
    [],
  ],
  [
    'other service addresses',
    'cluster',
    (json) => (cluster(json).kubernetes_network_config.service_ipv4_cidr = '172.21.0.0/16'),
    'aws_eks_cluster.eks',
    'replace',
    ['readdress'],
  ],
  [
    'encryption taken off the cluster',
    'cluster',
    (json) => delete cluster(json).encryption_config,
    'aws_eks_cluster.eks',
    'replace',
    ['readdress'],
  ],
  [
    'a public Kubernetes API',
    'cluster',
    (json) => (cluster(json).vpc_config.endpoint_public_access = true),
    'aws_eks_cluster.eks',
    'update',
    ['exposure'],
  ],
  [
    'a Kubernetes API for one address',
    'cluster',
    (json) =>
      Object.assign(cluster(json).vpc_config, {
        endpoint_public_access: true,
        public_access_cidrs: ['203.0.113.7/32'],
      }),
    'aws_eks_cluster.eks',
    'update',
    ['exposure'],
  ],
  [
    'a load balancer turned inward',
    'cluster',
    (json) => (json.resource.aws_lb.entry.internal = true),
    'aws_lb.entry',
    'replace',
    ['readdress'],
  ],
  [
    'a rule for a private block',
    'network',
    (json) => Object.assign(rule(json), { cidr_ipv4: '10.100.0.0/19', referenced_security_group_id: undefined }),
    RULE,
    'replace',
    [],
  ],
  [
    'a rule for somebody outside',
    'network',
    (json) => Object.assign(rule(json), { cidr_ipv4: '203.0.113.0/24', referenced_security_group_id: undefined }),
    RULE,
    'replace',
    ['exposure'],
  ],
  [
    'another port',
    'network',
    (json) => Object.assign(rule(json), { from_port: 5433, to_port: 5433 }),
    RULE,
    'update',
    [],
  ],
  [
    'a new rule for the world',
    'network',
    (json) =>
      (json.resource.aws_vpc_security_group_ingress_rule.new = {
        security_group_id: '${aws_security_group.groups_kafka.id}',
        ip_protocol: 'tcp',
        from_port: 22,
        to_port: 22,
        cidr_ipv4: '0.0.0.0/0',
      }),
    'aws_vpc_security_group_ingress_rule.new',
    'create',
    ['exposure'],
  ],
  [
    'a subnet of another size',
    'network',
    (json) => (json.resource.aws_subnet['subnets_kubernetes-private-a'].cidr_block = '10.100.4.0/22'),
    'aws_subnet.subnets_kubernetes-private-a',
    'replace',
    ['readdress'],
  ],
  [
    'nodes in a replaced subnet, one stack further',
    'network',
    (json) => (json.resource.aws_subnet['subnets_kubernetes-private-a'].cidr_block = '10.100.4.0/22'),
    'aws_eks_node_group.nodes_zone-a',
    'replace',
    [],
  ],
  [
    'a key taken out',
    'network',
    (json) => delete json.resource.aws_kms_key,
    'aws_kms_key.key',
    'delete',
    ['data-loss'],
  ],
  [
    'a bucket whose guard is lowered',
    'network',
    (json) =>
      (json.resource.aws_s3_bucket_public_access_block[
        'rejected-traffic_bucket_bucket_public-access'
      ].block_public_policy = false),
    'aws_s3_bucket.rejected-traffic_bucket_bucket',
    'update',
    ['exposure'],
  ],
  [
    'another Helm chart',
    'gitops',
    (json) => (json.resource.helm_release.argocd.version = '11.0.0'),
    'helm_release.argocd',
    'update',
    [],
  ],
  [
    'another namespace',
    'gitops',
    (json) => (json.resource.helm_release.argocd.namespace = 'cd'),
    'helm_release.argocd',
    'replace',
    [],
  ],
];

test.each(CASES)('%s', async (_, stack, edit, address, action, effects) => {
  const list = await changes(stack, edit);
  const change = of(list, address);
  expect(change ?? list.map((one) => one.address)).toMatchObject({ address, action });
  expect(change?.effects).toEqual(effects);
});

test('a zone that stays the same across stacks moves no volume', async () => {
  const list = await changes(
    'network',
    (json) => (json.resource.aws_subnet['subnets_kubernetes-private-a'].cidr_block = '10.100.4.0/22'),
  );
  expect(list.filter(({ type }) => type === 'aws_ebs_volume')).toEqual([]);
});

test('a replacement names the argument and the file of the provider that force it, and what Terraform will refuse', async () => {
  const change = of(await changes('data', (json) => (volume(json).encrypted = false)), 'aws_ebs_volume.kafka_1_data');
  expect(change).toMatchObject({ forcedBy: ['encrypted (ec2/ebs_volume.go)'], refused: true });
});

test('the price of a change is the price of what it makes less that of what it takes', async () => {
  const list = await changes('data', (json) => (volume(json).size = 200));
  const [one] = list;
  expect(list).toHaveLength(1);
  // 100 GB of gp3 at 0.08 USD in us-east-2: ../../../../modules/catalog/data/services.json.
  expect(one?.monthlyDelta).toBeCloseTo(8, 2);
});

describe('renames', () => {
  const rename = (moved: boolean) => (json: Mutable) => {
    json.resource.aws_ebs_volume.renamed = volume(json);
    delete json.resource.aws_ebs_volume.kafka_1_data;
    if (moved) json.moved = [{ from: 'aws_ebs_volume.kafka_1_data', to: 'aws_ebs_volume.renamed' }];
  };

  test('without a moved block it is destroyed and made, and the way out is named', async () => {
    const list = await changes('data', rename(false));
    expect(of(list, 'aws_ebs_volume.kafka_1_data')).toMatchObject({ action: 'delete', effects: ['data-loss'] });
    expect(of(list, 'aws_ebs_volume.renamed')).toMatchObject({
      action: 'create',
      hint: 'looks like aws_ebs_volume.kafka_1_data renamed: a moved block keeps it',
    });
  });

  test('with a moved block nothing is destroyed', async () => {
    const list = await changes('data', rename(true));
    expect(list.filter(({ type }) => type === 'aws_ebs_volume')).toMatchObject([
      { address: 'aws_ebs_volume.renamed', action: 'update', effects: [] },
    ]);
  });

  test('moved blocks lead from one to the next, and may be written as HCL has them', async () => {
    const chain = [
      { from: 'aws_ebs_volume.kafka_1_data', to: 'aws_ebs_volume.for_a_while' },
      { from: '${aws_ebs_volume.for_a_while}', to: '${aws_ebs_volume.renamed}' },
    ];
    const list = await changes('data', (json) => {
      rename(false)(json);
      json.moved = chain;
    });
    expect(list.filter(({ type }) => type === 'aws_ebs_volume')).toMatchObject([
      { address: 'aws_ebs_volume.renamed', action: 'update', hint: 'moved from aws_ebs_volume.kafka_1_data' },
    ]);
  });

  test('what was open before it moved is not opened by the move', async () => {
    const open = (name: string) => ({ resource: { aws_s3_bucket: { [name]: { bucket: 'logs' } } } });
    const of = (json: object) => synth(new Map([['main.tf.json', JSON.stringify(json)]]));
    const moved = { ...open('b'), moved: [{ from: 'aws_s3_bucket.a', to: 'aws_s3_bucket.b' }] };
    const [old, now] = [await of(open('a')), await of(moved)];
    expect(old.findings.map(({ id }) => id)).toContain('exposure.bucket');
    expect(changesBetween(old, now)).toMatchObject([{ address: 'aws_s3_bucket.b', action: 'update', effects: [] }]);
  });
});

test('what a removed block leaves standing is not destroyed', async () => {
  const of = (json: object) => synth(new Map([['main.tf.json', JSON.stringify(json)]]));
  const volume = await of({ resource: { aws_ebs_volume: { d: { count: 2, size: 1 } } } });
  const removed = (destroy: boolean) => of({ removed: [{ from: 'aws_ebs_volume.d', lifecycle: [{ destroy }] }] });
  expect(changesBetween(volume, await removed(false))).toEqual([]);
  expect(changesBetween(volume, await removed(true)).map(({ effects }) => effects)).toEqual([
    ['data-loss'],
    ['data-loss'],
  ]);
});

test('another region makes everything anew, whether the provider says so or the resource', async () => {
  const of = (provider: string, region?: string) =>
    synth(
      new Map([
        [
          'main.tf.json',
          JSON.stringify({
            provider: { aws: { region: provider } },
            resource: { aws_ebs_volume: { d: { size: 1, region } }, aws_iam_role: { r: { name: 'r' } } },
          }),
        ],
      ]),
    );
  const moved = changesBetween(await of('us-east-2'), await of('us-west-2'));
  expect(moved).toMatchObject([
    {
      address: 'aws_ebs_volume.d',
      action: 'replace',
      attributes: ['region'],
      effects: ['data-loss'],
      forcedBy: ['region: from us-east-2 to us-west-2'],
    },
  ]);
  expect(changesBetween(await of('us-east-2'), await of('us-east-2', 'us-west-2'))).toMatchObject(moved);
});

describe('copies', () => {
  const count = (value: unknown) => (json: Mutable) => (json.resource.aws_eip['routing_nat-a-address'].count = value);

  test('count taken on or off leaves the first, as Terraform has it; for_each does not', async () => {
    const keyed = (json: Mutable) => (json.resource.aws_eip['routing_nat-a-address'].for_each = { a: 'a' });
    const [one, two, each] = await Promise.all(
      [count(undefined), count(2), keyed].map((edit) => synth(edited(clean, 'network', edit))),
    );
    const eips = (list: readonly Change[]) =>
      list
        .filter(({ type }) => type === 'aws_eip')
        .map(({ address, action, hint = '' }) => [action, address.replace(/^aws_eip.routing_nat-a-address/, ''), hint]);
    const from = (copy: string) => `moved from aws_eip.routing_nat-a-address${copy}`;
    expect(eips(changesBetween(one!, two!))).toEqual([
      ['update', '[0]', from('')],
      ['create', '[1]', ''],
    ]);
    expect(eips(changesBetween(two!, one!))).toEqual([
      ['update', '', from('[0]')],
      ['delete', '[1]', ''],
    ]);
    expect(eips(changesBetween(one!, each!)).map(([action, copy]) => [action, copy])).toEqual([
      ['delete', ''],
      ['create', '["a"]'],
    ]);
  });

  test('one more copy is made, the others stay', async () => {
    const two = await synth(edited(clean, 'network', count(2)));
    const three = await synth(edited(clean, 'network', count(3)));
    const eips = (list: readonly Change[]) =>
      list.filter(({ type }) => type === 'aws_eip').map(({ address, action }) => `${action} ${address}`);
    expect(eips(changesBetween(two, three))).toEqual(['create aws_eip.routing_nat-a-address[2]']);
    expect(eips(changesBetween(three, two))).toEqual(['delete aws_eip.routing_nat-a-address[2]']);
  });
});

test('there is a replacement rule for every type that the platform has', () => {
  const types = new Set(before.resolved.instances.map(({ resource }) => resource.type));
  expect([...types].filter((type) => !(type in REPLACEMENT))).toEqual([]);
});
