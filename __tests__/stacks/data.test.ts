import type { App } from 'cdktf';
import { DataStack } from '../../stacks/data';
import type { Platform } from '../../modules/spec/platform';
import type { PlatformInputs } from '../../stacks/inputs';
import { NetworkStack } from '../../stacks/network';
import { DEFAULT_INPUTS } from '../fixtures/platform';
import { testSnapshots } from './snapshots';
import { resources, synthesize, type Attributes, type TerraformJson } from './synthesize';
import { VARIANTS } from './variants';

const build = (app: App, inputs: PlatformInputs) => {
  const network = new NetworkStack(app, inputs);
  new DataStack(app, inputs, network.outputs);
};
const dataOf = (inputs: PlatformInputs, context = {}) => synthesize('data', (app) => build(app, inputs), { context });

/** For snapshots: of each node's user data only its own values; the scripts are files of their own. */
const withoutScripts = (json: TerraformJson): TerraformJson => ({
  ...json,
  locals: Object.fromEntries(
    Object.entries<string>(json.locals ?? {}).map(([name, text]) => [
      name,
      text.split('\n').filter((line) => /^readonly [A-Z_0-9]+='.*'$/.test(line) && !line.startsWith('readonly FIRST')),
    ]),
  ),
});

testSnapshots('data', build, withoutScripts);

describe('what must not be lost', () => {
  const json = dataOf(DEFAULT_INPUTS);
  const PROTECTED = ['aws_ebs_volume', 'aws_network_interface', 'aws_db_instance'];

  it.each(PROTECTED)('%s refuses deletion', (type) => {
    expect(resources(json, type)).not.toHaveLength(0);
    for (const [, resource] of resources(json, type))
      expect(resource.lifecycle).toMatchObject({ prevent_destroy: true });
  });

  it('is given up only by the context that says so, and PostgreSQL leaves a snapshot even then', () => {
    const lifted = dataOf(DEFAULT_INPUTS, { protection: 'lifted' });
    for (const type of PROTECTED) {
      for (const [, resource] of resources(lifted, type)) expect(resource.lifecycle.prevent_destroy).toBe(false);
    }
    const [, database] = resources(lifted, 'aws_db_instance')[0]!;
    expect(database).toMatchObject({
      deletion_protection: false,
      skip_final_snapshot: false,
      final_snapshot_identifier: 'cimiento-postgres-final',
      delete_automated_backups: false,
    });
  });

  it('is not on the machine: a new image or script replaces no node, and stops none', () => {
    for (const [, machine] of resources(json, 'aws_instance')) {
      expect(machine.lifecycle.ignore_changes).toEqual(['ami', 'user_data_base64']);
      expect(machine.user_data_replace_on_change).toBe(false);
    }
  });

  it('is snapshotted: the policy finds every data volume by its tag', () => {
    const [[, policy]] = resources(json, 'aws_dlm_lifecycle_policy') as [[string, Attributes]];
    for (const [, volume] of resources(json, 'aws_ebs_volume')) {
      expect(volume.tags).toMatchObject(policy.policy_details.target_tags);
    }
  });

  it('survives a zone: the three nodes of each cluster are in three zones, volume beside machine', () => {
    for (const cluster of ['kafka', 'mongodb']) {
      const of = (type: string) => resources(json, type).filter(([name]) => name.startsWith(`${cluster}_`));
      const subnets = of('aws_network_interface').map(([, address]) => address.subnet_id);
      expect(new Set(subnets).size).toBe(3);
      const zone = (text: string) => /private-([abc])/.exec(text)![1];
      expect(of('aws_ebs_volume').map(([, volume]) => zone(volume.availability_zone))).toEqual(subnets.map(zone));
    }
  });
});

describe('secrets', () => {
  it.each(VARIANTS)('$name: containers only, no value for the state to keep', ({ inputs }) => {
    const json = dataOf(inputs);
    expect(resources(json, 'aws_secretsmanager_secret')).not.toHaveLength(0);
    expect(resources(json, 'aws_secretsmanager_secret_version')).toEqual([]);
    expect(JSON.stringify(json)).not.toMatch(/"(password|secret_string|random_password)"/);
  });

  it("are read by their own cluster's nodes only", () => {
    for (const [name, { policy }] of resources(dataOf(DEFAULT_INPUTS), 'aws_iam_role_policy')) {
      const cluster = name.split('_')[0]!;
      const { Statement } = JSON.parse(policy) as { Statement: { Action: string[]; Resource: string | string[] }[] };
      const secrets = Statement.filter(({ Action }) => Action.some((action) => action.startsWith('secretsmanager:')));
      expect(secrets).toHaveLength(1);
      for (const arn of secrets[0]!.Resource) expect(arn).toMatch(`\${aws_secretsmanager_secret.${cluster}_`);
    }
  });
});

describe('Kafka on MSK', () => {
  const managed = VARIANTS.find(({ name }) => name === 'managed profile')!.inputs;
  const json = dataOf(managed);

  it('forbids what MSK allows by default: unclean election, one replica in sync', () => {
    const [[, configuration]] = resources(json, 'aws_msk_configuration') as [[string, Attributes]];
    expect(configuration.server_properties.split('\n')).toEqual(
      expect.arrayContaining([
        'unclean.leader.election.enable=false',
        'min.insync.replicas=2',
        'default.replication.factor=3',
      ]),
    );
  });

  it('lets nobody in without signing in, nor in plain text', () => {
    const [[, cluster]] = resources(json, 'aws_msk_cluster') as [[string, Attributes]];
    expect(cluster.client_authentication).toEqual({ sasl: { iam: true }, unauthenticated: false });
    expect(cluster.encryption_info.encryption_in_transit).toEqual({ client_broker: 'TLS', in_cluster: true });
  });

  it('leaves no machine, volume or secret of the other engine behind', () => {
    for (const type of ['aws_instance', 'aws_ebs_volume', 'aws_secretsmanager_secret']) {
      expect(resources(json, type).filter(([name]) => name.startsWith('kafka'))).toEqual([]);
    }
  });
});

describe('versions that cannot be had', () => {
  const { platform } = DEFAULT_INPUTS;
  const attempt = (change: Partial<Platform>) => () =>
    dataOf({ ...DEFAULT_INPUTS, platform: { ...platform, ...change } });

  it('are refused in a sentence', () => {
    expect(attempt({ kafka: { ...platform.kafka, version: '3.9' } })).toThrow(
      'platform.yaml kafka.version: Kafka 3.9 on EC2 has no pinned release here; use 4.1 or 4.2 or 4.3',
    );
    expect(attempt({ kafka: { ...platform.kafka, engine: 'msk', version: '4.3' } })).toThrow('MSK sells no Kafka 4.3');
    expect(attempt({ mongodb: { ...platform.mongodb, version: '8.3' } })).toThrow('use 7.0 or 8.0');
  });
});
