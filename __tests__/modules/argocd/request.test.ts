import { type Application, requestFor, written } from '../../../modules/argocd';

const OLD = { repoURL: 'https://github.com/you/cimiento', targetRevision: 'aaa', path: 'gitops/monitoring' };
const NEW = { ...OLD, targetRevision: 'bbb' };

interface Part {
  readonly name?: string;
  readonly sync?: 'Synced' | 'OutOfSync';
  readonly phase?: string;
  /** Of the sync under way; null for one that names none. */
  readonly source?: typeof OLD | null;
  /** That it took, where it names none. */
  readonly took?: typeof OLD;
  readonly operation?: object;
}

const application = ({ name = 'rules', sync = 'Synced', phase, source = NEW, took, operation }: Part): Application => ({
  metadata: { name },
  spec: { source: NEW },
  ...(operation && { operation }),
  status: {
    sync: { status: sync },
    ...(phase && {
      operationState: {
        phase,
        operation: { sync: { ...(source && { source }) } },
        ...(took && { syncResult: { source: took } }),
      },
    }),
  },
});

test.each<[string, Part, string | undefined]>([
  ['a child that is Synced', { phase: 'Succeeded' }, undefined],
  ['the root that is Synced: git may have moved', { name: 'root', phase: 'Succeeded' }, 'refresh'],
  ['what failed: Argo CD does not try it again by itself', { sync: 'OutOfSync', phase: 'Failed' }, 'sync'],
  ['what could not be begun', { sync: 'OutOfSync', phase: 'Error' }, 'sync'],
  ['a verdict older than its sync, which nobody renewed', { sync: 'OutOfSync', phase: 'Succeeded' }, 'refresh'],
  ['a failure that git has mended', { sync: 'Synced', phase: 'Failed' }, undefined],
  ['a sync that is requested already', { sync: 'OutOfSync', phase: 'Failed', operation: {} }, undefined],
  ['a sync of what the spec says', { sync: 'OutOfSync', phase: 'Running' }, undefined],
  [
    'a sync that we asked for, before anybody compared',
    { sync: 'OutOfSync', phase: 'Running', source: null },
    undefined,
  ],
  ['a sync that we asked for, before a push', { sync: 'OutOfSync', phase: 'Running', source: null, took: OLD }, 'end'],
  ['the root’s', { name: 'root', sync: 'OutOfSync', phase: 'Running' }, 'refresh'],
  ['retries of an older commit', { sync: 'OutOfSync', phase: 'Running', source: OLD }, 'end'],
  ['retries of an older commit, though all is Synced', { phase: 'Running', source: OLD }, 'end'],
  ['a sync that is ending', { phase: 'Terminating', source: OLD }, undefined],
])('%s', (_, part, expected) => {
  expect(requestFor(application(part), false)).toBe(expected);
});

test('anew: any sync is ended, and no more than that', () => {
  expect(requestFor(application({ phase: 'Running' }), true)).toBe('end');
  expect(requestFor(application({ phase: 'Succeeded' }), true)).toBeUndefined();
});

test('every request has the Application looked at; only a sync writes an operation, as its own policy says', () => {
  const policy = { syncOptions: ['ServerSideApply=true'], retry: { limit: 5 } };
  const child: Application = { metadata: { name: 'rules' }, spec: { source: NEW, syncPolicy: policy } };
  for (const request of ['refresh', 'sync', 'end'] as const) {
    const patch = written(request, child);
    expect(patch.metadata).toMatchObject({ name: 'rules', annotations: { 'argocd.argoproj.io/refresh': 'normal' } });
    expect('operation' in patch).toBe(request === 'sync');
  }
  expect(written('sync', child)).toMatchObject({
    operation: { sync: { prune: true, syncOptions: ['ServerSideApply=true'] }, retry: { limit: 5 } },
  });
});
