/** The judge of waves over audit logs as kube-apiserver 1.35 writes them; on the lab it reads a real one. */
import { applicationWrites, deletionOf, firstSettled, firstWriteIn, judge, tooEarly } from '../../../lab/gitops/audit';

interface State {
  readonly at: string;
  readonly synced?: string;
  readonly health?: string;
  readonly phase?: string;
  readonly operation?: object;
  readonly chart?: string;
  readonly going?: boolean;
}

let version = 0;
beforeEach(() => (version = 0));

function write(name: string, wave: number | undefined, state: State, verb = 'patch'): string {
  const { at, synced, health = 'Healthy', phase = 'Succeeded', operation, chart, going } = state;
  const source = { targetRevision: at, ...(chart && { chart }) };
  const status = synced !== undefined && {
    sync: { status: 'Synced', revision: synced, comparedTo: { source: { targetRevision: synced } } },
    health: { status: health },
    operationState: { phase },
  };
  const annotations = wave === undefined ? {} : { 'argocd.argoproj.io/sync-wave': String(wave) };
  return JSON.stringify({
    verb,
    objectRef: { resource: 'applications', namespace: 'argocd', name },
    responseStatus: { code: 200 },
    requestReceivedTimestamp: `2026-11-26T12:00:${String(++version).padStart(2, '0')}.000000Z`,
    responseObject: {
      kind: 'Application',
      metadata: { name, resourceVersion: String(version), annotations, ...(going && { deletionTimestamp: 'now' }) },
      spec: { source },
      ...(operation && { operation }),
      ...(status && { status }),
    },
  });
}

const breaches = (...lines: string[]) =>
  judge(applicationWrites(lines.join('\n'))).breaches.map(({ name, earlier }) => `${name} before ${earlier}`);

test('a wave that waits', () => {
  const log = [
    write('foundation', 0, { at: 'a' }, 'create'),
    write('foundation', 0, { at: 'a', synced: 'a' }),
    write('hello-api', 6, { at: 'a' }, 'create'),
    write('hello-api', 6, { at: 'a', synced: 'a' }),
    write('foundation', 0, { at: 'b', synced: 'a' }),
    write('foundation', 0, { at: 'b', synced: 'b' }),
    write('hello-api', 6, { at: 'b', synced: 'a' }),
  ];
  expect(judge(applicationWrites(log.join('\n')))).toEqual({ moves: 4, breaches: [] });
});

test.each<[string, State]>([
  ['not looked at', { at: 'b' }],
  ['healthy at the commit before', { at: 'b', synced: 'a' }],
  ['not told of the commit', { at: 'a', synced: 'a' }],
  ['Progressing', { at: 'b', synced: 'b', health: 'Progressing' }],
  ['Degraded', { at: 'b', synced: 'b', health: 'Degraded' }],
  ['syncing', { at: 'b', synced: 'b', phase: 'Running' }],
  ['about to sync', { at: 'b', synced: 'b', operation: {} }],
])('a wave that goes while the one before is %s', (_, state) => {
  expect(
    breaches(
      write('rules', 4, { at: 'a', synced: 'a' }),
      write('hello-api', 6, { at: 'a', synced: 'a' }),
      write('rules', 4, state),
      write('hello-api', 6, { at: 'b', synced: 'a' }),
    ),
  ).toContain('hello-api before rules');
});

test('a wave that goes before the one that should come first is even there', () => {
  const log = [write('hello-api', 6, { at: 'a' }, 'create'), write('foundation', 0, { at: 'a' }, 'create')];
  expect(breaches(...log)).toEqual(['hello-api before foundation']);
});

test('a chart is at a version: it must be settled, at whatever commit', () => {
  const chart = (health: string) => write('metrics-server', 1, { at: '3.13.1', synced: '3.13.1', chart: 'metrics-server', health });
  expect(breaches(chart('Healthy'), write('rules', 4, { at: 'a' }))).toEqual([]);
  expect(breaches(chart('Progressing'), write('rules', 4, { at: 'a' }))).toEqual(['rules before metrics-server']);
});

test('order is etcd’s, not that of the lines', () => {
  const lines = [write('foundation', 0, { at: 'a', synced: 'a' }), write('hello-api', 6, { at: 'a' })];
  expect(breaches(...lines.reverse())).toEqual([]);
});

test('the root, and what was refused, count for nothing; a torn last line is no trouble', () => {
  const refused = write('hello-api', 6, { at: 'b' }).replace('"code":200', '"code":409');
  expect(breaches(write('root', undefined, { at: 'main' }), write('foundation', 0, { at: 'b' }), refused, '{"verb":"pat')).toEqual([]);
});

test('what is deleted is no longer waited for', () => {
  const log = [
    write('foundation', 0, { at: 'a', synced: 'a', health: 'Degraded' }),
    write('foundation', 0, { at: 'a', synced: 'a' }, 'delete'),
    write('hello-api', 6, { at: 'a' }),
  ];
  expect(breaches(...log)).toEqual([]);
});

test('an Application on its way out is not moved', () => {
  const going = (name: string, wave: number) => write(name, wave, { at: 'a', synced: 'a', going: true });
  const log = [going('hello-api', 6), write('foundation', 0, { at: 'a' }, 'delete'), going('foundation', 0)];
  expect(judge(applicationWrites(log.join('\n')))).toEqual({ moves: 0, breaches: [] });
});

test('a teardown in reverse waves, and one that is not', () => {
  const going = (name: string, wave: number) => write(name, wave, { at: 'a', going: true });
  const early = (...lines: string[]) => tooEarly(applicationWrites(lines.join('\n')));
  expect(early(going('hello-api', 6), going('hello-api', 6), going('rules', 4), going('foundation', 0))).toEqual([]);
  expect(early(going('hello-api', 6), going('rules', 4), going('hello-api', 6))).toEqual(['rules before hello-api was gone']);
});

test('when a namespace was first written to, and an Application first settled', () => {
  const service = JSON.stringify({
    verb: 'patch',
    objectRef: { resource: 'services', namespace: 'hello-api', name: 'hello-api' },
    responseStatus: { code: 201 },
    requestReceivedTimestamp: '2026-11-26T12:00:30.500000Z',
  });
  const namespace = service.replace('"services"', '"namespaces"').replace('30.5', '00.5');
  const log = [namespace, write('rules', 4, { at: 'a' }), write('rules', 4, { at: 'a', synced: 'a' }), service].join('\n');
  expect(firstSettled(log, 'rules')).toBe(Date.parse('2026-11-26T12:00:02Z'));
  expect(firstWriteIn(log, 'hello-api')).toBe(Date.parse('2026-11-26T12:00:30.5Z'));
  expect(firstWriteIn(log, 'shop')).toBeUndefined();
  expect(deletionOf(log, 'services', 'hello-api')).toBeUndefined();
  expect(deletionOf(service.replace('"patch"', '"delete"'), 'services', 'hello-api')).toBe(Date.parse('2026-11-26T12:00:30.5Z'));
});
