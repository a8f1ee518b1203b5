import { type Application, statusOf } from '../../../modules/argocd';

const application = (name: string, wave: number | undefined, status: Application['status']): Application => ({
  metadata: { name, annotations: wave === undefined ? {} : { 'argocd.argoproj.io/sync-wave': String(wave) } },
  status,
});

const fine = { sync: { status: 'Synced', revision: 'abc' }, health: { status: 'Healthy' } };

test('the root first, then by wave as a number, then by name', () => {
  const all = [
    application('ten', 10, fine),
    application('b', 2, fine),
    application('a', 2, fine),
    application('root', undefined, fine),
  ];
  expect(statusOf(all).map(({ name }) => name)).toEqual(['root', 'a', 'b', 'ten']);
});

const outOfSync = { sync: { status: 'OutOfSync' }, health: { status: 'Healthy' } };

test.each<[string, Application['status'], string | undefined]>([
  ['nothing', fine, undefined],
  ['just made', undefined, 'Argo CD has not looked at it yet'],
  [
    'a manifest that cannot be rendered',
    { ...outOfSync, conditions: [{ type: 'ComparisonError', message: 'yaml: line 3' }] },
    'ComparisonError: yaml: line 3',
  ],
  [
    'the first resource that was refused',
    {
      ...outOfSync,
      operationState: {
        phase: 'Failed',
        message: 'one or more objects failed to apply',
        syncResult: {
          resources: [
            { kind: 'Service', namespace: 'hello-api', name: 'hello-api', status: 'Synced' },
            { kind: 'Deployment', namespace: 'hello-api', name: 'hello-api', status: 'SyncFailed', message: 'invalid' },
          ],
        },
      },
    },
    'Deployment hello-api/hello-api: invalid',
  ],
  [
    'the first resource that was refused, rather than the sync that failed by it',
    {
      ...outOfSync,
      conditions: [{ type: 'SyncError', message: 'Failed last sync attempt' }],
      operationState: {
        phase: 'Failed',
        syncResult: {
          resources: [{ kind: 'Namespace', name: 'monitoring', status: 'SyncFailed', message: 'forbidden' }],
        },
      },
    },
    'Namespace monitoring: forbidden',
  ],
  [
    'a sync that failed before it came to a resource',
    { ...outOfSync, conditions: [{ type: 'SyncError', message: 'Failed last sync attempt' }] },
    'SyncError: Failed last sync attempt',
  ],
  [
    'a verdict about the commit before',
    { sync: { status: 'Synced', comparedTo: { source: { targetRevision: 'older' } } }, health: { status: 'Healthy' } },
    'Argo CD has not looked at its newest source yet',
  ],
  [
    'a sync that runs on though all looks well',
    { ...fine, operationState: { phase: 'Running', message: 'waiting for completion of hook' } },
    'sync Running: waiting for completion of hook',
  ],
  [
    'a sync that waits',
    { ...outOfSync, operationState: { phase: 'Running', message: 'waiting for healthy state of foundation' } },
    'sync Running: waiting for healthy state of foundation',
  ],
  [
    'pods that do not start',
    { sync: { status: 'Synced' }, health: { status: 'Degraded', message: 'exceeded its progress deadline' } },
    'exceeded its progress deadline',
  ],
])('held up by %s', (_, status, expected) => {
  expect(statusOf([application('hello-api', 6, status)])[0]!.blockedBy).toBe(expected);
});
