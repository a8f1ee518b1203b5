/** What the commands say when they cannot begin; what they do to a cluster is proved on one (lab/gitops/run). */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { blockerOf } from '../../cli/gitops/wait';
import type { ApplicationStatus } from '../../modules/argocd';

/** In a process of its own: the Kubernetes client is ES modules, which jest does not load. */
function run(args: readonly string[], environment: Readonly<Record<string, string>> = {}): string {
  const cimiento = join(__dirname, '../../bin/cimiento');
  const env = { ...process.env, KUBECONFIG: join(folder, 'config'), NO_COLOR: '1', ...environment };
  const { status, stderr } = spawnSync(process.execPath, [cimiento, 'gitops', ...args], { env, encoding: 'utf8' });
  expect([status, stderr]).toEqual([2, expect.any(String)]);
  return stderr;
}

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cimiento-gitops-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const NOWHERE = 'https://127.0.0.1:1';

/** With contexts of these names, the first the current one. No cluster answers there. */
function kubeconfig(names: readonly string[]): void {
  writeFileSync(
    join(folder, 'config'),
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': names[0],
      contexts: names.map((name) => ({ name, context: { cluster: name, user: name } })),
      clusters: names.map((name) => ({ name, cluster: { server: NOWHERE } })),
      users: names.map((name) => ({ name, user: { token: 'none' } })),
    }),
  );
}

test.each<[what: string, contexts: string[] | undefined, command: string, said: string]>([
  ['no kubeconfig', undefined, 'status', 'config: it cannot be read'],
  [
    'a context that is not there',
    ['minikube', 'work'],
    'status --context wrok',
    '--context: the kubeconfig has no context "wrok"; it has: minikube, work',
  ],
  [
    'the usual context of a target is not there',
    ['work'],
    'sync --target minikube',
    '--target minikube: the kubeconfig has no context "minikube"; it has: work; name one with --context',
  ],
  [
    'a cluster that does not answer',
    ['lab'],
    'teardown --target lab',
    'context lab, https://127.0.0.1:1: no cluster answers (connect ECONNREFUSED 127.0.0.1:1); is it running',
  ],
  [
    'what looks like production',
    ['prod'],
    'teardown --target eks',
    'context prod: "prod" looks like production; if you mean it, add --yes',
  ],
  ['what looks like production, with --yes', ['prod'], 'teardown --target eks --yes', 'no cluster answers'],
  ['what looks like production, which is only read', ['prod'], 'status', 'no cluster answers'],
  ['a port that is none', ['lab'], 'open --port http', '--port: "http" is no port'],
  ['a time that is none', ['lab'], 'wait --timeout soon', '--timeout: "soon" is no number of seconds'],
])('%s is said in one sentence', (_, contexts, command, said) => {
  if (contexts !== undefined) kubeconfig(contexts);
  const stderr = run(command.split(' '));
  expect(stderr).toContain(said);
  expect(stderr.trim().split('\n')).toHaveLength(1);
});

test('without helm, bootstrap says what to install', () => {
  kubeconfig(['lab']);
  const said = run(['bootstrap', '--target', 'lab'], { PATH: folder });
  expect(said).toContain('helm: it is not installed; install helm 3 or 4');
});

const line = (name: string, wave: number | undefined, more: Partial<ApplicationStatus> = {}): ApplicationStatus => ({
  name,
  wave,
  sync: 'Synced',
  health: 'Healthy',
  revision: 'abcdef',
  blockedBy: undefined,
  ...more,
});

test.each<[string, ApplicationStatus[], string | undefined, string | undefined]>([
  ['all is well', [line('root', undefined), line('foundation', 0)], undefined, undefined],
  ['nothing there', [], undefined, 'there is no root Application'],
  [
    'a child tells more than the root',
    [line('root', undefined, { blockedBy: 'waits' }), line('b', 3, { blockedBy: 'x' })],
    undefined,
    'b: x',
  ],
  [
    'the root alone',
    [line('root', undefined, { blockedBy: 'no such repository' })],
    undefined,
    'root: no such repository',
  ],
  ['the commit, by its beginning', [line('root', undefined)], 'abc', undefined],
  ['the commit before', [line('root', undefined)], 'fff', 'root: it is at abcdef, not at fff'],
])('wait: %s', (_, applications, revision, expected) => {
  expect(blockerOf(applications, revision)).toBe(expected);
});
