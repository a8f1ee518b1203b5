/** Signals of REST services: traffic, threads, and what they depend on. */
import { promql } from '../promql';
import type { Signal } from '../signal';

export const rest: readonly Signal[] = [
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
