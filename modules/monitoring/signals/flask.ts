/** Signals of hello-api itself: gunicorn's workers and threads, Flask's time and exceptions. */
import { promql } from '../promql';
import type { Signal } from '../signal';

export const flask: readonly Signal[] = [
  {
    alert: 'GunicornWorkerTimeouts',
    signal: 'workers killed by the arbiter',
    kind: 'cause',
    severity: 'critical',
    exporter: 'hello_api',
    actor: 'service',
    row: 'fast',
    why: 'Each one is at least one user answered 502. Counted by the master in child_exit, and only for workers that it aborted: an orderly restart does not count.',
    expr: 'sum by (namespace,pod) (increase(gunicorn_worker_abort_total[10m])) > 0',
    for: '0m',
    threshold: '>0',
    evidence: 'recorded, see lab/expositions',
    runbook: [
      "Each one was a request that hung. Its request id is in gunicorn's log: find the route.",
      'A dependency without a timeout is the usual cause: give it one.',
      'All workers in turn: roll back.',
    ],
    fires: [
      {
        minute: 16,
        labels: [{ namespace: 'flask', pod: 'api-1' }],
        series: [['gunicorn_worker_abort_total{namespace="flask",pod="api-1"}', '0x15 2x40']],
      },
    ],
    quiet: [{ from: 0, series: [['gunicorn_worker_abort_total{namespace="flask",pod="api-1"}', '2x60']] }],
  },
  {
    alert: 'FlaskLatencySloBurn',
    signal: 'latency SLO 99% < 500 ms',
    kind: 'symptom',
    severity: 'critical',
    exporter: 'hello_api',
    actor: 'service',
    row: 'fast',
    why: "promex has only averages over the last 1024 requests and an all-time max; a latency SLO needs the application's histogram. Without the probes, which are many, quick, and nobody's; of a few requests an hour one slow one wakes nobody.",
    expr: promql`
        (1 - sum by (namespace,service) (rate(flask_http_request_duration_seconds_bucket{le="0.5",route!~"/livez|/readyz"}[1h]))
          / sum by (namespace,service) (rate(flask_http_request_duration_seconds_count{route!~"/livez|/readyz"}[1h])) > 14.4 * 0.01)
        and (1 - sum by (namespace,service) (rate(flask_http_request_duration_seconds_bucket{le="0.5",route!~"/livez|/readyz"}[5m]))
          / sum by (namespace,service) (rate(flask_http_request_duration_seconds_count{route!~"/livez|/readyz"}[5m])) > 14.4 * 0.01)
        and (sum by (namespace,service) (increase(flask_http_request_duration_seconds_count{route!~"/livez|/readyz"}[1h])) > 100)
      `,
    for: '2m',
    threshold: 'burn 14.4x over 1 h and 5 min, more than 100 requests an hour',
    evidence: 'recorded: the application defines it (hello_api/metrics.py)',
    runbook: [
      'Which route? Look at the latency panel by route.',
      'Threads all busy (GunicornThreadsSaturated): scale out. Not busy: a dependency is slow.',
      'A rollout in the last hour? Roll it back.',
    ],
    fires: [
      {
        minute: 3,
        labels: [{ namespace: 'hello', service: 'hello-api' }],
        series: [
          [
            'flask_http_request_duration_seconds_bucket{namespace="hello",service="hello-api",method="GET",route="/",le="0.5"}',
            '0+700x200',
          ],
          [
            'flask_http_request_duration_seconds_bucket{namespace="hello",service="hello-api",method="GET",route="/",le="1.0"}',
            '0+1000x200',
          ],
          [
            'flask_http_request_duration_seconds_bucket{namespace="hello",service="hello-api",method="GET",route="/",le="+Inf"}',
            '0+1000x200',
          ],
          [
            'flask_http_request_duration_seconds_count{namespace="hello",service="hello-api",method="GET",route="/"}',
            '0+1000x200',
          ],
          [
            'flask_http_request_duration_seconds_bucket{namespace="hello",service="hello-api",method="GET",route="/livez",le="0.5"}',
            '0+9000x200',
          ],
          [
            'flask_http_request_duration_seconds_bucket{namespace="hello",service="hello-api",method="GET",route="/livez",le="+Inf"}',
            '0+9000x200',
          ],
          [
            'flask_http_request_duration_seconds_count{namespace="hello",service="hello-api",method="GET",route="/livez"}',
            '0+9000x200',
          ],
        ],
      },
    ],
    quiet: [
      {
        from: 0,
        series: [
          [
            'flask_http_request_duration_seconds_bucket{namespace="hello",service="hello-api",method="GET",route="/",le="0.5"}',
            '0+995x200',
          ],
          [
            'flask_http_request_duration_seconds_count{namespace="hello",service="hello-api",method="GET",route="/"}',
            '0+1000x200',
          ],
          [
            'flask_http_request_duration_seconds_bucket{namespace="hello",service="hello-api",method="GET",route="/livez",le="0.5"}',
            '0+9000x200',
          ],
          [
            'flask_http_request_duration_seconds_bucket{namespace="hello",service="hello-api",method="GET",route="/livez",le="+Inf"}',
            '0+9000x200',
          ],
          [
            'flask_http_request_duration_seconds_count{namespace="hello",service="hello-api",method="GET",route="/livez"}',
            '0+9000x200',
          ],
        ],
      },
      {
        from: 90,
        series: [
          [
            'flask_http_request_duration_seconds_bucket{namespace="hello",service="hello-api",method="GET",route="/",le="0.5"}',
            '0+1000x60 60000+0x20 60000+1000x220',
          ],
          [
            'flask_http_request_duration_seconds_count{namespace="hello",service="hello-api",method="GET",route="/"}',
            '0+1000x300',
          ],
          [
            'flask_http_request_duration_seconds_bucket{namespace="hello",service="hello-api",method="GET",route="/livez",le="0.5"}',
            '0+9000x300',
          ],
          [
            'flask_http_request_duration_seconds_bucket{namespace="hello",service="hello-api",method="GET",route="/livez",le="+Inf"}',
            '0+9000x300',
          ],
          [
            'flask_http_request_duration_seconds_count{namespace="hello",service="hello-api",method="GET",route="/livez"}',
            '0+9000x300',
          ],
        ],
      },
      {
        from: 0,
        series: [
          [
            'flask_http_request_duration_seconds_bucket{namespace="hello",service="hello-api",method="GET",route="/",le="0.5"}',
            '0+1000x97 97600+600x4 100400+1000x97',
          ],
          [
            'flask_http_request_duration_seconds_count{namespace="hello",service="hello-api",method="GET",route="/"}',
            '0+1000x200',
          ],
          [
            'flask_http_request_duration_seconds_bucket{namespace="hello",service="hello-api",method="GET",route="/livez",le="0.5"}',
            '0+9000x200',
          ],
          [
            'flask_http_request_duration_seconds_bucket{namespace="hello",service="hello-api",method="GET",route="/livez",le="+Inf"}',
            '0+9000x200',
          ],
          [
            'flask_http_request_duration_seconds_count{namespace="hello",service="hello-api",method="GET",route="/livez"}',
            '0+9000x200',
          ],
        ],
      },
      {
        from: 0,
        series: [
          [
            'flask_http_request_duration_seconds_bucket{namespace="hello",service="hello-api",method="GET",route="/",le="0.5"}',
            '0x200',
          ],
          [
            'flask_http_request_duration_seconds_bucket{namespace="hello",service="hello-api",method="GET",route="/",le="+Inf"}',
            '0+1x200',
          ],
          [
            'flask_http_request_duration_seconds_count{namespace="hello",service="hello-api",method="GET",route="/"}',
            '0+1x200',
          ],
          [
            'flask_http_request_duration_seconds_bucket{namespace="hello",service="hello-api",method="GET",route="/livez",le="0.5"}',
            '0+9000x200',
          ],
          [
            'flask_http_request_duration_seconds_bucket{namespace="hello",service="hello-api",method="GET",route="/livez",le="+Inf"}',
            '0+9000x200',
          ],
          [
            'flask_http_request_duration_seconds_count{namespace="hello",service="hello-api",method="GET",route="/livez"}',
            '0+9000x200',
          ],
        ],
      },
    ],
  },
  {
    alert: 'GunicornThreadsSaturated',
    signal: 'threads busy',
    kind: 'saturation',
    severity: 'warning',
    exporter: 'hello_api',
    actor: 'service',
    row: 'full',
    why: 'The next request waits in haproxy: latency goes up before errors do.',
    expr: promql`
        max by (namespace,pod) (gunicorn_threads_busy)
        / max by (namespace,pod) (gunicorn_threads_limit) > 0.9
      `,
    for: '5m',
    threshold: 'over 90 % for 5 min',
    evidence: 'recorded, see lab/expositions',
    runbook: [
      'Which route holds the threads? See flask_http_requests_in_progress and the slow lines of the log.',
      'Scale out; the next request waits in haproxy.',
    ],
    fires: [
      {
        minute: 5,
        labels: [{ namespace: 'hello', pod: 'api-1' }],
        series: [
          ['gunicorn_threads_busy{namespace="hello",pod="api-1"}', '62x40'],
          ['gunicorn_threads_limit{namespace="hello",pod="api-1"}', '64x40'],
        ],
      },
    ],
    quiet: [
      {
        from: 0,
        series: [
          ['gunicorn_threads_busy{namespace="hello",pod="api-1"}', '6x40'],
          ['gunicorn_threads_limit{namespace="hello",pod="api-1"}', '64x40'],
        ],
      },
    ],
  },
  {
    alert: 'FlaskExceptions',
    signal: 'exceptions that no handler expected',
    kind: 'cause',
    severity: 'warning',
    exporter: 'hello_api',
    actor: 'service',
    row: 'cause',
    why: 'Each is a defect with a route and a traceback.',
    expr: 'sum by (namespace,route) (increase(flask_exceptions_total[15m])) > 3',
    for: '0m',
    threshold: 'more than 3 in 15 min',
    evidence: 'recorded, see lab/expositions',
    runbook: [
      'The label route says where; the log has the traceback under the request id.',
      'Compare with the last release.',
    ],
    panel: { noneYet: true },
    fires: [
      {
        minute: 4,
        labels: [{ namespace: 'hello', route: '/x' }],
        series: [['flask_exceptions_total{namespace="hello",pod="api-1",route="/x"}', '0+1x60']],
      },
    ],
    quiet: [{ from: 0, series: [['flask_exceptions_total{namespace="hello",pod="api-1",route="/x"}', '0x15 2x60']] }],
  },
];
