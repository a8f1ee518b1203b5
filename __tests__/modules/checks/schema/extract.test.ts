import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readSchema } from '../../../../cli/provider-schema';
import { bindingOf, type BlockSchema, type CtyType } from '../../../../modules/checks/schema';

const schema = (type: string, provider = 'aws'): BlockSchema => readSchema(provider, 'resource', type) as BlockSchema;

/** What Terraform's own documentation says of these: https://registry.terraform.io/providers/hashicorp/aws/6.25.0/docs */
describe('flags and types', () => {
  test.each<[string, string, object]>([
    ['aws_vpc', 'cidr_block', { type: 'string', optional: true, computed: true }],
    ['aws_vpc', 'arn', { type: 'string', computed: true }],
    ['aws_vpc', 'tags', { type: ['map', 'string'], optional: true }],
    ['aws_eks_cluster', 'role_arn', { type: 'string', required: true }],
    ['aws_eks_cluster', 'enabled_cluster_log_types', { type: ['set', 'string'], optional: true }],
    [
      'aws_eks_cluster',
      'identity',
      { type: ['list', ['object', { oidc: ['list', ['object', { issuer: 'string' }]] }]], computed: true },
    ],
    ['aws_db_instance', 'allocated_storage', { type: 'number', optional: true, computed: true }],
    ['aws_instance', 'ebs_optimized', { type: 'bool', optional: true, computed: true }],
  ])('%s.%s', (type, attribute, expected) => expect(schema(type).attributes[attribute]).toEqual(expected));
});

describe('blocks', () => {
  test('one that must be given, and once', () => {
    expect(schema('aws_eks_cluster').block_types.vpc_config).toMatchObject({
      nesting_mode: 'list',
      min_items: 1,
      max_items: 1,
    });
  });
  test('a set of any number', () => {
    const { nesting_mode, max_items } = schema('aws_instance').block_types.ebs_block_device ?? {};
    expect([nesting_mode, max_items]).toEqual(['set', undefined]);
  });
  test('timeouts, whose flags are its arguments’ and not its own', () => {
    expect(schema('aws_vpc_endpoint').block_types.timeouts).toEqual({
      nesting_mode: 'single',
      block: {
        attributes: {
          create: { type: 'string', optional: true },
          delete: { type: 'string', optional: true },
          update: { type: 'string', optional: true },
        },
        block_types: {},
      },
    });
  });
  test('rules of a security group are an attribute of objects, not a block', () => {
    const { attributes, block_types } = schema('aws_security_group');
    expect(block_types.ingress).toBeUndefined();
    expect(attributes.ingress?.type?.[0]).toBe('set');
  });
  test('helm nests attributes, since it speaks protocol 6', () => {
    expect(readSchema('helm', 'provider', '')?.attributes.kubernetes?.nested_type?.nesting_mode).toBe('single');
    expect(schema('helm_release', 'helm').attributes.set?.nested_type?.nesting_mode).toBe('list');
  });
});

describe('all of the AWS provider', () => {
  const lib = join(dirname(require.resolve('@cdktf/provider-aws/package.json')), 'lib');
  const folders = readdirSync(lib, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const types = folders
    .map(({ name }) => name)
    .filter((name) => name !== 'provider')
    .map((name) =>
      name.startsWith('data-aws-')
        ? (['data', `aws_${name.slice(9).replaceAll('-', '_')}`] as const)
        : (['resource', `aws_${name.replaceAll('-', '_')}`] as const),
    );

  const dynamics = (type: CtyType | undefined): boolean =>
    typeof type === 'string'
      ? type === 'dynamic'
      : type !== undefined && (type[0] === 'object' ? Object.values(type[1]).some(dynamics) : dynamics(type[1]));
  function count(block: BlockSchema, tally: Record<string, number>): void {
    for (const { required, optional, computed, type } of Object.values(block.attributes)) {
      const kind = required
        ? 'required'
        : optional && computed
          ? 'optional and computed'
          : optional
            ? 'optional'
            : computed
              ? 'computed'
              : 'without a flag';
      tally[kind] = (tally[kind] ?? 0) + 1;
      if (dynamics(type)) tally.dynamic = (tally.dynamic ?? 0) + 1;
    }
    for (const { block: inner } of Object.values(block.block_types)) count(inner, tally);
  }

  test('every type is read, every argument has its flags, and next to none is of unknown type', () => {
    const tally: Record<string, number> = {};
    const missing = types.filter(([kind, type]) => {
      const block = readSchema('aws', kind, type);
      if (block !== undefined) count(block, tally);
      return block === undefined;
    });
    expect(missing).toEqual([]);
    expect(types).toHaveLength(2211);
    expect(tally['without a flag']).toBeUndefined();
    // The recursive trees that cdktf itself turns into `any`: QuickSight's definitions and WAF's statements.
    expect(tally.dynamic).toBe(6);
  }, 60_000);

  test('each lies where its name says', () => {
    const names = new Set(folders.map(({ name }) => `lib/${name}`));
    expect(types.filter(([kind, type]) => !names.has(bindingOf(kind, type)))).toEqual([]);
  });
});
