import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseExposition, RECORDED_FAULTS, recordedSeries, SIGNALS } from '../../../modules/monitoring';
import { RECORDINGS } from '../../../scripts/monitoring/recordings';

const fired = new Set(RECORDED_FAULTS.flatMap(({ fires }) => fires.map((one) => one['alertname'])));

test('every rule on MongoDB’s exporter, and on its driver, was seen to fire at what was recorded', () => {
  const rules = SIGNALS.filter(
    ({ exporter, alert }) => exporter === 'mongodb_exporter' || alert.startsWith('MongoDriver'),
  );
  expect(rules.length).toBeGreaterThan(10);
  expect(rules.map((one) => one.alert).filter((one) => !fired.has(one))).toEqual([]);
});

test('faults name alerts and recordings that there are', () => {
  const alerts = new Set<string | undefined>(SIGNALS.map((one) => one.alert));
  expect([...fired].filter((one) => !alerts.has(one))).toEqual([]);
  const files = RECORDED_FAULTS.flatMap(({ well, then }) => [...Object.values(well), ...Object.values(then)]);
  expect(files.filter((one) => one !== undefined && !existsSync(join(RECORDINGS, one)))).toEqual([]);
});

test('what only grows does so by the difference, a gauge stays, what ends is stale, what begins was not there', () => {
  const types = '# TYPE asked_total counter\n# TYPE now gauge\n';
  const said: Record<string, string> = {
    before: `${types}asked_total{of="a",empty=""} 5\nnow 1\nends 1\n`,
    after: `${types}asked_total{of="a",empty=""} 9\nnow 2\nbegins 3\n`,
  };
  const fault = { component: 'jvm' as const, fault: 'f', well: { one: 'before' }, fires: [] };
  const series = (then: Record<string, string | undefined>) =>
    recordedSeries({ ...fault, then }, (file) => parseExposition([said[file]!]));
  expect(series({ one: 'after' })).toEqual([
    { series: 'asked_total{instance="one",of="a"}', values: '5x9 9+4x60' },
    { series: 'now{instance="one"}', values: '1x9 2x60' },
    { series: 'ends{instance="one"}', values: '1x9 stale' },
    { series: 'begins{instance="one"}', values: '_x10 3x60' },
  ]);
  expect(series({})[0]).toEqual({ series: 'asked_total{instance="one",of="a"}', values: '5x9 5x60' });
  expect(series({ one: undefined }).map((one) => one.values)).toEqual(['5x9 stale', '1x9 stale', '1x9 stale']);
});
