/** Terraform's own `cidrsubnets` as an oracle: it lays subnets down in the order given, and fails when they do not fit. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { planAddresses, shapeName, shapes } from '../../../modules/addressing';

const env = { ...process.env, CHECKPOINT_DISABLE: '1', CI: '1', TF_CLI_CONFIG_FILE: '/dev/null' };
const there = spawnSync('terraform', ['version'], { env }).status === 0;
if (!there) process.stdout.write('skipped: terraform is not installed, so cidrsubnets cannot be asked\n');

/** Evaluates expressions in an empty folder: all in one list, since a console that is fed by a pipe prints its last line only. */
function evaluate(expressions: readonly string[]): unknown {
  const folder = mkdtempSync(join(tmpdir(), 'cimiento-console-'));
  try {
    const input = `jsonencode([${expressions.join(', ')}])\n`;
    const { stdout, stderr, status } = spawnSync('terraform', ['console'], {
      cwd: folder,
      env,
      input,
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(stderr);
    // A string literal that holds JSON.
    return JSON.parse(JSON.parse(stdout) as string);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

(there ? test : test.skip)('cidrsubnets lays every plan down as we do', () => {
  const plans = [16, 17, 18, 19, 20, 21, 22, 23, 24, 25].flatMap((prefix) =>
    ['auto', ...shapes(6).map(shapeName)].flatMap((shape) => {
      try {
        return planAddresses({
          kubernetes: { cidr: `10.100.0.0/${prefix}`, shape },
          services: { cidr: '10.200.0.0/22', segments: ['a', 'b', 'c', 'd', 'e'], shape: 'auto' },
          zoneIds: ['use2-az1', 'use2-az2', 'use2-az3'],
        }).blocks;
      } catch {
        return []; // A shape that does not suit this block.
      }
    }),
  );
  expect(plans.length).toBeGreaterThan(200);
  const bits = (block: (typeof plans)[number]) =>
    block.subnets.map(({ size }) => Math.log2(block.size / size)).join(', ');
  const answers = evaluate(plans.map((block) => `cidrsubnets("${block.cidr}", ${bits(block)})`));
  expect(answers).toEqual(plans.map(({ subnets }) => subnets.map(({ cidr }) => cidr)));
});
