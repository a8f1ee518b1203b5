import { Unknown, type Value } from '../../../../modules/checks/terraform';
import { resolve, resources } from '../project';

/** The value of one expression, among a few resources, a variable and a local. */
async function valueOf(expression: string): Promise<Value | undefined> {
  const resolved = await resolve({
    main: {
      variable: { size: { default: 'm6g.large' }, secret: {}, nodes: { default: { a: 1, b: 2 } } },
      locals: { base: '${var.size}', list: ['x', 'y'], loop: '${local.loop}' },
      resource: {
        aws_vpc: { v: { cidr_block: '10.0.0.0/16', tags: { Name: '${local.base}-vpc' } } },
        aws_instance: { many: { count: 2, instance_type: '${var.size}', private_ip: '10.0.0.${count.index}' } },
        aws_eip: { each: { for_each: '${toset(["p", "q"])}', tags: { key: '${each.key}' } } },
      },
      output: { it: { value: expression } },
    },
  });
  return resolved.stacks[0]?.outputs.it;
}

describe('what is known before an apply', () => {
  test.each<[string, Value]>([
    ['${var.size}', 'm6g.large'],
    ['x-${local.base}', 'x-m6g.large'],
    ['${aws_vpc.v.cidr_block}', '10.0.0.0/16'],
    ['${aws_vpc.v.tags["Name"]}', 'm6g.large-vpc'],
    ['${aws_vpc.v.tags.Name}', 'm6g.large-vpc'],
    ['${aws_instance.many[1].private_ip}', '10.0.0.1'],
    ['${aws_instance.many[*].private_ip}', ['10.0.0.0', '10.0.0.1']],
    ['${join(",", aws_instance.many.*.private_ip)}', '10.0.0.0,10.0.0.1'],
    ['${aws_eip.each["q"].tags.key}', 'q'],
    ['${length(aws_instance.many)}', 2],
    ['${[for k, one in aws_eip.each : one.tags.key]}', ['p', 'q']],
    ['${length(local.list) > 1 ? upper(local.list[0]) : "none"}', 'X'],
    ['${[for k, v in var.nodes : "${k}${v}" if v > 1]}', ['b2']],
    ['${{for k, v in var.nodes : v => k}}', { 1: 'a', 2: 'b' }],
    ['${jsonencode({"a" = [1, true]})}', '{"a":[1,true]}'],
    ['${merge({"a" = 1}, {"b" = 2})}', { a: 1, b: 2 }],
    ['${1 + 2 * 3}', 7],
    ['${false && var.secret}', false],
    ['plain', 'plain'],
    ['$${kept} ${1}', '${kept} 1'],
  ])('%s', async (expression, value) => expect(await valueOf(expression)).toEqual(value));
});

describe('what only an apply can tell says whose attribute it is', () => {
  test.each([
    ['${aws_vpc.v.id}', '${aws_vpc.v.id}', ['aws_vpc.v.id']],
    ['${aws_vpc.v.arn}/*', '${aws_vpc.v.arn}/*', ['aws_vpc.v.arn']],
    ['${aws_instance.many[0].id}', '${aws_instance.many[0].id}', ['aws_instance.many.id']],
    ['${upper(aws_vpc.v.id)}', '${upper(aws_vpc.v.id)}', ['aws_vpc.v.id']],
    ['${var.secret}', '${var.secret}', []],
    ['${local.loop}', '${local.loop}', []],
    ['${jsonencode({"r" = aws_vpc.v.arn})}', '{"r":"${aws_vpc.v.arn}"}', ['aws_vpc.v.arn']],
  ])('%s', async (expression, text, references) => {
    const value = (await valueOf(expression)) as Unknown;
    expect(value).toBeInstanceOf(Unknown);
    expect(value.text).toBe(text);
    expect(value.references.map(({ resource, path }) => [resource.address, ...path].join('.'))).toEqual(references);
  });
});

test('references are followed through the remote state of another stack', async () => {
  const resolved = await resolve({
    network: {
      terraform: { backend: { local: { path: '../../../.state/network.tfstate' } } },
      resource: { aws_subnet: { a: { cidr_block: '10.0.1.0/24' } } },
      output: { id: { value: '${aws_subnet.a.id}' }, cidr: { value: '${aws_subnet.a.cidr_block}' } },
    },
    nodes: {
      data: {
        terraform_remote_state: { n: { backend: 'local', config: { path: '../../../.state/network.tfstate' } } },
      },
      resource: {
        aws_instance: {
          x: {
            subnet_id: '${data.terraform_remote_state.n.outputs.id}',
            private_ip: '${data.terraform_remote_state.n.outputs.cidr}',
          },
        },
      },
    },
  });
  const { values } = resolved.ofType('aws_instance')[0] ?? {};
  expect((values?.subnet_id as Unknown).reference).toMatchObject({
    resource: { address: 'aws_subnet.a', stack: 'network' },
    path: ['id'],
  });
  expect(values?.private_ip).toBe('10.0.1.0/24');
});

describe('copies', () => {
  test('count, for_each and dynamic blocks are written out', async () => {
    const resolved = await resources({
      aws_instance: { n: { count: '${1 + 1}', instance_type: 'm6g.large' } },
      aws_security_group: {
        g: {
          for_each: { web: 80, db: 5432 },
          ingress: { from_port: 22 },
          dynamic: { ingress: { for_each: [1, 2], content: { from_port: '${ingress.value + each.value}' } } },
        },
      },
    });
    expect(resolved.instances.map(({ address }) => address)).toEqual([
      'aws_instance.n[0]',
      'aws_instance.n[1]',
      'aws_security_group.g["web"]',
      'aws_security_group.g["db"]',
    ]);
    expect(resolved.ofType('aws_security_group')[1]?.values.ingress).toEqual([
      { from_port: 22 },
      { from_port: 5433 },
      { from_port: 5434 },
    ]);
  });

  test('a number known only at apply stays unknown', async () => {
    const resolved = await resources({ aws_vpc: { v: {} }, aws_eip: { e: { count: '${length(aws_vpc.v.id)}' } } });
    expect(resolved.stacks[0]?.resources[1]?.count).toBeInstanceOf(Unknown);
    expect(resolved.ofType('aws_eip').map(({ address }) => address)).toEqual(['aws_eip.e[*]']);
  });
});

test('what is null is not given, in blocks too, and a variable may be null', async () => {
  const resolved = await resolve({
    main: {
      variable: { source: { default: null } },
      resource: {
        aws_db_instance: {
          d: { replicate_source_db: '${var.source}', restore: [{ time: null, days: 1 }], tags: ['a', null] },
        },
        aws_eip: { e: { domain: '${var.source == null ? "vpc" : "x"}' } },
      },
    },
  });
  expect(resolved.ofType('aws_db_instance')[0]?.values).toEqual({ restore: [{ days: 1 }], tags: ['a', null] });
  expect(resolved.ofType('aws_eip')[0]?.values).toEqual({ domain: 'vpc' });
});

test('what is no number is none after it was reckoned with', async () => {
  const resolved = await resolve({
    main: {
      variable: { none: { default: null }, word: { default: 'many' } },
      resource: {
        aws_eip: { a: { a: '${var.none + 1}', b: '${var.word * 2}', c: '${1 / 0}', d: '${var.none ? 1 : 2}' } },
      },
    },
  });
  for (const value of Object.values(resolved.ofType('aws_eip')[0]?.values ?? {})) expect(value).toBeInstanceOf(Unknown);
});

test('the region is the resource’s own, else its provider’s', async () => {
  const resolved = await resolve({
    main: {
      provider: { aws: [{ region: 'us-east-2' }, { alias: 'east', region: 'us-east-1' }] },
      resource: { aws_eip: { a: {}, b: { provider: 'aws.east' }, c: { region: 'us-west-2' } } },
    },
  });
  expect(resolved.instances.map(({ resource }) => resolved.region(resource))).toEqual([
    'us-east-2',
    'us-east-1',
    'us-west-2',
  ]);
});
