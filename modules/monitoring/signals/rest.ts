/** Signals of REST services, as they see themselves: objectives, traffic, threads, and whom they call. */
import { promql } from '../promql';
import type { Signal } from '../signal';

export const rest: readonly Signal[] = [
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
  {
    alert: 'RestTrafficDropped',
    signal: 'traffic vanished versus same time yesterday',
    kind: 'symptom',
    severity: 'warning',
    exporter: 'micrometer',
    actor: 'service',
    row: 'up',
    why: 'No traffic means no errors: error-ratio rules are blind when the route or DNS in front is broken. Pods that were never asked have no series: none is as good as zero.',
    expr: promql`
        (sum by (namespace,service) (rate(http_server_requests_seconds_count[10m])) or 0 * sum by (namespace,service) (rate(http_server_requests_seconds_count[1h] offset 1d)))
          < 0.1 * sum by (namespace,service) (rate(http_server_requests_seconds_count[1h] offset 1d))
        and sum by (namespace,service) (rate(http_server_requests_seconds_count[1h] offset 1d)) > 1
      `,
    for: '10m',
    threshold: '<10% of yesterday, if yesterday >1 rps',
    evidence:
      'source: micrometer 22207bf binders + PrometheusNamingConvention; HikariCP MicrometerMetricsTracker; spring-framework DefaultServerRequestObservationConvention',
    runbook: [
      'Call the public address from outside: `curl -v https://<host>/`.',
      "Check the load balancer's healthy targets, the DNS record and the last change of the ingress.",
      'A holiday or a planned stop? Silence it until tomorrow.',
    ],
    panel: { unit: 'reqps' },
    fires: [
      {
        minute: 1459,
        labels: [{ namespace: 'shop', service: 'orders' }],
        series: [
          [
            'http_server_requests_seconds_count{namespace="shop",service="orders",job="orders",pod="orders-1"}',
            '0+600x1440 864000x60',
          ],
        ],
      },
      // A rollout broke the way in: the new pods are never asked, so they have no series, and the old ones' end.
      {
        minute: 1457,
        labels: [{ namespace: 'shop', service: 'orders' }],
        series: [
          [
            'http_server_requests_seconds_count{namespace="shop",service="orders",job="orders",pod="orders-1"}',
            '0+600x1430 stale _x60',
          ],
        ],
      },
    ],
    quiet: [
      {
        from: 0,
        series: [
          [
            'http_server_requests_seconds_count{namespace="shop",service="orders",job="orders",pod="orders-1"}',
            '0+600x1500',
          ],
        ],
      },
      {
        from: 0,
        series: [
          [
            'http_server_requests_seconds_count{namespace="shop",service="orders",job="orders",pod="orders-1"}',
            '0+6x1440 8640x60',
          ],
        ],
      },
    ],
  },
  {
    alert: 'RestServerThreadsSaturated',
    signal: 'Tomcat worker threads busy',
    kind: 'saturation',
    severity: 'warning',
    exporter: 'micrometer',
    actor: 'service',
    row: 'full',
    why: 'Leading indicator: when the pool is full, every further request queues and latency goes vertical.',
    requires: 'server.tomcat.mbeanregistry.enabled=true; no series otherwise.',
    expr: promql`
        max by (namespace,service,pod) (tomcat_threads_busy_threads)
        / max by (namespace,service,pod) (tomcat_threads_config_max_threads > 0) > 0.9
      `,
    for: '5m',
    threshold: '>90% of max threads',
    evidence:
      'source: micrometer 22207bf binders + PrometheusNamingConvention; HikariCP MicrometerMetricsTracker; spring-framework DefaultServerRequestObservationConvention',
    runbook: [
      'See which route is slow: busy threads are usually waiting threads.',
      'Take a thread dump (`jcmd 1 Thread.print`) from one pod before anything is restarted.',
      'Scale out if the route itself is not to blame.',
    ],
    fires: [
      {
        minute: 5,
        labels: [{ namespace: 'shop', pod: 'orders-1', service: 'orders' }],
        series: [
          ['tomcat_threads_busy_threads{namespace="shop",service="orders",job="orders",pod="orders-1"}', '195x40'],
          [
            'tomcat_threads_config_max_threads{namespace="shop",service="orders",job="orders",pod="orders-1"}',
            '200x40',
          ],
        ],
      },
    ],
    quiet: [
      {
        from: 0,
        series: [
          ['tomcat_threads_busy_threads{namespace="shop",service="orders",job="orders",pod="orders-1"}', '40x40'],
          [
            'tomcat_threads_config_max_threads{namespace="shop",service="orders",job="orders",pod="orders-1"}',
            '200x40',
          ],
        ],
      },
    ],
  },
  {
    alert: 'RestDownstreamErrors',
    signal: 'errors calling another service',
    kind: 'cause',
    severity: 'warning',
    exporter: 'micrometer',
    actor: 'service',
    row: 'cause',
    why: 'Names the dependency that is failing, so the page about the front service carries its cause.',
    expr: promql`
        sum by (namespace,service,client_name) (rate(http_client_requests_seconds_count{outcome=~"SERVER_ERROR|UNKNOWN"}[5m]))
        / sum by (namespace,service,client_name) (rate(http_client_requests_seconds_count[5m])) > 0.05
      `,
    for: '5m',
    threshold: '>5%',
    evidence: 'recorded, see lab/expositions',
    runbook: [
      'The label client_name names the dependency: look at its own dashboard first.',
      'Outcome UNKNOWN means that no answer came: network, DNS or a refused connection.',
      'Tell the owner of the dependency; consider its fallback.',
    ],
    fires: [
      {
        minute: 6,
        labels: [{ client_name: 'pay', namespace: 'shop', service: 'orders' }],
        series: [
          [
            'http_client_requests_seconds_count{namespace="shop",service="orders",job="orders",pod="orders-1",client_name="pay",outcome="SUCCESS",status="200"}',
            '0+60x40',
          ],
          [
            'http_client_requests_seconds_count{namespace="shop",service="orders",job="orders",pod="orders-1",client_name="pay",outcome="UNKNOWN",status="IO_ERROR"}',
            '0+10x40',
          ],
          [
            'http_client_requests_seconds_count{namespace="shop",service="orders",job="orders",pod="orders-1",client_name="stock",outcome="SUCCESS",status="200"}',
            '0+60x40',
          ],
        ],
      },
    ],
    quiet: [
      {
        from: 0,
        series: [
          [
            'http_client_requests_seconds_count{namespace="shop",service="orders",job="orders",pod="orders-1",client_name="pay",outcome="SUCCESS",status="200"}',
            '0+60x40',
          ],
          [
            'http_client_requests_seconds_count{namespace="shop",service="orders",job="orders",pod="orders-1",client_name="pay",outcome="UNKNOWN",status="IO_ERROR"}',
            '0+1x40',
          ],
        ],
      },
    ],
  },
  {
    alert: 'CircuitBreakerOpen',
    signal: 'circuit breaker open',
    kind: 'cause',
    severity: 'warning',
    exporter: 'micrometer',
    actor: 'service',
    row: 'cause',
    why: 'The service is deliberately refusing calls; explains fast 503s that look like health.',
    expr: 'max by (namespace,service,name) (resilience4j_circuitbreaker_state{state=~"open|forced_open"}) == 1',
    for: '2m',
    threshold: 'open 2m',
    evidence: 'recorded, see lab/expositions',
    runbook: [
      'The label name says which breaker; look at that dependency.',
      'The breaker closes by itself when the dependency answers again; do not force it closed.',
      'Forced open by hand? Find out who, and why it still is.',
    ],
    fires: [
      {
        minute: 2,
        labels: [{ name: 'pay', namespace: 'shop', service: 'orders' }],
        series: [
          [
            'resilience4j_circuitbreaker_state{namespace="shop",service="orders",job="orders",pod="orders-1",name="pay",state="open"}',
            '1x40',
          ],
          [
            'resilience4j_circuitbreaker_state{namespace="shop",service="orders",job="orders",pod="orders-1",name="pay",state="closed"}',
            '0x40',
          ],
        ],
      },
      {
        minute: 2,
        labels: [{ name: 'pay', namespace: 'shop', service: 'orders' }],
        series: [
          [
            'resilience4j_circuitbreaker_state{namespace="shop",service="orders",job="orders",pod="orders-1",name="pay",state="forced_open"}',
            '1x40',
          ],
          [
            'resilience4j_circuitbreaker_state{namespace="shop",service="orders",job="orders",pod="orders-1",name="pay",state="open"}',
            '0x40',
          ],
        ],
      },
    ],
    quiet: [
      {
        from: 0,
        series: [
          [
            'resilience4j_circuitbreaker_state{namespace="shop",service="orders",job="orders",pod="orders-1",name="pay",state="open"}',
            '0x40',
          ],
          [
            'resilience4j_circuitbreaker_state{namespace="shop",service="orders",job="orders",pod="orders-1",name="pay",state="closed"}',
            '1x40',
          ],
        ],
      },
    ],
  },
];
