/** Grafana dashboards by the foundation SDK: one overview that answers "is it up, is it fast, is it full", and one a component. */
import {
  DashboardBuilder,
  DashboardCursorSync,
  DatasourceVariableBuilder,
  RowBuilder,
  ThresholdsConfigBuilder,
  ThresholdsMode,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus';
import { PanelBuilder as StatBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { PanelBuilder as TimeseriesBuilder } from '@grafana/grafana-foundation-sdk/timeseries';
import { parser } from '@prometheus-io/lezer-promql';
import type { Row, Signal } from './signal';
import { CATALOGUE, SIGNALS, type ComponentSignals } from './signals';

const SOURCE = { type: 'prometheus', uid: '${source}' };

const ROWS: readonly { readonly row: Row; readonly title: string }[] = [
  { row: 'up', title: 'Is it up?' },
  { row: 'fast', title: 'Is it fast?' },
  { row: 'full', title: 'Is it full?' },
  { row: 'cause', title: 'What explains it' },
];

/** A stat a component and question: how many of its alerts fire now. Red when a person is being woken. */
export function overviewDashboard(): string {
  const board = empty('cimiento-overview', 'Overview: up, fast, full');
  for (const { row, title } of ROWS.slice(0, 3)) {
    board.withRow(new RowBuilder(title));
    for (const { title: component, signals } of CATALOGUE) {
      const names = signals.filter((one) => one.row === row && one.severity !== 'none').map((one) => one.alert);
      if (names.length === 0) continue;
      const firing = `alertstate="firing",alertname=~"${names.join('|')}"`;
      board.withPanel(
        new StatBuilder()
          .title(component)
          .description(names.join(', '))
          .datasource(SOURCE)
          .span(4)
          .height(4)
          .thresholds(
            new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps([
              { value: null as unknown as number, color: 'green' },
              { value: 1, color: 'orange' },
              { value: 100, color: 'red' },
            ]),
          )
          // A page counts a hundred: one number says both how many fire and whether one of them wakes somebody.
          .withTarget(
            new DataqueryBuilder()
              .expr(
                `100 * (count(ALERTS{${firing},severity="critical"}) or vector(0)) + (count(ALERTS{${firing},severity!="critical"}) or vector(0))`,
              )
              .legendFormat('{{alertname}}'),
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
  const { query, threshold } = measured(signal.expr);
  const built = new TimeseriesBuilder()
    .title(signal.signal)
    .description(`${signal.why}\n\nAlert ${signal.alert}: ${signal.threshold}`)
    .datasource(SOURCE)
    .span(8)
    .height(7)
    .unit(unitOf(query))
    .withTarget(new DataqueryBuilder().expr(query).legendFormat('__auto'));
  if (threshold === undefined) return built;
  return built.thresholds(
    new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps([
      { value: null as unknown as number, color: threshold.above ? 'green' : 'red' },
      { value: threshold.at, color: threshold.above ? 'red' : 'green' },
    ]),
  );
}

/** What an alert compares: the left side of its first comparison, and the number on the right. */
export function measured(expression: string): { query: string; threshold?: { at: number; above: boolean } } {
  let node = parser.parse(expression).topNode.firstChild;
  while (node !== null) {
    const comparison = ['Gtr', 'Gte', 'Lss', 'Lte', 'EqlC', 'Neq']
      .map((name) => node!.getChild(name))
      .find((one) => one !== null);
    const [left, right] = [node.firstChild, node.lastChild];
    if (node.name === 'BinaryExpr' && left !== null && right !== null) {
      if (comparison !== undefined && comparison !== null) {
        const at = product(expression.slice(right.from, right.to));
        const query = bare(expression.slice(left.from, left.to));
        return at === undefined
          ? { query }
          : { query, threshold: { at, above: /^(>|!=)/.test(expression.slice(comparison.from)) } };
      }
      if (node.getChild('And') !== null || node.getChild('Unless') !== null) {
        node = left;
        continue;
      }
    }
    if (node.name === 'ParenExpr') {
      node = node.firstChild;
      continue;
    }
    break;
  }
  return { query: node === null ? expression : bare(expression.slice(node.from, node.to)) };
}

const bare = (query: string): string => query.trim();

/** `14.4 * 0.001` as a number; nothing when there is more in it than numbers. */
function product(expression: string): number | undefined {
  const factors = expression.split('*').map((one) => Number(one.trim()));
  return factors.some(Number.isNaN) ? undefined : Number(factors.reduce((all, one) => all * one, 1).toPrecision(6));
}

/** Grafana's unit of a query, read from the names that Prometheus' conventions give. */
export function unitOf(query: string): string {
  if (/^(deriv|predict_linear)/.test(query)) return 'short';
  if (/_latency\b.*_ops\b/.test(query)) return 'µs';
  if (query.includes(') /') || query.includes(' / ') || /idlepercent|usage_after_gc/.test(query)) return 'percentunit';
  if (/_seconds(_max)?\b(?!.*rate)|tx_duration/.test(query)) return 's';
  if (/totaltimems|lag_ms/.test(query)) return 'ms';
  if (/_bytes\b/.test(query)) return 'bytes';
  return 'short';
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

/** Every query of every panel, so that a test can ask each of a real Prometheus. */
export const panelQueries = (): { alert: string; query: string }[] =>
  SIGNALS.map((signal) => ({ alert: signal.alert, query: measured(signal.expr).query }));
