/**
 * The health checks in a real Lua (5.4 by WebAssembly; Argo CD's is 5.1: nothing is used that differs), over statuses as Argo CD
 * 3.2.11 wrote them on the lab and as its issues report them.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Manifest, ROOT } from './render';

interface Health {
  readonly status: string;
  readonly message: string;
}

/** A Lua table, so that `pairs` and `#` see what they see in Argo CD. Nulls are absent there too. */
function table(value: unknown): string {
  if (Array.isArray(value)) return `{${value.map(table).join(',')}}`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  return `{${Object.entries(value)
    .map(([key, part]) => `[${JSON.stringify(key)}]=${table(part)}`)
    .join(',')}}`;
}

/** jest cannot load WebAssembly's `import()`, so the checks run in a process of their own: programs in, verdicts out, as JSON. */
const RUN = `
const { LuaFactory } = require('wasmoon');
(async () => {
  const verdicts = [];
  for (const program of JSON.parse(require('node:fs').readFileSync(0, 'utf8'))) {
    const lua = await new LuaFactory().createEngine();
    const { status, message } = await lua.doString(program);
    verdicts.push({ status, message });
    lua.global.close();
  }
  process.stdout.write(JSON.stringify(verdicts));
})();
`;

function judge(objects: readonly { readonly kind: string; readonly object: Manifest }[]): Health[] {
  const programs = objects.map(({ kind, object }) => {
    const source = readFileSync(join(ROOT, `gitops/argocd/health/${kind}.lua`), 'utf8');
    return `obj = ${table(object)}\n${source}`;
  });
  const input = JSON.stringify(programs);
  const { stdout, stderr } = spawnSync(process.execPath, ['-e', RUN], { cwd: ROOT, input, encoding: 'utf8' });
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout) as Health[];
}

const SOURCE = { repoURL: 'https://github.com/you/cimiento', targetRevision: 'aaa', path: 'gitops/foundation/base' };
const healthy: Manifest = {
  spec: { source: SOURCE },
  status: {
    health: { status: 'Healthy' },
    sync: { status: 'Synced', revision: 'aaa', comparedTo: { source: SOURCE } },
    operationState: { phase: 'Succeeded', syncResult: { revision: 'aaa' } },
  },
};

/** `healthy` with parts of its status, or of its spec, replaced. */
const but = (status: Manifest, spec: Manifest = {}, top: Manifest = {}): Manifest => ({
  ...top,
  spec: { ...healthy['spec'], ...spec },
  status: { ...healthy['status'], ...status },
});
const outOfSync = { ...healthy['status'].sync, status: 'OutOfSync' };

type Case = readonly [name: string, object: Manifest, expected: string];

const APPLICATION: readonly Case[] = [
  ['just made', { spec: { source: SOURCE } }, 'Progressing'],
  ['compared, no health yet', { spec: { source: SOURCE }, status: { sync: outOfSync } }, 'Progressing'],
  ['synced and healthy', healthy, 'Healthy'],
  ['synced, pods still starting', but({ health: { status: 'Progressing' } }), 'Progressing'],
  ['synced, nothing there yet', but({ health: { status: 'Missing' } }), 'Progressing'],
  ['synced, a Deployment past its deadline', but({ health: { status: 'Degraded' } }), 'Degraded'],
  ['synced, a rollout paused by hand', but({ health: { status: 'Suspended' } }), 'Suspended'],
  [
    'the verdict of an older commit (argo-cd#29649)',
    but({}, { source: { ...SOURCE, targetRevision: 'bbb' } }),
    'Progressing',
  ],
  [
    'the verdict of other values',
    but(
      {
        sync: {
          ...healthy['status'].sync,
          comparedTo: { source: { ...SOURCE, helm: { valuesObject: { a: true } } } },
        },
      },
      { source: { ...SOURCE, helm: { valuesObject: { a: true, b: false } } } },
    ),
    'Progressing',
  ],
  [
    'a comparison that left out what is empty',
    but({}, { source: { ...SOURCE, directory: { recurse: false, jsonnet: {} }, chart: '' } }),
    'Healthy',
  ],
  [
    'Healthy, though its resources could not be applied: the hole of 3.4 (argo-cd#27917)',
    but({
      sync: outOfSync,
      operationState: { phase: 'Failed', message: 'no matches for kind', syncResult: { revision: 'aaa' } },
    }),
    'Degraded',
  ],
  ['Healthy while its sync still runs', but({ operationState: { phase: 'Running' } }), 'Progressing'],
  [
    'Degraded between two tries of a sync',
    but({ health: { status: 'Degraded' }, sync: outOfSync, operationState: { phase: 'Running', retryCount: 2 } }),
    'Progressing',
  ],
  [
    'out of sync after the failure of an older commit',
    but({ sync: outOfSync, operationState: { phase: 'Failed', syncResult: { revision: 'older' } } }),
    'Progressing',
  ],
  ['a sync asked for and not begun', but({}, {}, { operation: { sync: {} } }), 'Progressing'],
  ['out of sync, about to be synced', but({ sync: outOfSync }), 'Progressing'],
  [
    'manifests that cannot be made: a bad push',
    but({
      sync: { ...outOfSync, status: 'Unknown' },
      conditions: [{ type: 'ComparisonError', message: 'bad yaml' }],
    }),
    'Degraded',
  ],
];

const conditions = (...list: readonly (readonly [string, string])[]): Manifest => ({
  status: { conditions: list.map(([type, status]) => ({ type, status, message: `${type} is ${status}` })) },
});

const CRD: readonly Case[] = [
  ['just made', {}, 'Progressing'],
  ['not established yet', conditions(['NamesAccepted', 'True'], ['Established', 'False']), 'Progressing'],
  ['established', conditions(['NamesAccepted', 'True'], ['Established', 'True']), 'Healthy'],
  ['a taken name', conditions(['NamesAccepted', 'False'], ['Established', 'False']), 'Degraded'],
];

const PROMETHEUS: readonly Case[] = [
  ['just made', {}, 'Progressing'],
  [
    'no pod ready: every start of one replica',
    conditions(['Available', 'False'], ['Reconciled', 'True']),
    'Progressing',
  ],
  ['available', conditions(['Available', 'True'], ['Reconciled', 'True']), 'Healthy'],
  ['a spec that the operator refuses', conditions(['Available', 'True'], ['Reconciled', 'False']), 'Degraded'],
];

describe.each([
  ['argoproj.io_Application', APPLICATION],
  ['apiextensions.k8s.io_CustomResourceDefinition', CRD],
  ['monitoring.coreos.com_Prometheus', PROMETHEUS],
] as const)('%s', (kind, cases) => {
  const verdicts = judge(cases.map(([, object]) => ({ kind, object })));

  test.each(cases.map(([name, , expected], index) => [name, expected, verdicts[index]!.status] as const))(
    '%s: %s',
    (_, expected, status) => {
      expect(status).toBe(expected);
    },
  );
});

test('a failure says what failed', () => {
  const operationState = { phase: 'Failed', message: 'no matches for kind', syncResult: { revision: 'aaa' } };
  const [health] = judge([{ kind: 'argoproj.io_Application', object: but({ sync: outOfSync, operationState }) }]);
  expect(health!.message).toBe('no matches for kind');
});
