import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { fasterExpression, fasterRouting, fasterRules, seconds, type PrometheusRule } from '../../../lab/alerts/faster';
import { groupingLabels, SIGNALS, selectors, syntaxError } from '../../../modules/monitoring';

const FOLDER = join(__dirname, '../../../gitops/monitoring');

describe('a duration in seconds', () => {
  test.each([
    ['30s', 30],
    ['1h30m', 5400],
    ['1d', 86400],
    ['500ms', 0.5],
  ])('%s is %d', (duration, expected) => expect(seconds(duration)).toBe(expected));
  test.each(['', '5', 'm', '5 m', '1h x'])('%p is refused', (duration) =>
    expect(() => seconds(duration)).toThrow('is no duration'),
  );
});

describe('an expression twenty times as fast', () => {
  test.each([
    ['a range', 'rate(x[5m]) > 0.01', 'rate(x[15000ms]) > 0.01'],
    ['an offset', 'count(up offset 1d)', 'count(up offset 4320000ms)'],
    ['a subquery, its step too', 'max_over_time(x[1h:1m])', 'max_over_time(x[180000ms:3000ms])'],
    ['but not the numbers it compares', 'time() - x < 14 * 86400', 'time() - x < 14 * 86400'],
    ['nor what looks like a duration in a label', 'x{le="5m"} > 5', 'x{le="5m"} > 5'],
  ])('%s', (_, committed, faster) => expect(fasterExpression(committed, 20)).toBe(faster));

  test.each(SIGNALS.map((one) => [one.alert, one.expr]))('%s selects and groups as committed', (_, expr) => {
    const faster = fasterExpression(expr, 20);
    expect(syntaxError(faster)).toBeUndefined();
    expect(selectors(faster)).toEqual(selectors(expr));
    expect(groupingLabels(faster)).toEqual(groupingLabels(expr));
    expect(faster.replaceAll(/\d+ms/g, 'D')).toBe(expr.replaceAll(/(?<=[[:]|offset )\d+[smhd](?=[\]:)]| )/g, 'D'));
  });
});

test('rules keep everything but `for` and their ranges', () => {
  for (const file of readdirSync(FOLDER).filter((name) => name.startsWith('rules-'))) {
    const committed = parse(readFileSync(join(FOLDER, file), 'utf8')) as PrometheusRule;
    const same = (object: PrometheusRule): unknown => ({
      ...object,
      spec: object.spec.groups.map((group) => group.rules.map((rule) => ({ ...rule, expr: '', for: '' }))),
    });
    expect(same(fasterRules(committed, 20))).toEqual(same(committed));
  }
});

test("a rule's `for`", () => {
  const object = { kind: 'PrometheusRule', metadata: { name: 'a' } } as const;
  const rules = [
    { alert: 'A', expr: 'x', for: '30s' },
    { alert: 'B', expr: 'x' },
  ];
  expect(fasterRules({ ...object, spec: { groups: [{ name: 'g', rules }] } }, 20).spec.groups[0]!.rules).toEqual([
    { alert: 'A', expr: 'x', for: '1500ms' },
    { alert: 'B', expr: 'x' },
  ]);
});

test('routing keeps everything but its waits and intervals', () => {
  const committed = readFileSync(join(FOLDER, 'alertmanager.yaml'), 'utf8');
  const faster = fasterRouting(committed, 20);
  const blind = (text: string): unknown =>
    JSON.parse(JSON.stringify(parse(text)).replaceAll(/("\w+_(?:wait|interval)"):"\w+"/g, '$1:""'));
  expect(blind(faster)).toEqual(blind(committed));
  expect((parse(faster) as { route: unknown }).route).toMatchObject({ group_wait: '1500ms', group_interval: '15000ms' });
});
