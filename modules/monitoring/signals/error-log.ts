/** Signals of a JVM service's own log. */
import { promql } from '../promql';
import type { Signal } from '../signal';

export const errorLog: readonly Signal[] = [
  {
    alert: 'ErrorLogBurst',
    signal: 'ERROR log events',
    kind: 'cause',
    severity: 'warning',
    exporter: 'micrometer',
    actor: 'service',
    row: 'cause',
    why: 'Cheapest bridge from metrics to logs; links straight to the Loki query.',
    expr: promql`
        sum by (namespace,service) (rate(logback_events_total{level="error"}[5m])) > 5 * sum by (namespace,service) (rate(logback_events_total{level="error"}[1h] offset 1h))
        and sum by (namespace,service) (rate(logback_events_total{level="error"}[5m])) > 0.5
      `,
    for: '5m',
    threshold: '5x the last hour and >0.5/s',
    evidence:
      'source: micrometer 22207bf binders + PrometheusNamingConvention; HikariCP MicrometerMetricsTracker; spring-framework DefaultServerRequestObservationConvention',
    runbook: [
      'Open the logs of the service at level ERROR, grouped by logger.',
      'Compare the first one with the deploy times.',
      'A symptom alert beside it is the incident; alone it is a ticket.',
    ],
    fires: [
      {
        minute: 137,
        labels: [{ namespace: 'shop', service: 'orders' }],
        series: [
          [
            'logback_events_total{namespace="shop",service="orders",job="orders",pod="orders-1",level="error"}',
            '0+1x130 130+120x40',
          ],
          [
            'logback_events_total{namespace="shop",service="orders",job="orders",pod="orders-1",level="info"}',
            '0+60000x130 7800000x60',
          ],
        ],
      },
    ],
    quiet: [
      {
        from: 125,
        series: [
          [
            'logback_events_total{namespace="shop",service="orders",job="orders",pod="orders-1",level="error"}',
            '0+40x170',
          ],
          [
            'logback_events_total{namespace="shop",service="orders",job="orders",pod="orders-1",level="info"}',
            '0+6000x170',
          ],
        ],
      },
      {
        from: 0,
        series: [
          [
            'logback_events_total{namespace="shop",service="orders",job="orders",pod="orders-1",level="error"}',
            '0x130 0+10x60',
          ],
          [
            'logback_events_total{namespace="shop",service="orders",job="orders",pod="orders-1",level="info"}',
            '0+6000x190',
          ],
        ],
      },
      {
        from: 0,
        series: [
          [
            'logback_events_total{namespace="shop",service="orders",job="orders",pod="orders-1",level="error"}',
            '0+1x190',
          ],
          [
            'logback_events_total{namespace="shop",service="orders",job="orders",pod="orders-1",level="info"}',
            '0x130 0+600x60',
          ],
        ],
      },
    ],
  },
];
