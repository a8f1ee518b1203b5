/**
 * Signals of the way of a log line. None pages: logs explain what metrics have alerted on, and while they are late the files on the
 * nodes keep them. What Loki refuses is seen from the collector, which is told so for each request.
 */
import { promql } from '../promql';
import type { Series, Signal } from '../signal';

const POD = 'namespace="monitoring",pod="log-collector-a"';
const EVIDENCE = 'recorded by lab/logs/run --record from OpenTelemetry Collector 0.165.1';

/** Lines a minute that the service says it wrote, and that were taken from its container and from haproxy's. */
const books = (written: string, app: string, haproxy: string): Series[] => [
  ['flask_log_lines_total{namespace="hello-api",pod="hello-api-1",level="info"}', written],
  [`otelcol_receiver_accepted_log_records{${POD},receiver="file_log/hello-api.app"}`, app],
  [`otelcol_receiver_accepted_log_records{${POD},receiver="file_log/hello-api.haproxy"}`, haproxy],
  [`otelcol_receiver_accepted_log_records{${POD},receiver="file_log/others"}`, '0+5x90'],
];

const refused = (values: string): Series[] => [
  [`otelcol_exporter_send_failed_log_records{${POD},exporter="otlp_http/loki"}`, values],
];

const queue = (size: string, sent: string): Series[] => [
  [`otelcol_exporter_queue_size{${POD},exporter="otlp_http/loki",data_type="logs"}`, size],
  [`otelcol_exporter_queue_capacity{${POD},exporter="otlp_http/loki",data_type="logs"}`, '100000x90'],
  [`otelcol_exporter_sent_log_records{${POD},exporter="otlp_http/loki"}`, sent],
];

const collector = { namespace: 'monitoring', pod: 'log-collector-a' };

export const logs: readonly Signal[] = [
  {
    alert: 'LogsNotArriving',
    signal: 'lines wait and none is sent',
    kind: 'meta',
    severity: 'warning',
    exporter: 'log_collector',
    actor: 'platform',
    row: 'up',
    why: 'Whoever looks for a cause now finds nothing newer than this. Nothing is lost yet: the queue is on disk, the files are behind it.',
    expr: promql`
        sum by (namespace,pod) (otelcol_exporter_queue_size) > 0
        unless on (namespace,pod) sum by (namespace,pod) (rate(otelcol_exporter_sent_log_records[10m])) > 0
      `,
    for: '10m',
    threshold: 'nothing sent in 10 min',
    evidence: EVIDENCE,
    runbook: [
      'One pod: its node cannot reach Loki. All of them: Loki. `kubectl -n monitoring get pod loki-0`, then its log.',
      'Until it is back: `kubectl logs`, which reads the same files.',
      'Loki is full? Its volume is its limit: `kubectl -n monitoring exec loki-0 -- df /var/loki`, and let it grow in the overlay.',
    ],
    fires: [{ minute: 29, labels: [collector], series: queue('0x10 500+500x60', '0+10x10 100x60') }],
    quiet: [
      { from: 0, series: queue('500x90', '0+100x90') },
      { from: 0, series: queue('0x90', '100x90') },
    ],
  },
  {
    alert: 'LogQueueFilling',
    signal: "the collector's queue on disk",
    kind: 'saturation',
    severity: 'warning',
    exporter: 'log_collector',
    actor: 'platform',
    row: 'full',
    why: 'Full, the collector stops reading, and the kubelet deletes files that nobody has read: that is when lines are lost.',
    expr: promql`
        max by (namespace,pod) (otelcol_exporter_queue_size / otelcol_exporter_queue_capacity) > 0.5
      `,
    for: '10m',
    threshold: 'half full for 10 min',
    evidence: EVIDENCE,
    runbook: [
      'Is Loki slow or away? Then that first: its own page of the dashboard says how long a push takes.',
      'One node only: who writes so much there? `topk(5, sum by (service_name) (rate({k8s_namespace_name=~".+"}[5m])))` in Loki.',
      'A program that logs in a loop is scaled down or its level raised; lines kept in files are 5 × 10 MiB a container.',
    ],
    fires: [{ minute: 30, labels: [collector], series: queue('0x19 60000x60', '0+100x90') }],
    quiet: [
      { from: 0, series: queue('40000x90', '0+100x90') },
      { from: 0, series: queue('90000x5 1000x80', '0+100x90') },
    ],
  },
  {
    alert: 'LogLinesDropped',
    signal: 'lines that Loki refused for good',
    kind: 'meta',
    severity: 'warning',
    exporter: 'log_collector',
    actor: 'platform',
    row: 'cause',
    why: 'A request that Loki answers with 400 is not sent again: what it refused in it is gone.',
    // The counter is born with its first value, which no increase shows: hence the second half.
    expr: promql`
        sum by (namespace,pod) (increase(otelcol_exporter_send_failed_log_records[15m]) > 0
          or (otelcol_exporter_send_failed_log_records > 0 unless otelcol_exporter_send_failed_log_records offset 15m)) > 0
      `,
    for: '0m',
    threshold: 'any in 15 min',
    evidence: EVIDENCE,
    runbook: [
      "Loki's reason is in the collector's log: `kubectl -n monitoring logs ds/log-collector | grep Dropping`.",
      '"entry too far behind": a node whose clock is wrong, or files older than a week. "line too long" cannot be: it is cut.',
      'A limit of Loki: raise it in gitops/root/values/loki.yaml, with the reason.',
    ],
    panel: { noneYet: true },
    fires: [
      // A counter that grows, and one that is born with 500.
      { minute: 40, labels: [collector], series: refused('7x39 12x50') },
      { minute: 40, until: 50, labels: [collector], series: refused('_x40 500x50') },
    ],
    quiet: [
      { from: 16, series: refused('500x90') },
      { from: 0, series: refused('0x90') },
    ],
  },
  {
    alert: 'LogLinesLost',
    signal: 'lines the service wrote that nobody took',
    kind: 'meta',
    severity: 'warning',
    exporter: 'log_collector',
    beside: 'hello_api',
    actor: 'platform',
    row: 'cause',
    why: 'The service counts the lines of its request log, the collector those it took from each of the two containers: fewer taken than written were lost on the way, whatever the reason.',
    expr: promql`
        1 - sum by (namespace,receiver) (label_replace(increase(otelcol_receiver_accepted_log_records[15m]), "namespace", "$1", "receiver", "file_log/([^.]+)[.].+"))
          / on (namespace) group_left sum by (namespace) (increase(flask_log_lines_total[15m])) > 0.1
        and on (namespace) sum by (namespace) (increase(flask_log_lines_total[15m])) > 100
      `,
    for: '10m',
    threshold: 'more than 10 % of 15 min, of 100 lines at least',
    evidence: EVIDENCE,
    runbook: [
      'A node without a collector? `kubectl -n monitoring get pod -l app.kubernetes.io/name=log-collector -o wide` against `kubectl get node`.',
      'Restarting collectors, or a full queue (LogQueueFilling): files were rotated away before they were read.',
      'The label receiver says whose lines: `file_log/NAMESPACE.CONTAINER`. Both containers of one node: that node.',
      'What is gone is gone; metrics still count it.',
    ],
    fires: [
      {
        minute: 16,
        labels: [{ namespace: 'hello-api', receiver: 'file_log/hello-api.app' }],
        series: books('0+100x90', '0+100x5 500+0x85', '0+102x90'),
      },
    ],
    quiet: [
      // Exceptions and events make more lines than requests; a scrape that is late makes a few per cent less for a while.
      { from: 0, series: books('0+100x90', '0+103x90', '0+97x90') },
      // Too few to judge.
      { from: 0, series: books('0+4x90', '0+2x90', '0+4x90') },
      // A collector that is restarted, and is not seen for a minute.
      { from: 0, series: books('0+100x90', '0+100x40 0+100x50', '0+101x40 _x1 100+100x48') },
    ],
  },
];
