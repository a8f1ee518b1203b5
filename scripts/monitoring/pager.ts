/**
 * The pager's budget: Prometheus' own rule engine (promtool) over a quiet week, minute by minute, and over the same week with a
 * fault in it. A check a component and a fault: which alerts fired at all, by severity, is exactly what is planned.
 */
import {
  CATALOGUE,
  CONTROL,
  FAULTS,
  notation,
  quietWeek,
  ruleOf,
  seriesName,
  TICKETS,
  WEEK,
  type Component,
} from '../../modules/monitoring';
import type { Scenario } from './promtool';
import { recordingOf } from './recordings';

const firing = (severity: string, minutes: number): string =>
  `group by (alertname) (last_over_time(ALERTS{alertstate="firing",severity="${severity}"}[${minutes}m]))`;

const expected = (alerts: readonly string[]): { labels: string; value: number }[] =>
  [...alerts].sort().map((alert) => ({ labels: `{alertname="${alert}"}`, value: 1 }));

/** @param fault nothing: the whole quiet week */
function scenario(name: string, component: Component, pages: readonly string[], fault?: string): Scenario {
  const span = fault === undefined ? { from: 0, to: WEEK } : CONTROL;
  const minutes = span.to - span.from;
  const { signals } = CATALOGUE.find((one) => one.component === component)!;
  const tickets = TICKETS.filter((one) => signals.some((it) => it.alert === one.alert)).map((one) => one.alert);
  const check = (severity: string, alerts: readonly string[]) => ({
    expr: firing(severity, minutes),
    eval_time: `${minutes - 1}m`,
    exp_samples: expected(alerts),
  });
  return {
    name,
    rules: { groups: [{ name: component, rules: signals.map((one) => ruleOf(one, component)) }] },
    test: {
      interval: '1m',
      name,
      input_series: quietWeek(component, recordingOf, span, fault).map(({ metric, labels, values }) => ({
        series: seriesName(metric, labels),
        values: notation(values),
      })),
      // Tickets of a control run are whatever follows from its fault.
      promql_expr_test: [check('critical', pages), ...(fault === undefined ? [check('warning', tickets)] : [])],
    },
  };
}

export const quietScenarios = (): Scenario[] =>
  CATALOGUE.map(({ component, title }) => scenario(`a quiet week of ${title} pages nobody`, component, []));

export const controlScenarios = (): Scenario[] =>
  FAULTS.map(({ component, fault, pages }) =>
    scenario(`${component}: ${fault} pages ${pages.join(', ')}`, component, pages, fault),
  );
