// Proves the way out of cdktf (ADR 0001): the same, unmodified source synthesized under CDK Terrain, through npm aliases,
// gives the same Terraform. Installs into /var/tmp/cimiento/cdktn (once), so it is not part of `npm test`.
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = new URL('..', import.meta.url).pathname;
const WORK = process.env.CIMIENTO_CDKTN_HOME ?? '/var/tmp/cimiento/cdktn';

/** What each package of ours becomes. @cdktn/provider-helm is not published: the old bindings run on the new core. */
const ALIASES = {
  cdktf: 'npm:cdktn@0.24.0',
  '@cdktf/provider-aws': 'npm:@cdktn/provider-aws@25.7.0',
};
const OVERRIDES = { '@cdktf/provider-helm': { cdktf: '$cdktf' } };

/** What may differ, and why; everything else must be equal. */
function comparable(json) {
  const copy = structuredClone(json);
  delete copy['//']; // the generator's own name and version
  delete copy.terraform?.required_providers; // the newer provider version is the point of moving
  for (const [type, bodies] of Object.entries(copy.resource ?? {}))
    for (const body of Object.values(bodies)) if (typeof body === 'object' && body !== null && type) delete body['//'];
  for (const bodies of Object.values(copy.data ?? {}))
    for (const body of Object.values(bodies)) if (typeof body === 'object' && body !== null) delete body['//'];
  if (copy.output && Object.keys(copy.output).length === 0) delete copy.output;
  return copy;
}

const differences = (a, b, path = '') => {
  if (JSON.stringify(a) === JSON.stringify(b)) return [];
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null)
    return [`${path}: ${JSON.stringify(a)} ≠ ${JSON.stringify(b)}`];
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].flatMap((key) =>
    differences(a[key], b[key], `${path}/${key}`),
  );
};

function install() {
  const ours = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const dependencies = { ...ours.dependencies, ...ALIASES };
  const manifest = JSON.stringify(
    { name: 'cimiento-under-cdktn', private: true, dependencies, overrides: OVERRIDES },
    null,
    2,
  );
  mkdirSync(WORK, { recursive: true });
  const file = join(WORK, 'package.json');
  if (existsSync(join(WORK, 'node_modules/cdktf')) && existsSync(file) && readFileSync(file, 'utf8') === manifest)
    return;
  writeFileSync(file, manifest);
  execFileSync('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts'], {
    cwd: WORK,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

function synth(directory) {
  rmSync(join(directory, 'cdktf.out'), { recursive: true, force: true });
  execFileSync('node', ['-r', './bin/register.js', 'main.ts'], {
    cwd: directory,
    stdio: 'inherit',
    env: { ...process.env, CHECKPOINT_DISABLE: '1' },
  });
  const stacks = join(directory, 'cdktf.out/stacks');
  return Object.fromEntries(
    readdirSync(stacks).map((name) => [name, JSON.parse(readFileSync(join(stacks, name, 'cdk.tf.json'), 'utf8'))]),
  );
}

install();
const version = JSON.parse(readFileSync(join(WORK, 'node_modules/cdktf/package.json'), 'utf8'));
if (version.name !== 'cdktn') throw new Error(`the alias did not take: node_modules/cdktf is ${version.name}`);
const SOURCES = [
  'main.ts',
  'tsconfig.json',
  'platform.yaml',
  'addresses.lock.json',
  'modules',
  'stacks',
  'bin',
  'cli',
  'gitops',
];
for (const source of SOURCES) {
  rmSync(join(WORK, source), { recursive: true, force: true });
  if (existsSync(join(ROOT, source))) cpSync(join(ROOT, source), join(WORK, source), { recursive: true });
}

const before = synth(ROOT);
const after = synth(WORK);
let failed = 0;
let passed = 0;
for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
  const found = differences(comparable(before[name] ?? {}), comparable(after[name] ?? {}), name);
  if (found.length) failed++;
  else passed++;
  console.log(`${found.length ? 'differs' : 'same   '} ${name}`);
  for (const one of found.slice(0, 20)) console.log(`  ${one}`);
}
console.log(`\n${passed} passed, ${failed} failed`);
process.exitCode = failed ? 1 : 0;
