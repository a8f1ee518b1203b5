import { expand, mutantsOf, promtoolTest, samples, SIGNALS, sparkline } from '../../../modules/monitoring';
import { runTrials, whyNot } from '../../../scripts/monitoring/promtool';

const signal = SIGNALS.find((one) => one.alert === 'PostgresConnectionsHigh')!;
const reason = whyNot();
if (reason !== undefined) process.stderr.write(`promtool's own tests are skipped: ${reason}\n`);
const withPromtool = reason === undefined ? test : test.skip;

test.each([
  ['3', 1],
  ['0x4', 5],
  ['0+1.5x4 _x3 7', 9],
  ['1-2x1', 2],
])('%s is %d samples', (values, count) => {
  expect(samples(values)).toBe(count);
  expect(expand(values)).toHaveLength(count);
});

test('a series is expanded as promtool does, and drawn', () => {
  expect(expand('1+2x3 _x2 5')).toEqual([1, 3, 5, 7, undefined, undefined, 5]);
  expect(sparkline('0+1x7')).toBe('▁▂▃▄▅▆▇█');
  expect(sparkline('0x3')).toBe('▁▁▁▁');
});

test('a test says that it fires at its minute and not one earlier, stays quiet, and resolves', () => {
  const { tests } = promtoolTest(signal);
  expect(tests.map((one) => one.name)).toEqual([
    'PostgresConnectionsHigh fires 1',
    'PostgresConnectionsHigh stays quiet 1',
    'PostgresConnectionsHigh resolves',
  ]);
  expect(tests[0]!.alert_rule_test.map((one) => [one.eval_time, one.exp_alerts.length])).toEqual([
    ['4m', 0],
    ['5m', 1],
  ]);
});

test('every kind of mistake is put in', () => {
  const kinds = new Set(SIGNALS.flatMap(mutantsOf).map((one) => one.operator));
  expect([...kinds].sort()).toEqual(
    [
      'for x10',
      'guard dropped',
      'label dropped',
      'metric renamed',
      'operator flipped',
      'threshold x1000',
      'window 1 s',
    ].sort(),
  );
  expect(mutantsOf(signal).map((one) => one.change)).toContain('> to <');
  for (const one of SIGNALS)
    for (const mutant of mutantsOf(one)) expect([mutant.expr, mutant.for]).not.toEqual([one.expr, one.for]);
});

withPromtool(
  'promtool agrees with a rule and refuses its mutants',
  async () => {
    const mutants = mutantsOf(signal);
    const [rule, ...broken] = await runTrials([
      { name: 'rule', signal },
      ...mutants.map((one) => ({ name: one.change, signal, expr: one.expr, for: one.for })),
    ]);
    expect(rule!.passed).toBe(true);
    expect(broken.filter((one) => one.passed).map((one) => one.name)).toEqual([]);
  },
  60_000,
);
