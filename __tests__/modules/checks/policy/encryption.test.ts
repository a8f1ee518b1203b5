import { checkPolicies, POLICIES } from '../../../../modules/checks/policy';
import { resources, type Blocks } from '../project';

const found = async (resource: Blocks, id: string): Promise<string[]> => {
  const policies = POLICIES.filter((one) => one.id === id);
  return checkPolicies(await resources(resource), { today: '2026-11-24', schemas: {} }, policies).map(
    ({ address, attribute }) => `${address} ${attribute}`,
  );
};

test('a machine’s volumes are those of its launch template, and judged there', async () => {
  const from = (name: string) => ({ launch_template: { id: `\${aws_launch_template.${name}.id}` } });
  const root = (encrypted: boolean) => ({ block_device_mappings: [{ ebs: { encrypted } }] });
  expect(
    await found(
      {
        aws_launch_template: { closed: root(true), open: root(false), silent: {} },
        aws_instance: {
          closed: from('closed'),
          open: from('open'),
          silent: from('silent'),
          itself: { ...from('closed'), root_block_device: { volume_size: 9 } },
          none: { launch_template: null },
        },
        aws_launch_configuration: { c: { root_block_device: { encrypted: true } }, d: {} },
      },
      'encryption.volume',
    ),
  ).toEqual([
    'aws_instance.silent root_block_device.encrypted',
    'aws_instance.itself root_block_device.encrypted',
    'aws_instance.none root_block_device.encrypted',
    'aws_launch_template.open block_device_mappings.0.ebs.encrypted',
    'aws_launch_configuration.d root_block_device.encrypted',
  ]);
});

test('what says it in a block is read in the block', async () => {
  expect(
    await found(
      {
        aws_opensearch_domain: {
          none: {},
          off: { encrypt_at_rest: { enabled: 'false' } },
          on: { encrypt_at_rest: [{ enabled: true }] },
        },
        aws_dax_cluster: { none: {}, on: { server_side_encryption: { enabled: true } } },
      },
      'encryption.at-rest',
    ),
  ).toEqual([
    'aws_opensearch_domain.none encrypt_at_rest.enabled',
    'aws_opensearch_domain.off encrypt_at_rest.enabled',
    'aws_dax_cluster.none server_side_encryption.enabled',
  ]);
});
