/**
 * One dashboard for the question that an alert leaves: why? From the spike in a metric to the lines of that time, and from a line to
 * everything that has its trace. Metrics are asked of Prometheus, lines of Loki: alerts come from the former alone.
 */
import {
  CustomVariableBuilder,
  DashboardBuilder,
  DashboardCursorSync,
  DatasourceVariableBuilder,
  RowBuilder,
  TextBoxVariableBuilder,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder as LogsBuilder } from '@grafana/grafana-foundation-sdk/logs';
import { DataqueryBuilder as LogQL, LokiQueryType } from '@grafana/grafana-foundation-sdk/loki';
import { DataqueryBuilder as PromQL } from '@grafana/grafana-foundation-sdk/prometheus';
import { PanelBuilder as TimeseriesBuilder } from '@grafana/grafana-foundation-sdk/timeseries';

/** Where gitops/root/values/kube-prometheus-stack.yaml links a line's trace id to. */
export const LINES_UID = 'cimiento-lines';

const PROMETHEUS = { type: 'prometheus', uid: '${source}' };
/** The uid that Grafana's data source is provisioned with. */
const LOKI = { type: 'loki', uid: 'loki' };

/** Labels select streams, and are few (gitops/root/values/loki.yaml); all after `|` is looked for in their lines. */
const STREAMS = '{k8s_namespace_name="$namespace"}';

export function linesDashboard(): string {
  const board = new DashboardBuilder('Lines: from a spike to its trace')
    .uid(LINES_UID)
    .tags(['cimiento'])
    .refresh('30s')
    .time({ from: 'now-1h', to: 'now' })
    .timezone('browser')
    .tooltip(DashboardCursorSync.Crosshair)
    .withVariable(new DatasourceVariableBuilder('source').label('Prometheus').type('prometheus'))
    .withVariable(new TextBoxVariableBuilder('namespace').label('Namespace').defaultValue('hello-api'))
    .withVariable(
      new CustomVariableBuilder('level')
        .label('Level')
        .values('errors : ERROR|FATAL, warnings too : WARN|ERROR|FATAL, all : .*')
        .current({ text: 'warnings too', value: 'WARN|ERROR|FATAL' }),
    )
    .withVariable(new TextBoxVariableBuilder('search').label('Contains').defaultValue(''))
    // Nothing has this id: until one is chosen there is nothing to show.
    .withVariable(new TextBoxVariableBuilder('trace').label('Trace').defaultValue('none'));

  board.withRow(new RowBuilder('1. The spike: drag over it, and all below is of that time'));
  board.withPanel(
    metric(
      'answers',
      'As the client sees them; alerts are on these.',
      'reqps',
      'sum by (code) (rate(haproxy_frontend_http_responses_total{namespace="$namespace"}[5m]))',
    ),
  );
  board.withPanel(
    metric(
      '99th percentile by route',
      'Of what gunicorn has answered; a timeout is in the answers, as 5xx.',
      's',
      'histogram_quantile(0.99, sum by (route,le) (rate(flask_http_request_duration_seconds_bucket{namespace="$namespace"}[5m])))',
    ),
  );

  board.withRow(new RowBuilder('2. Its lines: who says so, and how requests ended'));
  board.withPanel(
    counted(
      'lines by container and level',
      'Which container complains.',
      `sum by (service_name, k8s_container_name, severity_text) (count_over_time(${STREAMS} | severity_text=~"$level" [$__auto]))`,
    ),
  );
  board.withPanel(
    counted(
      "how requests ended, by haproxy's diagnosis",
      'SC no server, SH it died, sH it was too slow, sQ shed from the queue, PR refused, C or c the client went away.',
      'sum by (term) (count_over_time({k8s_namespace_name="$namespace", k8s_container_name="haproxy"} | json term="term" | term=~".*[A-Za-z].*" [$__auto]))',
    ),
  );
  board.withPanel(
    lines(
      'lines',
      'Open a line: its trace id leads to the rest of the request.',
      `${STREAMS} | severity_text=~"$level" |~ "$search"`,
    ),
  );

  board.withRow(new RowBuilder('3. Its trace: every line of one request, in both containers'));
  board.withPanel(lines('lines of the trace', 'Of every namespace.', '{k8s_namespace_name=~".+"} | trace_id="$trace"'));
  return `${JSON.stringify(board.build(), null, 2)}\n`;
}

const metric = (title: string, description: string, unit: string, query: string): TimeseriesBuilder =>
  new TimeseriesBuilder()
    .title(title)
    .description(description)
    .datasource(PROMETHEUS)
    .span(12)
    .height(7)
    .unit(unit)
    .withTarget(new PromQL().expr(query).legendFormat('__auto'));

const counted = (title: string, description: string, query: string): TimeseriesBuilder =>
  new TimeseriesBuilder()
    .title(title)
    .description(description)
    .datasource(LOKI)
    .span(12)
    .height(7)
    .unit('short')
    .withTarget(new LogQL().expr(query).queryType(LokiQueryType.Range).legendFormat('__auto'));

const lines = (title: string, description: string, query: string): LogsBuilder =>
  new LogsBuilder()
    .title(title)
    .description(description)
    .datasource(LOKI)
    .span(24)
    .height(12)
    .showTime(true)
    .wrapLogMessage(true)
    .enableLogDetails(true)
    .withTarget(new LogQL().expr(query).queryType(LokiQueryType.Range).maxLines(500));
