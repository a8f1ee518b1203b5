import { requestFor, written } from '../../../modules/argocd';

const root = (sync: string, phase?: string, operation?: object) => ({
  metadata: { name: 'root' },
  ...(operation && { operation }),
  status: { sync: { status: sync }, ...(phase && { operationState: { phase } }) },
});

test.each([
  ['Synced', root('Synced', 'Succeeded'), false, 'refresh'],
  ['a commit that failed: Argo CD does not try it again by itself', root('OutOfSync', 'Failed'), false, 'sync'],
  ['never synced', root('OutOfSync'), false, 'sync'],
  ['a sync that runs is not disturbed', root('OutOfSync', 'Running'), false, 'refresh'],
  ['unless it is meant', root('OutOfSync', 'Running'), true, 'end the running sync'],
  ['one that is requested already', root('OutOfSync', 'Failed', { sync: {} }), false, 'refresh'],
] as const)('%s', (_, application, anew, expected) => {
  expect(requestFor(application, anew)).toBe(expected);
});

test('every request has git looked at; only a sync writes an operation, and prunes', () => {
  for (const request of ['refresh', 'sync', 'end the running sync'] as const) {
    const patch = written(request, 'root');
    expect(patch.metadata).toMatchObject({ name: 'root', annotations: { 'argocd.argoproj.io/refresh': 'normal' } });
    expect('operation' in patch).toBe(request === 'sync');
  }
  expect(written('sync', 'root')).toMatchObject({ operation: { sync: { prune: true } } });
});
