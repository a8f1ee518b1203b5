/** The judge of waves over audit logs as kube-apiserver 1.35 writes them; on the lab it reads a real one. */
import { applicationWrites, firstSettled, firstWriteIn, judge } from '../../../lab/gitops/audit';

interface State {
  readonly at: string;
  readonly synced?: string;
  readonly health?: string;
  readonly phase?: string;
  readonly operation?: object;
  readonly chart?: string;
}

let version = 0;
beforeEach(() => (version = 0));

function write(name: string, wave: number | undefined, state: State, verb = 'patch'): string {
  const { at, synced, health = 'Healthy', phase = 'Succeeded', operation, chart } = state;
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
      metadata: { name, resourceVersion: String(version), annotations },
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

test('when a namespace was first written to, and an Application first settled', () => {
  const service = JSON.stringify({
    verb: 'patch',
    objectRef: { resource: 'services', namespace: 'hello-api', name: 'hello-api' },
    responseStatus: { code: 201 },
    requestReceivedTimestamp: '2026-11-26T12:00:30.500000Z',
  });
  const log = [write('rules', 4, { at: 'a' }), write('rules', 4, { at: 'a', synced: 'a' }), service].join('\n');
  expect(firstSettled(log, 'rules')).toBe(Date.parse('2026-11-26T12:00:02Z'));
  expect(firstWriteIn(log, 'hello-api')).toBe(Date.parse('2026-11-26T12:00:30.5Z'));
  expect(firstWriteIn(log, 'shop')).toBeUndefined();
});
