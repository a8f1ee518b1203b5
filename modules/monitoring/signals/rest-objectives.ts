/** Signals of REST services against their objectives: 99.9 % without an error, 99 % within half a second. */
import { promql } from '../promql';
import type { Signal } from '../signal';

export const restObjectives: readonly Signal[] = [
  {
    alert: 'RestErrorBudgetFastBurn',
    signal: 'availability SLO 99.9%, fast burn',
    kind: 'symptom',
    severity: 'critical',
    exporter: 'micrometer',
    actor: 'service',
    row: 'up',
    why: 'The user-visible failure; multi-window burn rate pages only when the monthly budget would be gone in ~2 days. The request floor stops one failed request on an idle service from paging (pyrra#1925).',
    requires: 'management.server.port, apart from the service: requests of probes are then not counted.',
    expr: promql`
        (sum by (namespace,service) (rate(http_server_requests_seconds_count{status=~"5.."}[1h]))
          / sum by (namespace,service) (rate(http_server_requests_seconds_count[1h])) > 14.4 * 0.001)
        and (sum by (namespace,service) (rate(http_server_requests_seconds_count{status=~"5.."}[5m]))
          / sum by (namespace,service) (rate(http_server_requests_seconds_count[5m])) > 14.4 * 0.001)
        and (sum by (namespace,service) (increase(http_server_requests_seconds_count[1h])) > 100)
      `,
    for: '2m',
    threshold: 'burn 14.4x over 1h and 5m, >100 requests/h',
    evidence:
      'source: micrometer 22207bf binders + PrometheusNamingConvention; HikariCP MicrometerMetricsTracker; spring-framework DefaultServerRequestObservationConvention',
    runbook: [
      'Open the REST dashboard and find the route and status that carry the errors.',
      'A rollout in the last hour? Roll it back: `git revert <commit>` and push; Argo CD syncs it. The cause can wait until morning.',
      'Otherwise follow RestDownstreamErrors, HikariPoolExhausted and KafkaProducerErrors of the same service: one of them usually fires too and names the dependency.',
    ],
    fires: [
      {
        minute: 3,
        labels: [{ namespace: 'shop', service: 'orders' }],
        series: [
          [
            'http_server_requests_seconds_count{namespace="shop",service="orders",job="orders",pod="orders-1",uri="/o",status="200"}',
            '0+600x200',
          ],
          [
            'http_server_requests_seconds_count{namespace="shop",service="orders",job="orders",pod="orders-1",uri="/o",status="503"}',
            '0+30x200',
          ],
        ],
      },
    ],
    quiet: [
      {
        from: 0,
        series: [
          [
            'http_server_requests_seconds_count{namespace="shop",service="orders",job="orders",pod="orders-1",uri="/o",status="200"}',
            '0+600x200',
          ],
          [
            'http_server_requests_seconds_count{namespace="shop",service="orders",job="orders",pod="orders-1",uri="/o",status="503"}',
            '0+0.1x200',
          ],
        ],
      },
      {
        from: 90,
        series: [
          [
            'http_server_requests_seconds_count{namespace="shop",service="orders",job="orders",pod="orders-1",uri="/o",status="200"}',
            '0+600x300',
          ],
          [
            'http_server_requests_seconds_count{namespace="shop",service="orders",job="orders",pod="orders-1",uri="/o",status="503"}',
            '0x60 0+100x20 2000x220',
          ],
        ],
      },
      {
        from: 0,
        series: [
          [
            'http_server_requests_seconds_count{namespace="shop",service="orders",job="orders",pod="orders-1",uri="/o",status="200"}',
            '0+600x200',
          ],
          [
            'http_server_requests_seconds_count{namespace="shop",service="orders",job="orders",pod="orders-1",uri="/o",status="503"}',
            '0x100 0+40x3 120x97',
          ],
        ],
      },
      {
        from: 0,
        series: [
          [
            'http_server_requests_seconds_count{namespace="shop",service="orders",job="orders",pod="orders-1",uri="/o",status="200"}',
            '0+1x200',
          ],
          [
            'http_server_requests_seconds_count{namespace="shop",service="orders",job="orders",pod="orders-1",uri="/o",status="503"}',
            '0+0.1x200',
          ],
        ],
      },
    ],
  },
  {
    alert: 'RestErrorBudgetSlowBurn',
    signal: 'availability SLO, slow burn',
    kind: 'symptom',
    severity: 'warning',
    exporter: 'micrometer',
    actor: 'service',
    row: 'up',
    why: 'Catches the slow leak that a fast-burn rule ignores.',
    expr: promql`
        (sum by (namespace,service) (rate(http_server_requests_seconds_count{status=~"5.."}[6h]))
          / sum by (namespace,service) (rate(http_server_requests_seconds_count[6h])) > 6 * 0.001)
        and (sum by (namespace,service) (rate(http_server_requests_seconds_count{status=~"5.."}[30m]))
          / sum by (namespace,service) (rate(http_server_requests_seconds_count[30m])) > 6 * 0.001)
      `,
    for: '15m',
    threshold: 'burn 6x over 6h and 30m',
    evidence:
      'source: micrometer 22207bf binders + PrometheusNamingConvention; HikariCP MicrometerMetricsTracker; spring-framework DefaultServerRequestObservationConvention',
    runbook: [
      'Group the 5xx of the last six hours by route and exception.',
      'Open a ticket with the commonest exception and its first occurrence; compare it with the deploy times.',
      'Nothing has to be done at night.',
    ],
    fires: [
      {
        minute: 16,
        labels: [{ namespace: 'shop', service: 'orders' }],
        series: [
          [
            'http_server_requests_seconds_count{namespace="shop",service="orders",job="orders",pod="orders-1",uri="/o",status="200"}',
            '0+600x900',
          ],
          [
            'http_server_requests_seconds_count{namespace="shop",service="orders",job="orders",pod="orders-1",uri="/o",status="503"}',
            '0+6x900',
          ],
        ],
      },
    ],
    quiet: [
      {
        from: 0,
        series: [
          [
            'http_server_requests_seconds_count{namespace="shop",service="orders",job="orders",pod="orders-1",uri="/o",status="200"}',
            '0+600x900',
          ],
          [
            'http_server_requests_seconds_count{namespace="shop",service="orders",job="orders",pod="orders-1",uri="/o",status="503"}',
            '0+0.3x900',
          ],
        ],
      },
      {
        from: 155,
        series: [
          [
            'http_server_requests_seconds_count{namespace="shop",service="orders",job="orders",pod="orders-1",uri="/o",status="200"}',
            '0+600x900',
          ],
          [
            'http_server_requests_seconds_count{namespace="shop",service="orders",job="orders",pod="orders-1",uri="/o",status="503"}',
            '0x60 0+60x60 3600x780',
          ],
        ],
      },
      {
        from: 0,
        series: [
          [
            'http_server_requests_seconds_count{namespace="shop",service="orders",job="orders",pod="orders-1",uri="/o",status="200"}',
            '0+600x900',
          ],
          [
            'http_server_requests_seconds_count{namespace="shop",service="orders",job="orders",pod="orders-1",uri="/o",status="503"}',
            '0x840 0+6x30 180x30',
          ],
        ],
      },
    ],
  },
  {
    alert: 'RestLatencySloBurn',
    signal: 'latency SLO 99% < 500 ms',
    kind: 'symptom',
    severity: 'critical',
    exporter: 'micrometer',
    actor: 'service',
    row: 'fast',
    why: 'A hung dependency shows as latency long before errors. Uses one SLO bucket, not 70 percentile buckets: management.metrics.distribution.slo.http.server.requests=100ms,500ms,2s. The request floor stops one slow request on an idle service from paging.',
    requires: 'management.metrics.distribution.slo.http.server.requests=50ms,100ms,500ms,1s: no buckets otherwise.',
    expr: promql`
        (1 - sum by (namespace,service) (rate(http_server_requests_seconds_bucket{le="0.5"}[1h]))
          / sum by (namespace,service) (rate(http_server_requests_seconds_count[1h])) > 14.4 * 0.01)
        and (1 - sum by (namespace,service) (rate(http_server_requests_seconds_bucket{le="0.5"}[5m]))
          / sum by (namespace,service) (rate(http_server_requests_seconds_count[5m])) > 14.4 * 0.01)
        and (sum by (namespace,service) (increase(http_server_requests_seconds_count[1h])) > 100)
      `,
    for: '2m',
    threshold: 'burn 14.4x of 1% over 1h and 5m, >100 requests/h',
    evidence:
      'source: micrometer 22207bf binders + PrometheusNamingConvention; HikariCP MicrometerMetricsTracker; spring-framework DefaultServerRequestObservationConvention',
    runbook: [
      'Look at RestServerThreadsSaturated, HikariPoolExhausted and JvmGcOverheadHigh of the same service.',
      'If a dependency is slow, open its breaker or lower its timeout, so that its callers stop waiting.',
      'If the service itself is full, scale it out in git; `kubectl -n <namespace> scale deploy/<service> --replicas=<n+1>` holds until the next sync.',
    ],
    fires: [
      {
        minute: 3,
        labels: [{ namespace: 'shop', service: 'orders' }],
        series: [
          [
            'http_server_requests_seconds_bucket{namespace="shop",service="orders",job="orders",pod="orders-1",uri="/o",le="0.5"}',
            '0+700x200',
          ],
          [
            'http_server_requests_seconds_bucket{namespace="shop",service="orders",job="orders",pod="orders-1",uri="/o",le="1.0"}',
            '0+1000x200',
          ],
          [
            'http_server_requests_seconds_bucket{namespace="shop",service="orders",job="orders",pod="orders-1",uri="/o",le="+Inf"}',
            '0+1000x200',
          ],
          [
            'http_server_requests_seconds_count{namespace="shop",service="orders",job="orders",pod="orders-1",uri="/o"}',
            '0+1000x200',
          ],
        ],
      },
    ],
    quiet: [
      {
        from: 0,
        series: [
          [
            'http_server_requests_seconds_bucket{namespace="shop",service="orders",job="orders",pod="orders-1",uri="/o",le="0.5"}',
            '0+995x200',
          ],
          [
            'http_server_requests_seconds_count{namespace="shop",service="orders",job="orders",pod="orders-1",uri="/o"}',
            '0+1000x200',
          ],
        ],
      },
      {
        from: 90,
        series: [
          [
            'http_server_requests_seconds_bucket{namespace="shop",service="orders",job="orders",pod="orders-1",uri="/o",le="0.5"}',
            '0+1000x60 60000+0x20 60000+1000x220',
          ],
          [
            'http_server_requests_seconds_count{namespace="shop",service="orders",job="orders",pod="orders-1",uri="/o"}',
            '0+1000x300',
          ],
        ],
      },
      {
        from: 0,
        series: [
          [
            'http_server_requests_seconds_bucket{namespace="shop",service="orders",job="orders",pod="orders-1",uri="/o",le="0.5"}',
            '0+1000x97 97600+600x4 100400+1000x97',
          ],
          [
            'http_server_requests_seconds_count{namespace="shop",service="orders",job="orders",pod="orders-1",uri="/o"}',
            '0+1000x200',
          ],
        ],
      },
      {
        from: 0,
        series: [
          [
            'http_server_requests_seconds_bucket{namespace="shop",service="orders",job="orders",pod="orders-1",uri="/o",le="0.5"}',
            '0x200',
          ],
          [
            'http_server_requests_seconds_bucket{namespace="shop",service="orders",job="orders",pod="orders-1",uri="/o",le="+Inf"}',
            '0+1x200',
          ],
          [
            'http_server_requests_seconds_count{namespace="shop",service="orders",job="orders",pod="orders-1",uri="/o"}',
            '0+1x200',
          ],
        ],
      },
    ],
  },
];
