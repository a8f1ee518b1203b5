/**
 * promtool's unit tests of a signal: it fires at its minute and not one earlier, with exactly its labels; it resolves once the
 * quiet series follow the firing ones; and it stays quiet under each quiet scenario.
 */
import type { Series, Signal } from './signal';

interface Check {
  readonly eval_time: string;
  readonly alertname: string;
  readonly exp_alerts: readonly { readonly exp_labels: Readonly<Record<string, string>> }[];
}

interface Scenario {
  readonly interval: '1m';
  readonly name: string;
  readonly input_series: readonly { readonly series: string; readonly values: string }[];
  readonly alert_rule_test: readonly Check[];
}

/** The `tests` of a file for promtool; who writes the file says where the rule is. */
export interface PromtoolTest {
  readonly tests: readonly Scenario[];
}

export function promtoolTest(signal: Signal): PromtoolTest {
  const quiet = (minute: number): Check => ({ eval_time: `${minute}m`, alertname: signal.alert, exp_alerts: [] });
  const scenario = (name: string, series: readonly Series[], checks: readonly Check[]): Scenario => ({
    interval: '1m',
    name: `${signal.alert} ${name}`,
    input_series: series.map(([selector, values]) => ({ series: selector, values })),
    alert_rule_test: checks,
  });
  const tests = signal.fires.map(({ minute, until, labels, series }, index) =>
    scenario(`fires ${index + 1}`, series, [
      ...(minute > 0 ? [quiet(minute - 1)] : []),
      ...[minute, ...(until === undefined ? [] : [until])].map((at) => ({
        eval_time: `${at}m`,
        alertname: signal.alert,
        exp_alerts: labels.map((exp_labels) => ({ exp_labels })),
      })),
    ]),
  );
  signal.quiet.forEach(({ from, series }, index) => {
    const last = minutes(series) - 1;
    tests.push(scenario(`stays quiet ${index + 1}`, series, everyMinute(from, last).map(quiet)));
  });
  const calm = signal.quiet[0];
  const storm = signal.fires[0];
  if (calm !== undefined && storm !== undefined) {
    const series = joined(storm.series, calm.series);
    tests.push(scenario('resolves', series, [quiet(minutes(series) - 1)]));
  }
  return { tests };
}

/** The minutes to look at: each of the first hours, then every tenth; always the last. */
const everyMinute = (from: number, last: number): number[] =>
  Array.from({ length: last - from + 1 }, (_, index) => from + index).filter(
    (minute) => minute < from + 130 || minute % 10 === 0 || minute === last,
  );

/** The samples of a series in promtool's notation: `3` one, `0+1x5` six, `_x4` four that are missing. */
export function samples(values: string): number {
  return values
    .split(/\s+/)
    .map((part) => {
      const repeated = /x(\d+)$/.exec(part);
      if (repeated === null) return 1;
      return Number(repeated[1]) + (part.startsWith('_') ? 0 : 1);
    })
    .reduce((sum, one) => sum + one, 0);
}

const minutes = (series: readonly Series[]): number => Math.max(...series.map(([, values]) => samples(values)));

/** First the one, then the other: a series of both goes on, one of the first ends, one of the second begins late. */
function joined(first: readonly Series[], then: readonly Series[]): Series[] {
  const start = minutes(first);
  const pad = (values: string): string => (start > samples(values) ? `${values} _x${start - samples(values)}` : values);
  const later = new Map(then);
  const both = first.map(([selector, values]): Series => {
    const next = later.get(selector);
    later.delete(selector);
    return [selector, next === undefined ? `${values} stale` : `${pad(values)} ${next}`];
  });
  return [...both, ...[...later].map(([selector, values]): Series => [selector, `_x${start} ${values}`])];
}
