/** Forms that cdktf does not write and people do. */
import { filesOf, type Blocks } from '../project';
import { link } from './link';

const faults = async (main: Blocks): Promise<string[]> =>
  (await link(filesOf({ main })))
    .filter(({ severity }) => severity !== 'info')
    .map(({ id, address, attribute }) => `${id} ${address} ${attribute}`);

const group = (more: Blocks) => ({ resource: { aws_security_group: { g: { name: 'g', ...more } } } });

describe('dynamic blocks', () => {
  test('the iterator is a name inside, by its label or as it is called', async () => {
    const instance = (dynamic: unknown) => ({
      resource: { aws_instance: { i: { instance_type: 'm6g.large', dynamic } } },
    });
    const content = { device_name: '${ebs_block_device.value.name}', volume_size: '${ebs_block_device.key}' };
    expect(await faults(instance({ ebs_block_device: { for_each: [1], content } }))).toEqual([]);
    const renamed = { device_name: '${disk.value}' };
    expect(
      await faults(instance([{ ebs_block_device: [{ for_each: [1], iterator: 'disk', content: [renamed] }] }])),
    ).toEqual([]);
    expect(await faults(instance({ ebs_block_device: { for_each: [1], content: renamed } }))).toEqual([
      'reference.undeclared aws_instance.i dynamic.ebs_block_device.content.device_name',
    ]);
  });

  test('what they make is held to the schema', async () => {
    const instance = (label: string, content: unknown) => ({
      resource: { aws_instance: { i: { dynamic: { [label]: { for_each: [1], content } } } } },
    });
    expect(await faults(instance('ebs_block_devise', {}))).toEqual([
      'reference.unknown-argument aws_instance.i dynamic.ebs_block_devise.content',
    ]);
    expect(await faults(instance('ebs_block_device', { volume_sise: 1, device_name: 'x' }))).toEqual([
      'reference.unknown-argument aws_instance.i dynamic.ebs_block_device.content.volume_sise',
    ]);
  });

  test('rules of a group are an attribute by schema and a block by habit', async () => {
    const content = {
      from_port: '${ingress.value}',
      to_port: '${ingress.value}',
      protocol: 'tcp',
      cidr_blocks: ['10.0.0.0/8'],
    };
    expect(await faults(group({ dynamic: { ingress: { for_each: [80], content } } }))).toEqual([]);
  });
});

test('blocks as objects, as lists, and with labels in lists', async () => {
  const ingress = { from_port: 1, to_port: 2, protocol: 'tcp' };
  expect(await faults(group({ ingress }))).toEqual([]);
  expect(await faults(group({ ingress: [ingress, ingress] }))).toEqual([]);
  expect(await faults({ resource: [{ aws_security_group: [{ g: [{ name: 'g' }] }] }] } as unknown as Blocks)).toEqual(
    [],
  );
});

test('variables, locals, modules, counts and loops', async () => {
  expect(
    await faults({
      variable: { names: { default: ['a'] } },
      locals: { first: '${var.names[0]}', map: { a: 1 } },
      module: { m: { source: './m', name: '${local.first}', providers: { aws: 'aws.east' } } },
      resource: {
        aws_vpc: { v: { count: 2, cidr_block: '10.${count.index}.0.0/16' } },
        aws_subnet: {
          s: {
            for_each: '${toset(var.names)}',
            vpc_id: '${aws_vpc.v[0].id}',
            cidr_block: '${cidrsubnet(aws_vpc.v[0].cidr_block, 8, 1)}',
            tags: { Name: '${each.key}-${module.m.id}' },
          },
        },
      },
      output: {
        ids: { value: '${[for s in aws_subnet.s : s.id]}' },
        one: { value: '${aws_subnet.s["a"].arn}' },
        all: { value: '${aws_vpc.v[*].id}' },
        maybe: { value: '${try(aws_vpc.v[5].nothing, null)}' },
        zip: { value: '${{for k, v in local.map : k => v if v > 0}}' },
      },
    }),
  ).toEqual([]);
});

test('an argument that only the provider sets may be null by its variable', async () => {
  const vpc = (arn: string) => ({ variable: { arn: { default: null } }, resource: { aws_vpc: { v: { arn } } } });
  expect(await faults(vpc('${var.arn}'))).toEqual([]);
  expect(await faults(vpc('arn:aws:ec2:…'))).toEqual(['reference.computed-only aws_vpc.v arn']);
});

test('each and count are there where for_each and count are, and in their conditions; what Terraform has itself by its names', async () => {
  const key = (more: Blocks) => ({ resource: { aws_kms_key: { k: more } } });
  expect(
    await faults({
      resource: {
        aws_kms_key: {
          each: {
            for_each: { a: 1 },
            description: '${each.key}',
            provisioner: { x: { y: '${each.value} ${self.id}' } },
          },
          count: {
            count: 2,
            description: '${count.index} ${path.module} ${terraform.workspace}',
            lifecycle: { precondition: [{ condition: '${count.index == 0}', error_message: 'x' }] },
          },
        },
      },
      module: { m: { source: './m', for_each: { a: 1 }, name: '${each.key}' } },
      data: { aws_ami: { a: { count: 1, owners: ['${count.index}'] } } },
    }),
  ).toEqual([]);
  expect(await faults(key({ description: '${each.key}' }))).toEqual(['reference.undeclared aws_kms_key.k description']);
  expect(await faults(key({ for_each: { a: 1 }, description: '${count.index}' }))).toEqual([
    'reference.undeclared aws_kms_key.k description',
  ]);
  expect(await faults(key({ count: '${count.index}' }))).toEqual(['reference.undeclared aws_kms_key.k 0']);
  expect(await faults({ output: { o: { value: '${each.value}' } } })).toEqual(['reference.undeclared output.o ']);
  expect(await faults({ output: { o: { value: '${path.modul}' } } })).toEqual([
    'reference.no-such-attribute output.o ',
  ]);
  expect(await faults(key({ count: 1, description: '${count.indx}' }))).toEqual([
    'reference.no-such-attribute aws_kms_key.k description',
  ]);
  expect(
    await faults(
      key({ lifecycle: [{ postcondition: [{ condition: '${aws_vpc.gone.id == 1}', error_message: 'x' }] }] }),
    ),
  ).toEqual(['reference.undeclared aws_kms_key.k 0.0.condition']);
});

test('a set of what the same apply has yet to make has no keys', async () => {
  const eip = (of: string) => ({
    data: { aws_vpc: { v: {} } },
    resource: { aws_vpc: { v: {} }, aws_eip: { e: { for_each: `\${toset([${of}])}` } } },
  });
  expect(await faults(eip('aws_vpc.v.id'))).toEqual(['reference.count-unknown aws_eip.e for_each']);
  expect(await faults(eip('"a", data.aws_vpc.v.id'))).toEqual([]);
});

test('what a check asserts is read', async () => {
  const health = (condition: string) => ({ check: { health: { assert: [{ condition, error_message: 'x' }] } } });
  expect(await faults(health('${aws_eip.gone.id != ""}'))).toEqual(['reference.undeclared check.health 0.condition']);
  expect(await faults(health('${path.module != ""}'))).toEqual([]);
});
