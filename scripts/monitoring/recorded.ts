/** The rules of a component over what its exporters were recorded to say: which alerts fire is exactly what is planned. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  CATALOGUE,
  CONCERNED,
  metricNames,
  parseExposition,
  RECORDED,
  RECORDED_FAULTS,
  recordedSeries,
  ruleOf,
} from '../../modules/monitoring';
import type { Scenario } from './promtool';
import { RECORDINGS } from './recordings';

const read = (file: string) => parseExposition([readFileSync(join(RECORDINGS, file), 'utf8')]);

export const recordedScenarios = (): Scenario[] =>
  RECORDED_FAULTS.map((fault) => {
    const { signals, title } = CATALOGUE.find((one) => one.component === fault.component)!;
    const asked = new Set(signals.flatMap((one) => metricNames(one.expr)));
    const name = `${title}: ${fault.fault}`;
    return {
      name,
      rules: { groups: [{ name: fault.component, rules: signals.map((one) => ruleOf(one, fault.component)) }] },
      test: {
        interval: '1m',
        name,
        input_series: recordedSeries(fault, read).filter((one) =>
          asked.has(one.series.slice(0, one.series.indexOf('{'))),
        ),
        promql_expr_test: [
          {
            expr: `group by (${CONCERNED.join(',')}) (ALERTS{alertstate="firing"})`,
            eval_time: `${RECORDED.well + RECORDED.fault - 1}m`,
            exp_samples: fault.fires.map((labels) => ({
              labels: `{${Object.entries(labels)
                .map(([label, value]) => `${label}=${JSON.stringify(value)}`)
                .join(',')}}`,
              value: 1,
            })),
          },
        ],
      },
    };
  });
