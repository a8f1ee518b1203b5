import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { registerCheck } from '../../cli/check';
import { registerDiff } from '../../cli/diff';
import { cimiento as run, forget } from './cimiento';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cimiento-check-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
  forget();
});

const cimiento = (...args: string[]) => run([registerCheck, registerDiff], args);

function give(name: string, content: string | object): string {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content, null, 1));
  return join(folder, dirname(name));
}

const provider = { aws: { region: 'us-east-2', default_tags: { tags: { project: 'x' } } } };
const bucket = { aws_s3_bucket: { logs: { bucket: 'logs' } } };
const guard = {
  aws_s3_bucket_public_access_block: {
    logs: {
      bucket: '${aws_s3_bucket.logs.id}',
      block_public_acls: true,
      block_public_policy: true,
      ignore_public_acls: true,
      restrict_public_buckets: true,
    },
  },
};

describe('check', () => {
  test('what is fine: exit code 0', async () => {
    const { stdout } = await cimiento('check', give('a/main.tf.json', { provider, resource: { ...bucket, ...guard } }));
    expect(stdout).toBe('fine 2 resources in 1 stack\n');
    expect(process.exitCode).toBeUndefined();
  });

  test('what is found: rule, place, value and way out, for programs; exit code 1', async () => {
    const { stdout } = await cimiento('check', give('a/main.tf.json', { provider, resource: bucket }), '--json');
    expect(JSON.parse(stdout)).toEqual({
      findings: [
        {
          id: 'exposure.bucket',
          kind: 'policy',
          severity: 'high',
          stack: 'root',
          address: 'aws_s3_bucket.logs',
          attribute: '',
          value: null,
          message: 'no aws_s3_bucket_public_access_block guards the bucket',
          fix: 'add aws_s3_bucket_public_access_block with all four set to true',
          waived: null,
          place: 'main.tf.json:14',
        },
      ],
      counts: { critical: 0, high: 1, medium: 0, low: 0, info: 0, waived: 0 },
    });
    expect(process.exitCode).toBe(1);
  });

  test('hand-written HCL is judged too', async () => {
    const text = `
      variable "type" { default = "t3.micro" }
      resource "aws_instance" "web" {
        count         = 2
        instance_type = var.type
      }`;
    const { stdout } = await cimiento('check', give('a/main.tf', text), '--json');
    const burstable = JSON.parse(stdout).findings.filter(({ id }: { id: string }) => id === 'instance.burstable');
    expect(burstable.map(({ address, value }: { address: string; value: string }) => [address, value])).toEqual([
      ['aws_instance.web[0]', 't3.micro'],
      ['aws_instance.web[1]', 't3.micro'],
    ]);
  });

  test('a type is looked up among types alone', async () => {
    const { stdout } = await cimiento(
      'check',
      give('a/main.tf.json', { resource: { constructor: { a: {} } } }),
      '--json',
    );
    expect(JSON.parse(stdout).findings.map(({ id }: { id: string }) => id)).toEqual(['reference.no-schema']);
  });

  test.each([
    ['no such folder', () => 'nowhere', /there is no such folder/],
    ['an empty one', () => folder, /no Terraform JSON in it/],
    ['broken JSON', () => give('a/main.tf.json', '{\n"resource": {'), /main\.tf\.json:2: is no JSON/],
    ['broken HCL', () => give('a/main.tf', 'resource "aws_vpc" "a" {\n  cidr_block =\n}'), /main\.tf:2: is no HCL/],
    [
      'HCL that is none',
      () => give('a/main.tf', '\u0001\u0002'),
      /main\.tf:1: is no HCL: Invalid character; [^;:]*; mend it/,
    ],
    ['a link to nowhere', () => link('a/main.tf.json'), /a\/main\.tf\.json: it cannot be read \(ENOENT\)/],
    ['a link of HCL to nowhere', () => link('a/main.tf'), /a\/main\.tf: it cannot be read \(ENOENT\)/],
    [
      'a platform that is not there',
      () => give('a/main.tf.json', {}),
      /none\.yaml: there is no such file/,
      'none.yaml',
    ],
    ['an unknown block', () => give('a/main.tf.json', '{"resourse": {}}'), /did you mean "resource"/],
  ])('%s is refused with its place', async (_, make, message, platform = '') => {
    const flags = platform === '' ? [] : ['--platform', platform];
    await expect(cimiento('check', make(), ...flags)).rejects.toThrow(message);
  });

  test('a folder that is named like a file is a folder', async () => {
    give('a/modules.tf/main.tf.json', {});
    const { stdout } = await cimiento('check', give('a/main.tf.json', { provider }));
    expect(stdout).toBe('fine 0 resources in 2 stacks\n');
  });
});

/** A link that leads nowhere, and the folder that it is in. */
function link(name: string): string {
  const inside = give(`${dirname(name)}/other`, '');
  symlinkSync('/nonexistent', join(folder, name));
  return inside;
}

describe('diff', () => {
  const before = () => give('old/main.tf.json', { provider, resource: { ...bucket, ...guard } });
  const without = () => give('new/main.tf.json', { provider, resource: guard });

  test('two of the same: nothing changes', async () => {
    expect((await cimiento('diff', before(), before())).stdout).toBe('nothing changes; the bill stays as it is\n');
  });

  test('where there is no platform.yaml the usage is the default one', async () => {
    const [old, here] = [before(), process.cwd()];
    process.chdir(folder);
    try {
      expect((await cimiento('diff', old, old)).stdout).toBe('nothing changes; the bill stays as it is\n');
    } finally {
      process.chdir(here);
    }
  });

  test('what DESIGN promises to programs', async () => {
    const after = give('new/main.tf.json', {
      provider,
      resource: { aws_s3_bucket: { logs: { bucket: 'other' } }, ...guard },
    });
    const found = JSON.parse((await cimiento('diff', before(), after, '--json')).stdout);
    expect(found).toMatchObject({ monthlyDelta: 0, unpriced: [] });
    expect(found.changes[0]).toMatchObject({
      address: 'aws_s3_bucket.logs',
      action: 'replace',
      attributes: ['bucket'],
      effects: ['data-loss'],
      monthlyDelta: 0,
    });
    expect(
      found.changes.map(({ action, address }: { action: string; address: string }) => `${action} ${address}`),
    ).toEqual(['replace aws_s3_bucket.logs', 'replace aws_s3_bucket_public_access_block.logs']);
  });

  test('--fail-on: exit code 1 for the effects that are named, 0 for others', async () => {
    const { stderr } = await cimiento('diff', before(), without(), '--fail-on', 'data-loss,exposure');
    expect(stderr).toContain('data-loss root aws_s3_bucket.logs: delete');
    expect(process.exitCode).toBe(1);
    process.exitCode = undefined;
    await cimiento('diff', before(), without(), '--fail-on', 'readdress');
    expect(process.exitCode).toBeUndefined();
  });

  test('an effect that there is not is refused', async () => {
    await expect(cimiento('diff', before(), before(), '--fail-on', 'everything')).rejects.toThrow(
      /is none of data-loss, exposure, readdress/,
    );
  });

  test('as Markdown for a pull request', async () => {
    const { stdout } = await cimiento('diff', before(), without(), '--markdown');
    expect(stdout).toContain('### What this changes in AWS');
    expect(stdout).toContain('| destroyed | `root` `aws_s3_bucket.logs` | **data-loss** |');
  });
});
