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

function kubeconfig(...contexts: [name: string, server: string][]): void {
  writeFileSync(
    join(folder, 'config'),
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': contexts[0]?.[0],
      contexts: contexts.map(([name]) => ({ name, context: { cluster: name, user: name } })),
      clusters: contexts.map(([name, server]) => ({ name, cluster: { server } })),
      users: contexts.map(([name]) => ({ name, user: { token: 'none' } })),
    }),
  );
}

const NOWHERE = 'https://127.0.0.1:1';

test.each<[string, () => void, string[], string]>([
  ['no kubeconfig', () => undefined, ['status'], 'config: it cannot be read'],
  [
    'a context that is not there',
    () => kubeconfig(['minikube', NOWHERE], ['work', NOWHERE]),
    ['status', '--context', 'wrok'],
    '--context: the kubeconfig has no context "wrok"; it has: minikube, work',
  ],
  [
    'the usual context of a target is not there',
    () => kubeconfig(['work', NOWHERE]),
    ['sync', '--target', 'minikube'],
    '--target minikube: the kubeconfig has no context "minikube"; it has: work; name one with --context',
  ],
  [
    'a cluster that does not answer',
    () => kubeconfig(['lab', NOWHERE]),
    ['teardown', '--target', 'lab'],
    'context lab, https://127.0.0.1:1: no cluster answers (connect ECONNREFUSED 127.0.0.1:1); is it running',
  ],
  [
    'what looks like production',
    () => kubeconfig(['prod', NOWHERE]),
    ['teardown', '--target', 'eks'],
    'context prod: "prod" looks like production; if you mean it, add --yes',
  ],
  [
    'what looks like production, with --yes',
    () => kubeconfig(['prod', NOWHERE]),
    ['teardown', '--target', 'eks', '--yes'],
    'no cluster answers',
  ],
  [
    'a time that is none',
    () => kubeconfig(['lab', NOWHERE]),
    ['wait', '--timeout', 'soon'],
    '--timeout: "soon" is no number of seconds',
  ],
])('%s is said in one sentence', (_, prepare, args, message) => {
  prepare();
  const said = run(args);
  expect(said).toContain(message);
  expect(said.trim().split('\n')).toHaveLength(1);
});

test('reading never asks for --yes', () => {
  kubeconfig(['prod', NOWHERE]);
  expect(run(['status'])).toContain('no cluster answers');
});

test('without helm, bootstrap says what to install', () => {
  kubeconfig(['lab', NOWHERE]);
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
