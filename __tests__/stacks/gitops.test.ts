import type { App } from 'cdktf';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { BRIDGE_SCHEMA } from '../../modules/bridge';
import { ClusterStack } from '../../stacks/cluster';
import { DataStack } from '../../stacks/data';
import { GitopsStack } from '../../stacks/gitops';
import type { PlatformInputs } from '../../stacks/inputs';
import { NetworkStack } from '../../stacks/network';
import { NodesStack } from '../../stacks/nodes';
import { platformInputs } from '../fixtures/platform';
import { testSnapshots } from './snapshots';
import { type Attributes, synthesize, type TerraformJson } from './synthesize';
import { VARIANTS } from './variants';

const add = (app: App, inputs: PlatformInputs) => {
  const network = new NetworkStack(app, inputs);
  const cluster = new ClusterStack(app, inputs, network.outputs);
  const data = new DataStack(app, inputs, network.outputs);
  const nodes = new NodesStack(app, inputs, network.outputs);
  new GitopsStack(app, inputs, {
    network: network.outputs,
    cluster: cluster.outputs,
    data: data.outputs,
    nodes: nodes.outputs,
  });
};
const build = (inputs: PlatformInputs): TerraformJson => synthesize('gitops', (app) => add(app, inputs));
const releases = (json: TerraformJson): Record<string, Attributes> => json.resource['helm_release'] ?? {};

testSnapshots('gitops', add);

const gitops = build(VARIANTS[0]!.inputs);
const ROOT = join(__dirname, '../..');

test('Argo CD is pinned, rolled back when it does not come up, and there before the root application', () => {
  const { argocd, root } = releases(gitops);
  expect(argocd).toMatchObject({ name: 'argocd', namespace: 'argocd', version: '10.1.1', atomic: true });
  expect(root!['depends_on']).toEqual(['helm_release.argocd']);
});

test('what Terraform reads beside the JSON is in the project', () => {
  const beside = [...JSON.stringify(gitops.resource).matchAll(/\$\{path\.module\}\/\.\.\/\.\.\/\.\.\/([\w./-]+)/g)];
  expect(beside.map(([, path]) => path)).toEqual(['gitops/argocd/values.yaml', 'gitops/bootstrap']);
  for (const [, path] of beside) expect([path, existsSync(join(ROOT, path!))]).toEqual([path, true]);
});

test('no credential of the cluster is kept in state: a token per run', () => {
  const [helm] = gitops.provider['helm']!;
  expect(helm!['kubernetes']).toMatchObject({ exec: { command: 'aws' } });
  expect(JSON.stringify(helm)).not.toMatch(/"(token|password|client_key)"/);
});

/**
 * What `${jsonencode({…})}` holds: HCL's `=` is JSON's `:`, a reference to another stack's output becomes a text, and a call
 * (`split`, `formatlist`: they give lists) a list of one.
 */
function decoded(expression: string): unknown {
  const inside = /^\$\{jsonencode\((.*)\)\}$/s.exec(expression)?.[1];
  if (inside === undefined) throw new Error(`no jsonencode(): ${expression}`);
  const json = inside
    .replace(/" = /g, '": ')
    .replace(/(?<=: |, |\[)(?:data\.[\w.-]+|([a-z]+\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)))/g, (expression, call) =>
      JSON.stringify(call === undefined ? expression : [call]),
    );
  return JSON.parse(json);
}

test.each(VARIANTS.map(({ name, inputs }) => [name, inputs] as const))(
  '%s: the values of the root application are what the bridge’s schema says',
  (_, inputs) => {
    const { root } = releases(build(inputs));
    const values = BRIDGE_SCHEMA.parse(decoded(root!['values'][0]));
    expect(values.git.repository).toBe(inputs.platform.gitops.repository);
    if (values.target !== 'eks') throw new Error('not the values of EKS');
    expect(values.endpoints.kafka.length).toBeGreaterThan(0);
  },
);

test.each([
  ['without a certificate clients ask by HTTP', [], 'http'],
  [
    'with one by HTTPS',
    [
      '  # entry: {',
      '  entry: { certificate: arn:aws:acm:us-east-2:123456789012:certificate/0f9f8c1e-8a3b-4e8e-9c43-1f2e3d4c5b6a } #',
    ],
    'https',
  ],
])('the entry is probed as clients ask for it: %s', (_, edit, scheme) => {
  const { root } = releases(build(platformInputs(...(edit.length === 0 ? [] : [edit as [string, string]]))));
  const values = BRIDGE_SCHEMA.parse(decoded(root!['values'][0]));
  if (values.target !== 'eks') throw new Error('not the values of EKS');
  expect(values.endpoints.entry).toMatch(new RegExp(`^${scheme}://\\$\\{.*aws_lbentry.*dns_name.*\\}/$`));
});
