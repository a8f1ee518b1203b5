import fc from 'fast-check';
import {
  CATALOGUE,
  expand,
  FAULTS,
  notation,
  parseExposition,
  quietWeek,
  SIGNALS,
  TICKETS,
  WRITTEN_BY_HAND,
} from '../../../modules/monitoring';
import { isCounter } from '../../../modules/monitoring/exposition';
import { recordingOf, seenBy } from '../../../scripts/monitoring/recordings';

const HOUR = { from: 0, to: 60 };

test('values written in promtool’s notation are the values that it reads', () => {
  const value = fc.option(fc.oneof(fc.integer({ min: -1e9, max: 1e9 }), fc.constant(0.25)), { nil: undefined });
  const runs = fc.array(fc.tuple(value, fc.integer({ min: 1, max: 6 }), fc.integer({ min: -3, max: 3 })));
  fc.assert(
    fc.property(runs, (parts) => {
      const values = parts.flatMap(([first, length, step]) =>
        Array.from({ length }, (_, index) => (first === undefined ? undefined : first + index * step)),
      );
      expect(values.length === 0 ? [] : expand(notation(values))).toEqual(values);
    }),
  );
});

test('runs are shortened', () => {
  expect(notation([0, 0, 0, 5, 7, 9, undefined, undefined, 3])).toBe('0x2 5+2x2 stale _x1 3');
});

describe.each(CATALOGUE.map((one) => [one.component, one] as const))('%s', (component, { signals }) => {
  const traces = quietWeek(component, recordingOf, HOUR);

  test('has series', () => {
    expect(traces.length).toBeGreaterThan(0);
  });

  test('invents no label: each series has those of a recorded one, and its target’s', () => {
    const targets = ['job', 'instance', 'namespace', 'service', 'pod'];
    const own = (labels: readonly string[]): string[] => labels.filter((label) => !targets.includes(label)).sort();
    const shapes = new Map<string, readonly string[][]>();
    for (const signal of signals) {
      for (const [metric, samples] of seenBy(signal)?.samples ?? [])
        shapes.set(
          metric,
          samples.map((one) => own([...one.labels.keys()])),
        );
    }
    const invented = traces.filter(({ metric, labels }) => {
      const mine = own(Object.keys(labels));
      // What is written by hand names only the labels that rules ask for.
      const like = (shape: readonly string[]): boolean =>
        metric in WRITTEN_BY_HAND ? mine.every((label) => shape.includes(label)) : mine.join() === shape.join();
      return shapes.get(metric)?.some(like) === false;
    });
    expect(invented.map((one) => one.metric)).toEqual([]);
  });
});

test('what a panel asks for is told by its own exporter, and by the clock of whoever replays it', () => {
  const began = 1_700_000_000;
  const asked = ['mongodb_myState', 'probe_ssl_earliest_cert_expiry - time()'];
  const traces = (['meta', 'kubernetes', 'mongodb', 'rest'] as const).flatMap((one) =>
    quietWeek(one, recordingOf, { ...HOUR, began }, undefined, asked),
  );
  const of = (metric: string) => traces.filter((one) => one.metric === metric);
  expect(new Set(of('mongodb_myState').map((one) => one.labels['job']))).toEqual(new Set(['mongodb']));
  const days = of('probe_ssl_earliest_cert_expiry').map((one) => (one.values[0]! - began) / 86_400);
  expect(new Set(days)).toEqual(new Set([80]));
});

test('a member of a replica set has one state at a time, and says everything in it: of the old one nothing is left', () => {
  // Wednesday, three o'clock: three machines are replaced, the primary's last.
  const hour = 2 * 24 + 15;
  const traces = quietWeek('mongodb', recordingOf, { from: hour * 60, to: (hour + 1) * 60 });
  const states = new Set<string>();
  for (let minute = 0; minute < 60; minute++) {
    const now = traces.filter((one) => one.labels['rs_state'] !== undefined && one.values[minute] !== undefined);
    const told = new Map<string, Set<string>>();
    for (const { labels } of now) {
      const member = labels['instance']!;
      told.set(member, (told.get(member) ?? new Set()).add(labels['rs_state']!));
      states.add(`${member.split('.')[0]} ${labels['rs_state']}`);
    }
    expect([minute, [...told.values()].filter((one) => one.size !== 1)]).toEqual([minute, []]);
  }
  expect([...states].sort()).toEqual(['mongodb-1 1', 'mongodb-1 2', 'mongodb-2 2', 'mongodb-3 1', 'mongodb-3 2']);
});

test('faults and tickets name alerts that exist', () => {
  const names = SIGNALS.map((one) => one.alert);
  for (const { pages } of FAULTS) expect(names).toEqual(expect.arrayContaining([...pages]));
  expect(names).toEqual(expect.arrayContaining(TICKETS.map((one) => one.alert)));
});

test('every component that can page has a fault that does', () => {
  const paging = CATALOGUE.filter((one) => one.signals.some(({ severity }) => severity === 'critical'));
  expect(new Set(FAULTS.map((one) => one.component))).toEqual(new Set(paging.map((one) => one.component)));
});

test('an exposition keeps its values', () => {
  const { samples } = parseExposition(['a{b="c"} 1.5e3\nd +Inf\n']);
  expect(samples.get('a')![0]!.value).toBe(1500);
  expect(samples.get('d')![0]!.value).toBe(Infinity);
});

test.each([
  ['asked', true, '# TYPE asked counter\nasked 1'],
  ['asked_total', true, '# TYPE asked counter\nasked_total 1'],
  ['took_bucket', true, '# TYPE took histogram\ntook_bucket{le="1"} 1'],
  ['took_sum', true, '# TYPE took summary\ntook_sum 1'],
  ['took', false, '# TYPE took summary\ntook{quantile="0.9"} 1'],
  ['sessions_count', false, '# TYPE sessions_count gauge\nsessions_count 1'],
  ['free', false, '# TYPE free gauge\nfree 1'],
  ['unsaid_total', false, 'unsaid_total 1'],
])('of %s it is %s that it only grows: %j', (metric, grows, text) => {
  expect(isCounter(parseExposition([text]), metric)).toBe(grows);
});
