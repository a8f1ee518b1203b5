/** Silence is an error: whatever a resource says, it becomes a line or a failure, and pricing never breaks. */
import fc from 'fast-check';
import { FREE_TYPES, PRICERS } from '../../../../modules/checks/cost/pricers';
import { loadTerraform, resolveProject, type Json } from '../../../../modules/checks/terraform';
import { estimate } from '../../../../modules/checks/cost';
import { NO_USAGE, TODAY } from './project';

const TYPES = [...PRICERS.keys()].filter((type) => !FREE_TYPES.has(type));
/** Arguments that pricers read, so that random bodies reach their code. */
const NAMES = (
  'instance_type instance_class engine engine_version version size type iops throughput volume_size volume_type multi_az subnets ' +
  'root_block_device ebs_block_device launch_template scaling_config desired_size instance_types capacity_type subnet_mapping ' +
  'number_of_broker_nodes broker_node_group_info storage_info ebs_storage_info allocated_storage storage_type load_balancer_type ' +
  'internal vpc_endpoint_type subnet_ids retention_in_days log_destination_type period tags min_size block_device_mappings ebs'
).split(' ');

const scalar = fc.oneof(
  fc.constantFrom<Json>(
    null,
    true,
    false,
    'gp3',
    'io2',
    'm6g.large',
    't3.micro',
    'db.m6g.large',
    'postgres',
    '17',
    '1.36',
    '${var.x}',
  ),
  fc.integer({ min: -5, max: 5000 }),
  fc.string({ maxLength: 4 }),
);
const body = fc.letrec<{ value: Json; object: Json }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    scalar,
    tie('object'),
    fc.array(tie('value') as fc.Arbitrary<Json>, { maxLength: 3 }),
  ),
  object: fc.dictionary(fc.constantFrom(...NAMES), tie('value'), { maxKeys: 6 }) as fc.Arbitrary<Json>,
})).object;

test('every resource is accounted for', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...TYPES),
      body,
      fc.constantFrom('us-east-2', 'mx-central-1', 'eu-west-1'),
      async (type, args, region) => {
        const files = new Map([
          ['main.tf.json', JSON.stringify({ provider: { aws: { region } }, resource: { [type]: { subject: args } } })],
        ]);
        const found = estimate(await resolveProject(loadTerraform(files)), { usage: NO_USAGE, today: TODAY });
        const address = `${type}.subject`;
        const priced = found.lines.filter((line) => line.address === address);
        const failed = found.unpriced.filter((one) => one.address === address);
        expect([priced.length > 0, failed.length]).toEqual(failed.length > 0 ? [false, 1] : [true, 0]);
        for (const line of found.lines) {
          expect(Number.isFinite(line.monthly) && line.monthly >= 0).toBe(true);
          if (line.monthly === 0) expect(line.reason).not.toBe('');
        }
      },
    ),
    { numRuns: 300 },
  );
});
