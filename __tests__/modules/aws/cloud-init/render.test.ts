import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { USER_DATA_LIMIT, userDataSize } from '../../../../modules/aws/cloud-init';
import { nodeScript } from '../../../../modules/aws/cloud-init/render';
import { synthesize } from '../../../stacks/synthesize';
import { buildStacks } from '../../../../stacks';
import { DEFAULT_INPUTS } from '../../../fixtures/platform';
import { kafkaNode, mongodbMember, nodeScriptOf } from './user-data';

const NODES: readonly (readonly [string, string])[] = [
  ['the first Kafka node', kafkaNode(1)],
  ['a Kafka node of six', kafkaNode(6, 6)],
  ['a MongoDB member', mongodbMember(2)],
];

/** A program that may be missing on this machine; the reason is printed, a skip is never silent. */
const available = (program: string): boolean => {
  const found = spawnSync(program, ['--version']).error === undefined;
  if (!found) console.warn(`not checked: ${program} is not installed here`);
  return found;
};
const withShellcheck = available('shellcheck') ? it : it.skip;
const withTerraform = available('terraform') ? it : it.skip;

describe('user data', () => {
  it.each(NODES)('of %s leaves half of the 16 KiB that EC2 takes', (_, text) => {
    expect(userDataSize(text)).toBeLessThan(0.6 * USER_DATA_LIMIT);
  });

  it.each(NODES)('of %s holds no secret, only the names of secrets', (_, text) => {
    const assigned = [...text.matchAll(/^readonly ([A-Z_0-9]+)='/gm)].map(([, name]) => name!);
    expect(assigned.filter((name) => /PASSWORD|KEY$|TOKEN/.test(name))).toEqual([]);
    expect(assigned).toEqual(expect.arrayContaining(['CLUSTER_SECRET_ARN', 'CLIENT_SECRET_ARN']));
  });

  it.each(NODES)('of %s is bash that parses', (_, text) => {
    for (const script of [text, nodeScriptOf(text)]) {
      const { status, stderr } = spawnSync('bash', ['-n'], { input: script, encoding: 'utf8' });
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    }
  });

  withShellcheck.each(NODES)('of %s passes shellcheck', (_, text) => {
    for (const script of [text, nodeScriptOf(text)]) {
      // SC2016: jmx_exporter's rules have $1 in quotes, and mean it.
      const { stdout } = spawnSync('shellcheck', ['--exclude', 'SC2016', '-'], { input: script, encoding: 'utf8' });
      expect(stdout).toBe('');
    }
  });

  it.each(NODES)('of %s starts services that do not wait for the script that waits for them', (_, text) => {
    const script = nodeScriptOf(text);
    expect(script).toMatch(/^After=network-online.target$/m);
    expect(script).not.toMatch(/^(After|Requires|BindsTo)=.*cimiento-node/m);
  });

  it('takes any value as it is: nothing in a variable is run', () => {
    const value = `it's $(touch /tmp/x) \`id\` "quoted" \\ \${HOME}\nsecond line`;
    const script = nodeScript([], { VALUE: value }).replace(/main "\$@"\n$/, 'printf %s "$VALUE"');
    expect(spawnSync('bash', ['-c', script], { encoding: 'utf8' }).stdout).toBe(value);
  });

  it('refuses a node that is not among the hosts', () => expect(() => kafkaNode(4)).toThrow('node 4 of 3'));
});

describe('what Terraform hands over', () => {
  // Bash and Terraform both write ${…}: Terraform's own evaluation is the judge of which is whose.
  withTerraform('is the script as it was rendered, with the ids filled in', () => {
    const json = synthesize('data', (app) => void buildStacks(app, DEFAULT_INPUTS));
    const name = 'kafka_1_user-data';
    const resolved = (json['locals'] as Record<string, string>)[name]!.replaceAll(
      /\$\{(aws_ebs_volume|aws_secretsmanager_secret)\.([\w-]+)\.\w+\}/g,
      'id-of-$2',
    );
    const folder = mkdtempSync(join(tmpdir(), 'cimiento-user-data-'));
    try {
      writeFileSync(join(folder, 'locals.tf.json'), JSON.stringify({ locals: { [name]: resolved } }));
      const { stdout, stderr } = spawnSync('terraform', ['console'], {
        cwd: folder,
        input: `base64gzip(local.${name})\n`,
        encoding: 'utf8',
        env: { ...process.env, CHECKPOINT_DISABLE: '1', TF_CLI_CONFIG_FILE: '/dev/null' },
      });
      expect(stderr).toBe('');
      const handedOver = gunzipSync(Buffer.from(stdout.trim().replaceAll('"', ''), 'base64')).toString();
      const own = (text: string) =>
        text.split('\n').filter((line) => !/^readonly (VOLUME_ID|C\w+_SECRET_ARN)=/.test(line));
      expect(own(handedOver)).toEqual(own(kafkaNode(1)));
      expect(handedOver).toContain("readonly VOLUME_ID='id-of-kafka_1_data'\n");
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
