/** Signals of monitoring itself: blind, mute or wrong. */
import { promql } from '../promql';
import type { Signal } from '../signal';

export const meta: readonly Signal[] = [
  {
    alert: 'TargetScrapeFailing',
    signal: 'a declared target cannot be scraped',
    kind: 'meta',
    severity: 'critical',
    exporter: 'prometheus',
    actor: 'platform',
    row: 'up',
    why: 'Every rule above is blind while this holds.',
    expr: 'sum by (namespace,job,endpoint) (up == bool 0) / count by (namespace,job,endpoint) (up) > 0.5',
    for: '5m',
    threshold: ">50% of a job's port",
    evidence: 'stable metric name of the exporter',
    runbook: [
      "Every rule on this job is blind. Open Prometheus' targets page: the error is beside the target.",
      'Refused: is the exporter running? Timeout: is it overloaded (kafka_exporter needs 10 s)? 403: the network policy.',
      'Treat the component as down until it is seen.',
    ],
    fires: [
      {
        minute: 5,
        labels: [{ job: 'orders', namespace: 'shop' }],
        series: [
          ['up{namespace="shop",job="orders",pod="a"}', '0x40'],
          ['up{namespace="shop",job="orders",pod="b"}', '0x40'],
          ['up{namespace="shop",job="orders",pod="c"}', '1x40'],
        ],
      },
      // A job of two ports, of which one is silent on every pod: half of its targets, and all that one exporter says.
      {
        minute: 5,
        labels: [{ job: 'hello-api', namespace: 'hello', endpoint: 'app-metrics' }],
        series: [
          ['up{namespace="hello",job="hello-api",endpoint="app-metrics",pod="a"}', '0x40'],
          ['up{namespace="hello",job="hello-api",endpoint="app-metrics",pod="b"}', '0x40'],
          ['up{namespace="hello",job="hello-api",endpoint="edge-metrics",pod="a"}', '1x40'],
          ['up{namespace="hello",job="hello-api",endpoint="edge-metrics",pod="b"}', '1x40'],
        ],
      },
    ],
    quiet: [
      {
        from: 0,
        series: [
          ['up{namespace="shop",job="orders",pod="a"}', '0x40'],
          ['up{namespace="shop",job="orders",pod="b"}', '1x40'],
        ],
      },
    ],
  },
  {
    alert: 'JobVanished',
    signal: 'a job that existed yesterday is gone',
    kind: 'meta',
    severity: 'warning',
    exporter: 'prometheus',
    actor: 'platform',
    row: 'cause',
    why: 'ServiceMonitor lost its `release` label or selector: `up==0` never fires for a target that is no longer discovered.',
    expr: 'count by (namespace,job) (up offset 1d) unless on (namespace,job) count by (namespace,job) (up)',
    for: '15m',
    threshold: 'present 1d ago, absent now',
    evidence: 'stable metric name of the exporter',
    runbook: [
      '`kubectl get servicemonitor,podmonitor -A`: was one removed, or its `release` label?',
      'Removed on purpose: it resolves by itself after a day.',
    ],
    panel: { query: 'count by (namespace,job) (up) or 0 * count by (namespace,job) (up offset 1d)' },
    fires: [
      {
        minute: 1455,
        labels: [{ job: 'orders', namespace: 'shop' }],
        series: [['up{namespace="shop",job="orders",pod="a"}', '1x600 _x1440']],
      },
    ],
    quiet: [{ from: 0, series: [['up{namespace="shop",job="orders",pod="a"}', '1x2040']] }],
  },
  {
    alert: 'RuleEvaluationFailing',
    signal: 'alert rule errors',
    kind: 'meta',
    severity: 'critical',
    exporter: 'prometheus',
    actor: 'platform',
    row: 'cause',
    why: 'A rule that errors (many-to-many after scaling out an exporter) never fires.',
    expr: 'sum by (rule_group) (increase(prometheus_rule_evaluation_failures_total[10m])) > 0',
    for: '5m',
    threshold: '>0',
    evidence: 'stable metric name of the exporter',
    runbook: [
      "Prometheus' rules page shows the error beside the rule.",
      'Usually many-to-many matching after an exporter was scaled: aggregate both sides.',
      'Revert the last change of gitops/monitoring if the rule is new.',
    ],
    fires: [
      {
        minute: 6,
        labels: [{ rule_group: 'g' }],
        series: [['prometheus_rule_evaluation_failures_total{rule_group="g"}', '0+1x40']],
      },
    ],
    quiet: [{ from: 0, series: [['prometheus_rule_evaluation_failures_total{rule_group="g"}', '3x40']] }],
  },
  {
    alert: 'Watchdog',
    signal: 'the way of an alert, end to end',
    kind: 'meta',
    severity: 'none',
    exporter: 'prometheus',
    actor: 'platform',
    row: 'up',
    why: 'Always fires. A receiver outside the cluster raises the alarm when it stops: the only way to learn that nobody can be told.',
    expr: 'vector(1)',
    for: '0m',
    threshold: 'always',
    evidence: 'PromQL',
    runbook: [
      'Nothing to do: it must always fire. The receiver outside the cluster raises the alarm when it stops.',
      'If that alarm came: Prometheus, Alertmanager or the way out is down; look at them in this order.',
    ],
    fires: [{ minute: 0, labels: [{}], series: [['up{job="any"}', '1x10']] }],
    quiet: [],
  },
  {
    alert: 'AlertmanagerNotificationsFailing',
    signal: 'notifications do not arrive',
    kind: 'meta',
    severity: 'critical',
    exporter: 'alertmanager',
    actor: 'platform',
    row: 'up',
    why: 'Alerts that reach nobody are no alerts. It leaves by the other receivers, and the dead-man switch backs it.',
    expr: promql`
        sum by (namespace,integration) (rate(alertmanager_notifications_failed_total[15m]))
        / sum by (namespace,integration) (rate(alertmanager_notifications_total[15m]) > 0) > 0.05
      `,
    for: '5m',
    threshold: 'more than 5 % fail',
    evidence: 'recorded, see lab/expositions',
    runbook: [
      'Alerts are being raised and nobody hears them. The label integration names the way.',
      "Look at Alertmanager's log: a revoked token or a blocked way out.",
      "Watch Alertmanager's own page by eye until it works.",
    ],
    fires: [
      {
        minute: 6,
        labels: [{ integration: 'webhook', namespace: 'monitoring' }],
        series: [
          [
            'alertmanager_notifications_failed_total{namespace="monitoring",integration="webhook",reason="other"}',
            '0+3x60',
          ],
          ['alertmanager_notifications_total{namespace="monitoring",integration="webhook"}', '0+10x60'],
        ],
      },
      // One receiver answers 5xx: Alertmanager tries for a group interval, 5 min, before it counts one failure. The watchdog arrives.
      {
        minute: 10,
        labels: [{ integration: 'webhook', namespace: 'monitoring' }],
        series: [
          [
            'alertmanager_notifications_failed_total{namespace="monitoring",integration="webhook",reason="serverError"}',
            '0x4 1x4 2x4 3x4 4x4 5x4 6x4 7x4',
          ],
          ['alertmanager_notifications_total{namespace="monitoring",integration="webhook"}', '0+1x60'],
        ],
      },
    ],
    quiet: [
      {
        from: 0,
        series: [
          [
            'alertmanager_notifications_failed_total{namespace="monitoring",integration="webhook",reason="other"}',
            '3x60',
          ],
          ['alertmanager_notifications_total{namespace="monitoring",integration="webhook"}', '0+10x60'],
        ],
      },
    ],
  },
  {
    alert: 'PrometheusAlertsDropped',
    signal: 'Prometheus cannot hand over alerts',
    kind: 'meta',
    severity: 'critical',
    exporter: 'prometheus',
    actor: 'platform',
    row: 'up',
    why: 'No Alertmanager answers, or none is known: Prometheus counts as dropped only what it tried to send (3.15, notifier/sendloop.go).',
    expr: promql`
        sum by (namespace,pod) (rate(prometheus_notifications_dropped_total[5m])) > 0
        or max by (namespace,pod) (prometheus_notifications_alertmanagers_discovered) == 0
      `,
    for: '5m',
    threshold: 'any for 5 min',
    evidence: 'recorded, see lab/expositions',
    runbook: [
      'Prometheus cannot hand alerts to Alertmanager: is it running, is its service resolved?',
      'Restart Alertmanager if it is there and refuses.',
      "Watch Prometheus' alerts page by eye until it works.",
    ],
    panel: { query: 'sum by (namespace,pod) (rate(prometheus_notifications_dropped_total[5m]))' },
    fires: [
      {
        minute: 6,
        labels: [{ namespace: 'monitoring', pod: 'prometheus-0' }],
        series: [['prometheus_notifications_dropped_total{namespace="monitoring",pod="prometheus-0"}', '0+2x60']],
      },
      {
        minute: 5,
        labels: [{ namespace: 'monitoring', pod: 'prometheus-0' }],
        series: [
          ['prometheus_notifications_alertmanagers_discovered{namespace="monitoring",pod="prometheus-0"}', '0x40'],
        ],
      },
    ],
    quiet: [
      {
        from: 0,
        series: [['prometheus_notifications_dropped_total{namespace="monitoring",pod="prometheus-0"}', '7x60']],
      },
      {
        from: 0,
        series: [
          ['prometheus_notifications_alertmanagers_discovered{namespace="monitoring",pod="prometheus-0"}', '1x60'],
        ],
      },
    ],
  },
];
