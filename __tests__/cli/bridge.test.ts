import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { registerBridge } from '../../cli/bridge';
import { BRIDGE } from '../gitops/render';
import { cimiento, forget } from './cimiento';

const PROJECT = join(__dirname, '../..');
const run = (...args: string[]) => cimiento([registerBridge], ['bridge', ...args]);

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cimiento-bridge-'));
  process.chdir(folder);
});
afterEach(() => {
  process.chdir(PROJECT);
  rmSync(folder, { recursive: true });
  forget();
});

const platform = (
  text = 'name: shop\ngitops: { repository: https://github.com/shop/platform, images: ghcr.io/shop }\n',
) => writeFileSync('platform.yaml', text);

test('where there is no AWS, platform.yaml says all of it', async () => {
  platform();
  expect(parse((await run('--target', 'minikube')).stdout)).toEqual({
    target: 'minikube',
    git: { repository: 'https://github.com/shop/platform', revision: 'main' },
    images: { repository: 'ghcr.io/shop' },
    platform: { name: 'shop' },
  });
});

test('on EKS the applied state says it', async () => {
  platform();
  mkdirSync('.state');
  writeFileSync(
    '.state/gitops.tfstate',
    JSON.stringify({ outputs: { bridge: { value: BRIDGE.eks, type: 'object' } } }),
  );
  expect(JSON.parse((await run('--json')).stdout)).toEqual(BRIDGE.eks);
});

test('or the JSON of `terraform output`, or values as they are', async () => {
  writeFileSync('outputs.json', JSON.stringify({ bridge: { value: BRIDGE.eks } }));
  expect(JSON.parse((await run('--values', 'outputs.json', '--json')).stdout)).toEqual(BRIDGE.eks);
  writeFileSync('values.json', JSON.stringify(BRIDGE.lab));
  expect(JSON.parse((await run('--target', 'lab', '--values', 'values.json', '--json')).stdout)).toEqual(BRIDGE.lab);
});

test.each<[string, () => void, string[], string]>([
  ['nothing applied', platform, [], 'stack gitops: it has not put out the bridge’s values yet; npx cdktf deploy'],
  [
    'a state from before the bridge’s output',
    () => {
      platform();
      mkdirSync('.state');
      writeFileSync('.state/gitops.tfstate', '{"outputs":{}}');
    },
    [],
    'stack gitops: it has not put out the bridge’s values yet',
  ],
  [
    'a state that was cut off',
    () => {
      platform();
      mkdirSync('.state');
      writeFileSync('.state/gitops.tfstate', '{"outputs":{');
    },
    [],
    '.state/gitops.tfstate: it is neither YAML nor JSON (',
  ],
  [
    'values that are no values',
    () => writeFileSync('v.yaml', 'a: ['),
    ['--values', 'v.yaml'],
    'v.yaml: it is neither YAML nor JSON (',
  ],
  [
    'another target’s values',
    () => writeFileSync('v.json', JSON.stringify(BRIDGE.lab)),
    ['--values', 'v.json'],
    'v.json: these are the values of lab; --target lab',
  ],
  [
    'an endpoint missing',
    () => writeFileSync('v.json', JSON.stringify({ ...BRIDGE.eks, endpoints: { kafka: [], mongodb: [] } })),
    ['--values', 'v.json'],
    'v.json: endpoints.postgres:',
  ],
  ['no such file', () => undefined, ['--values', 'missing.json'], 'missing.json: there is no such file'],
  ['no platform.yaml', () => undefined, ['--target', 'lab'], 'platform.yaml: there is no such file'],
])('%s is said in one sentence', async (_, prepare, args, message) => {
  prepare();
  await expect(run(...args)).rejects.toThrow(message);
});

test('before the first deploy: the expressions that Terraform will evaluate', async () => {
  platform();
  const values = parse((await run('--synthesized')).stdout) as { target: string; cluster: { vpcId: string } };
  expect(values.target).toBe('eks');
  expect(values.cluster.vpcId).toMatch(/^\$\{data\.terraform_remote_state\./);
});
