/** Grafana dashboards by the foundation SDK: one overview that answers "is it up, is it fast, is it full", and one a component. */
import {
  DashboardBuilder,
  DashboardCursorSync,
  DashboardLinkBuilder,
  DashboardLinkType,
  DatasourceVariableBuilder,
  RowBuilder,
  ThresholdsConfigBuilder,
  ThresholdsMode,
  type MappingType,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus';
import {
  BigValueColorMode,
  BigValueGraphMode,
  GraphThresholdsStyleConfigBuilder,
  GraphThresholdsStyleMode,
} from '@grafana/grafana-foundation-sdk/common';
import { PanelBuilder as StatBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { PanelBuilder as TimeseriesBuilder } from '@grafana/grafana-foundation-sdk/timeseries';
import type { Row, Signal } from './signal';
import { CATALOGUE, type ComponentSignals } from './signals';
import { drawn } from './measured';
import { metricNames } from './promql';

const SOURCE = { type: 'prometheus', uid: '${source}' };

const ROWS: readonly { readonly row: Row; readonly title: string }[] = [
  { row: 'up', title: 'Is it up?' },
  { row: 'fast', title: 'Is it fast?' },
  { row: 'full', title: 'Is it full?' },
  { row: 'cause', title: 'What explains it' },
];

/** What a tile of the overview says of a component: nothing fires, a ticket is open, somebody is being woken. */
const STATES = [
  { value: 0, text: 'fine', color: 'green' },
  { value: 1, text: 'ticket', color: 'orange' },
  { value: 2, text: 'page', color: 'red' },
] as const;

/** What is there as long as somebody watches: of the metrics that a healthy system has too. Buckets are many, and have a count. */
const watched = (signals: readonly Signal[]): string =>
  [
    ...new Set(
      signals
        .filter((one) => one.panel?.noneYet !== true && one.emptyByDesign === undefined)
        .flatMap((one) => metricNames(one.expr))
        .filter((name) => !name.endsWith('_bucket')),
    ),
  ]
    .map((name) => ` or 0 * group(${name})`)
    .join('');

/** A tile a component and question, which leads to the component's dashboard; one without any of its metrics claims nothing. */
export function overviewDashboard(catalogue: readonly ComponentSignals[] = CATALOGUE): string {
  const board = empty('cimiento-overview', 'Overview: up, fast, full');
  for (const { row, title } of ROWS.slice(0, 3)) {
    board.withRow(new RowBuilder(title));
    for (const { component, title: name, signals } of catalogue) {
      const here = signals.filter((one) => one.row === row && one.severity !== 'none');
      const alerts = here.map((one) => one.alert);
      if (alerts.length === 0) continue;
      const firing = `alertstate="firing",alertname=~"${alerts.join('|')}"`;
      board.withPanel(
        new StatBuilder()
          .title(name)
          .description(alerts.join(', '))
          .datasource(SOURCE)
          .span(4)
          .height(4)
          .colorMode(BigValueColorMode.Background)
          .graphMode(BigValueGraphMode.None)
          .noValue('not watched')
          .links([new DashboardLinkBuilder(name).type(DashboardLinkType.Link).url(`/d/cimiento-${component}`)])
          .mappings([
            {
              type: 'value' as MappingType.ValueToText,
              options: Object.fromEntries(
                STATES.map(({ value, text: words, color }) => [String(value), { text: words, color, index: value }]),
              ),
            },
          ])
          .thresholds(
            new ThresholdsConfigBuilder()
              .mode(ThresholdsMode.Absolute)
              .steps(
                STATES.map(({ value, color }) => ({ value: value === 0 ? (null as unknown as number) : value, color })),
              ),
          )
          .withTarget(
            new DataqueryBuilder().expr(
              `max(2 * ALERTS{${firing},severity="critical"} or ALERTS{${firing},severity!="critical"}${watched(here)})`,
            ),
          ),
      );
    }
  }
  return text(board);
}

/** A panel an alert, in the order of the three questions, with the alert's threshold drawn where it is a number. */
export function componentDashboard({ component, title, signals }: ComponentSignals): string {
  const board = empty(`cimiento-${component}`, title);
  for (const { row, title: question } of ROWS) {
    const here = signals.filter((one) => one.row === row && one.severity !== 'none');
    if (here.length === 0) continue;
    board.withRow(new RowBuilder(question));
    for (const signal of here) board.withPanel(panel(signal));
  }
  return text(board);
}

function panel(signal: Signal): TimeseriesBuilder {
  const { query, threshold, unit } = drawn(signal);
  const built = new TimeseriesBuilder()
    .title(signal.signal)
    .description(`${signal.why}\n\nAlert ${signal.alert}: ${signal.threshold}`)
    .datasource(SOURCE)
    .span(8)
    .height(7)
    .unit(unit)
    .fillOpacity(8)
    .withTarget(new DataqueryBuilder().expr(query).legendFormat('__auto'));
  if (threshold === undefined) return built;
  // Only what is bad is tinted. A step holds from its value on: where 0 is fine the step is just above it, where 0 is bad between
  // 0 and 1.
  const { at, above } = threshold;
  const step = at !== 0 ? at : above ? 0.001 : 0.5;
  return built
    .thresholdsStyle(new GraphThresholdsStyleConfigBuilder().mode(GraphThresholdsStyleMode.LineAndArea))
    .thresholds(
      new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps([
        { value: null as unknown as number, color: above ? 'transparent' : 'red' },
        { value: step, color: above ? 'red' : 'transparent' },
      ]),
    );
}

function empty(uid: string, title: string): DashboardBuilder {
  return new DashboardBuilder(title)
    .uid(uid)
    .tags(['cimiento'])
    .refresh('30s')
    .time({ from: 'now-3h', to: 'now' })
    .timezone('browser')
    .tooltip(DashboardCursorSync.Crosshair)
    .withVariable(new DatasourceVariableBuilder('source').label('Prometheus').type('prometheus'));
}

const text = (board: DashboardBuilder): string => `${JSON.stringify(board.build(), null, 2)}\n`;
