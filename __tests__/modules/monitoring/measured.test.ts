import { drawn, measured, SIGNALS, unitOf, type Signal } from '../../../modules/monitoring';

const by = 'by (service)';

test.each([
  ['max by (a) (x) == 0', 'max by (a) (x)', { at: 0, above: false }],
  ['max by (a) (x) == 1', 'max by (a) (x)', { at: 1, above: true }],
  ['sum by (a) (x) > 14.4 * 0.001', 'sum by (a) (x)', { at: 0.0144, above: true }],
  ['(min by (a) (x) < 0.2 and y > 0)', 'min by (a) (x)', { at: 0.2, above: false }],
  ['x unless on (a) y', 'x', undefined],
  ['x < y', 'x', undefined],
])('%s draws %s', (expression, query, threshold) => {
  expect(measured(expression)).toEqual(threshold === undefined ? { query } : { query, threshold });
});

test('a service without an error has none, not nothing', () => {
  const [errors, all] = [`sum ${by} (rate(m_total{status="5"}[5m]))`, `sum ${by} (rate(m_total[5m]))`];
  expect(measured(`${errors} / ${all} > 0.05`).query).toBe(`(${errors} or 0 * ${all}) / ${all}`);
});

test.each([
  ['sum by (a) (rate(x_seconds_sum[5m]))', 'percentunit'],
  ['max by (a) (x_bytes)', 'bytes'],
  ['max by (a) (x_seconds_max)', 's'],
  ['a / (b > 0)', 'percentunit'],
  ['sum by (a) (x)', 'short'],
])('the unit of %s is %s', (query, unit) => {
  expect(unitOf(query)).toBe(unit);
});

test('a panel may draw something else than the rule compares', () => {
  const signal = { ...SIGNALS[0]!, expr: 'x > 1', panel: { query: 'y', unit: 'h', noneYet: true } } as Signal;
  expect(drawn(signal)).toMatchObject({ query: 'y or vector(0)', bare: 'y', unit: 'h', threshold: { at: 1 } });
});

test('no share of one has another unit, and no unit of time is a share', () => {
  for (const signal of SIGNALS) {
    const { unit, threshold } = drawn(signal);
    if (unit === 'percentunit' && threshold !== undefined)
      expect([signal.alert, threshold.at <= 1]).toEqual([signal.alert, true]);
  }
});
