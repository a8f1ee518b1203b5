/** Signals of hello-api's proxy: its server, its queue, its log, and the errors that clients see. */
import { promql } from '../promql';
import type { Signal } from '../signal';

/**
 * Requests of clients in a window: what haproxy answered, less what asked whether it is ready. The kubelet asks three pods 10,800 times
 * an hour, and each rollout has half a minute of 503 for it: in a service that nobody uses four rollouts burnt the hour's budget.
 * Only the floor is counted so, for it need not be exact: what a pod counted last before it went, one of the two scrapes has missed.
 * Without gunicorn nobody counts the questions, and all are taken for clients'.
 */
const asked = (window: string): string => {
  const all = `sum by (namespace,proxy) (increase(haproxy_frontend_http_responses_total[${window}]))`;
  const ready = `sum by (namespace) (increase(flask_http_requests_total{route="/readyz"}[${window}]))`;
  return `(${all} - on (namespace) group_left () ${ready} or ${all})`;
};

export const haproxy: readonly Signal[] = [
  {
    alert: 'HaproxyNoServer',
    signal: 'no live server in the backend',
    kind: 'symptom',
    severity: 'critical',
    exporter: 'haproxy',
    actor: 'service',
    row: 'up',
    why: 'The original failure: container up, service dead, every request 503 <NOSRV>.',
    expr: 'sum by (namespace,pod,proxy) (haproxy_backend_active_servers{proxy!="neighbours"} + haproxy_backend_backup_servers) == 0',
    for: '30s',
    threshold: '0',
    evidence: 'live: scraped from haproxy 2.6.12 promex; also addons/promex/README at 50872da',
    runbook: [
      'The pod runs, the service in it is dead: `kubectl -n hello-api logs <pod> -c app --previous`.',
      'Delete the pod if it is alone in this; roll back if all are.',
      'Readiness should have taken it out: if requests still arrive, check the probe.',
    ],
    fires: [
      {
        minute: 1,
        labels: [{ namespace: 'flask', pod: 'api-1', proxy: 'flask_backend' }],
        series: [
          ['haproxy_backend_active_servers{namespace="flask",pod="api-1",proxy="flask_backend"}', '0x40'],
          ['haproxy_backend_backup_servers{namespace="flask",pod="api-1",proxy="flask_backend"}', '0x40'],
        ],
      },
    ],
    quiet: [
      {
        from: 0,
        series: [
          ['haproxy_backend_active_servers{namespace="flask",pod="api-1",proxy="flask_backend"}', '1x40'],
          ['haproxy_backend_backup_servers{namespace="flask",pod="api-1",proxy="flask_backend"}', '0x40'],
        ],
      },
      {
        from: 0,
        series: [
          ['haproxy_backend_active_servers{namespace="flask",pod="api-1",proxy="app"}', '0x40'],
          ['haproxy_backend_backup_servers{namespace="flask",pod="api-1",proxy="app"}', '1x40'],
        ],
      },
      // A pod alone has no neighbours to pass requests to: seen on the lab, and no outage.
      {
        from: 0,
        series: [
          ['haproxy_backend_active_servers{namespace="flask",pod="api-1",proxy="neighbours"}', '0x40'],
          ['haproxy_backend_backup_servers{namespace="flask",pod="api-1",proxy="neighbours"}', '0x40'],
        ],
      },
    ],
  },
  {
    alert: 'HaproxyQueueing',
    signal: 'requests waiting for a worker',
    kind: 'saturation',
    severity: 'warning',
    exporter: 'haproxy',
    actor: 'service',
    row: 'full',
    why: 'With `server ... maxconn` the queue lives in HAProxy where it can be seen; without it, in the kernel backlog where nobody sees it. HPA signal.',
    expr: 'sum by (namespace,proxy) (min_over_time(haproxy_backend_current_queue[3m])) > 0',
    for: '1m',
    threshold: 'never empty in 3 min',
    evidence: 'live: scraped from haproxy 2.6.12 promex; also addons/promex/README at 50872da',
    runbook: [
      'Requests wait for a thread: which route is slow?',
      'The autoscaler should have scaled out: `kubectl -n hello-api describe hpa hello-api` says why not. Raise minReplicas in git: it undoes a `kubectl scale`.',
    ],
    fires: [
      {
        minute: 1,
        labels: [{ namespace: 'flask', proxy: 'flask_backend' }],
        series: [['haproxy_backend_current_queue{namespace="flask",pod="api-1",proxy="flask_backend"}', '12x40']],
      },
    ],
    quiet: [
      {
        from: 0,
        series: [
          [
            'haproxy_backend_current_queue{namespace="flask",pod="api-1",proxy="flask_backend"}',
            '0 9 9 9 0 9 9 9 0 9 9 9 0 9 9 9 0 9 9 9 0 9 9 9 0 9 9 9 0 9 9 9 0x20',
          ],
        ],
      },
    ],
  },
  {
    alert: 'HaproxyRetries',
    signal: 'retries and redispatches',
    kind: 'cause',
    severity: 'warning',
    exporter: 'haproxy',
    actor: 'service',
    row: 'cause',
    why: 'Retries hide dying workers from users; they must not hide them from us.',
    expr: promql`
        sum by (namespace,proxy) (rate(haproxy_backend_retry_warnings_total[5m]))
        / sum by (namespace,proxy) (rate(haproxy_backend_http_responses_total[5m]) > 0) > 0.01
      `,
    for: '5m',
    threshold: '>1% of requests',
    evidence: 'live: scraped from haproxy 2.6.12 promex; also addons/promex/README at 50872da',
    runbook: [
      "Workers die and haproxy hides it: see GunicornWorkerTimeouts and the container's restarts.",
      "Find the signal in gunicorn's log.",
    ],
    fires: [
      {
        minute: 6,
        labels: [{ namespace: 'flask', proxy: 'flask_backend' }],
        series: [
          ['haproxy_backend_retry_warnings_total{namespace="flask",pod="api-1",proxy="flask_backend"}', '0+6x40'],
          [
            'haproxy_backend_http_responses_total{namespace="flask",pod="api-1",proxy="flask_backend",code="2xx"}',
            '0+100x40',
          ],
        ],
      },
    ],
    quiet: [
      {
        from: 0,
        series: [
          ['haproxy_backend_retry_warnings_total{namespace="flask",pod="api-1",proxy="flask_backend"}', '1x40'],
          [
            'haproxy_backend_http_responses_total{namespace="flask",pod="api-1",proxy="flask_backend",code="2xx"}',
            '0+100x40',
          ],
        ],
      },
    ],
  },
  {
    alert: 'HaproxyDroppingLogs',
    signal: 'access logs dropped',
    kind: 'meta',
    severity: 'warning',
    exporter: 'haproxy',
    actor: 'service',
    row: 'cause',
    why: 'haproxy waits for nobody at stdout: a line that finds the pipe full, or another of its threads writing, is gone. So the evidence of an incident is lost during it. A syslog receiver that is missing is not a drop (recorded: stays 0).',
    expr: 'sum by (namespace,pod) (increase(haproxy_process_dropped_logs_total[10m])) > 0',
    for: '0m',
    threshold: '>0',
    evidence: 'live: scraped from haproxy 2.6.12 promex; also addons/promex/README at 50872da',
    runbook: [
      'Is `haproxy_process_nbthread` of the pod above 1? Its threads cost each other lines: of 12,000 requests two dropped 221 (haproxy 2.6, two busy cores), one none. Set `nbthread 1`, as hello-api does.',
      "Else whoever reads the container's stdout is too slow: look at the node's disk and the collector.",
      'What was dropped is nowhere; the counters of requests and of 5xx have it all the same.',
      "This sees haproxy's own drops only; it does not say that logs arrive.",
    ],
    fires: [
      {
        minute: 16,
        labels: [{ namespace: 'flask', pod: 'api-1' }],
        series: [['haproxy_process_dropped_logs_total{namespace="flask",pod="api-1"}', '0x15 9x40']],
      },
    ],
    quiet: [{ from: 0, series: [['haproxy_process_dropped_logs_total{namespace="flask",pod="api-1"}', '9x60']] }],
  },
  {
    alert: 'HaproxyErrorBudgetFastBurn',
    signal: 'availability SLO 99.9 % of hello-api, fast burn',
    kind: 'symptom',
    severity: 'critical',
    exporter: 'haproxy',
    beside: 'hello_api',
    actor: 'service',
    row: 'up',
    why: 'The share of 5xx that clients saw; at the frontend, so with the 502/503/504 that haproxy makes itself. A month of budget would be gone in two days.',
    expr: promql`
        (sum by (namespace,proxy) (rate(haproxy_frontend_http_responses_total{proxy="edge",code="5xx"}[1h]))
          / sum by (namespace,proxy) (rate(haproxy_frontend_http_responses_total[1h])) > 14.4 * 0.001)
        and (sum by (namespace,proxy) (rate(haproxy_frontend_http_responses_total{code="5xx"}[5m]))
          / sum by (namespace,proxy) (rate(haproxy_frontend_http_responses_total[5m])) > 14.4 * 0.001)
        and (${asked('1h')} > 100)
      `,
    for: '2m',
    threshold: 'burn 14.4x over 1 h and 5 min, more than 100 requests of clients an hour',
    evidence: 'recorded, see lab/expositions',
    runbook: [
      "The log's `term` field says who failed: `SH`/`SD` the service, `sQ` the queue, `CD` the client.",
      'A rollout in the last hour? Roll it back.',
      'Otherwise GunicornWorkerTimeouts, HaproxyNoServer or HaproxyQueueing beside it names the cause.',
    ],
    fires: [
      {
        minute: 3,
        labels: [{ namespace: 'hello', proxy: 'edge' }],
        series: [
          ['haproxy_frontend_http_responses_total{namespace="hello",pod="api-1",proxy="edge",code="2xx"}', '0+600x200'],
          ['haproxy_frontend_http_responses_total{namespace="hello",pod="api-1",proxy="edge",code="5xx"}', '0+30x200'],
        ],
      },
      // Few clients, and the kubelet three times a second: they are counted apart, and of a pod's other metrics only those.
      {
        minute: 4,
        labels: [{ namespace: 'hello', proxy: 'edge' }],
        series: [
          ['haproxy_frontend_http_responses_total{namespace="hello",pod="api-1",proxy="edge",code="2xx"}', '0+240x200'],
          ['haproxy_frontend_http_responses_total{namespace="hello",pod="api-1",proxy="edge",code="5xx"}', '0+6x200'],
          ['flask_http_requests_total{namespace="hello",pod="api-1",route="/readyz",status="200"}', '0+180x200'],
          ['flask_http_requests_total{namespace="hello",pod="api-1",route="/",status="200"}', '0+66x200'],
        ],
      },
    ],
    quiet: [
      // Nobody but the kubelet, and rollouts.
      {
        from: 0,
        series: [
          ['haproxy_frontend_http_responses_total{namespace="hello",pod="api-1",proxy="edge",code="2xx"}', '0+176x200'],
          ['haproxy_frontend_http_responses_total{namespace="hello",pod="api-1",proxy="edge",code="5xx"}', '0+4x200'],
          ['flask_http_requests_total{namespace="hello",pod="api-1",route="/readyz",status="200"}', '0+176x200'],
          ['flask_http_requests_total{namespace="hello",pod="api-1",route="/readyz",status="503"}', '0+4x200'],
        ],
      },
      {
        from: 0,
        series: [
          ['haproxy_frontend_http_responses_total{namespace="hello",pod="api-1",proxy="edge",code="2xx"}', '0+600x200'],
          ['haproxy_frontend_http_responses_total{namespace="hello",pod="api-1",proxy="edge",code="5xx"}', '0+0.1x200'],
        ],
      },
      {
        from: 90,
        series: [
          ['haproxy_frontend_http_responses_total{namespace="hello",pod="api-1",proxy="edge",code="2xx"}', '0+600x300'],
          [
            'haproxy_frontend_http_responses_total{namespace="hello",pod="api-1",proxy="edge",code="5xx"}',
            '0x60 0+100x20 2000x220',
          ],
        ],
      },
      {
        from: 0,
        series: [
          ['haproxy_frontend_http_responses_total{namespace="hello",pod="api-1",proxy="edge",code="2xx"}', '0+600x200'],
          [
            'haproxy_frontend_http_responses_total{namespace="hello",pod="api-1",proxy="edge",code="5xx"}',
            '0x100 0+40x3 120x97',
          ],
        ],
      },
      {
        from: 0,
        series: [
          ['haproxy_frontend_http_responses_total{namespace="hello",pod="api-1",proxy="edge",code="2xx"}', '0+1x200'],
          ['haproxy_frontend_http_responses_total{namespace="hello",pod="api-1",proxy="edge",code="5xx"}', '0+0.1x200'],
        ],
      },
      {
        from: 0,
        series: [
          ['haproxy_frontend_http_responses_total{namespace="hello",pod="api-1",proxy="edge",code="2xx"}', '0+600x200'],
          ['haproxy_frontend_http_responses_total{namespace="hello",pod="api-1",proxy="edge",code="5xx"}', '0+0.1x200'],
          [
            'haproxy_frontend_http_responses_total{namespace="hello",pod="api-1",proxy="metrics",code="5xx"}',
            '0+600x200',
          ],
        ],
      },
    ],
  },
  {
    alert: 'HaproxyErrorBudgetSlowBurn',
    signal: 'availability SLO 99.9 % of hello-api, slow burn',
    kind: 'symptom',
    severity: 'warning',
    exporter: 'haproxy',
    beside: 'hello_api',
    actor: 'service',
    row: 'up',
    why: 'Catches the slow leak that the fast rule ignores.',
    expr: promql`
        (sum by (namespace,proxy) (rate(haproxy_frontend_http_responses_total{proxy="edge",code="5xx"}[6h]))
          / sum by (namespace,proxy) (rate(haproxy_frontend_http_responses_total[6h])) > 6 * 0.001)
        and (sum by (namespace,proxy) (rate(haproxy_frontend_http_responses_total{code="5xx"}[30m]))
          / sum by (namespace,proxy) (rate(haproxy_frontend_http_responses_total[30m])) > 6 * 0.001)
        and (${asked('6h')} > 600)
      `,
    for: '15m',
    threshold: 'burn 6x over 6 h and 30 min, more than 100 requests of clients an hour',
    evidence: 'recorded, see lab/expositions',
    runbook: [
      "Group haproxy's 5xx of the last six hours by `term` and route.",
      'Open a ticket; nothing has to be done at night.',
    ],
    fires: [
      {
        minute: 16,
        labels: [{ namespace: 'hello', proxy: 'edge' }],
        series: [
          ['haproxy_frontend_http_responses_total{namespace="hello",pod="api-1",proxy="edge",code="2xx"}', '0+600x900'],
          ['haproxy_frontend_http_responses_total{namespace="hello",pod="api-1",proxy="edge",code="5xx"}', '0+6x900'],
        ],
      },
      // Few clients, and the kubelet three times a second: they are counted apart, and of a pod's other metrics only those.
      {
        minute: 25,
        labels: [{ namespace: 'hello', proxy: 'edge' }],
        series: [
          ['haproxy_frontend_http_responses_total{namespace="hello",pod="api-1",proxy="edge",code="2xx"}', '0+240x900'],
          ['haproxy_frontend_http_responses_total{namespace="hello",pod="api-1",proxy="edge",code="5xx"}', '0+3x900'],
          ['flask_http_requests_total{namespace="hello",pod="api-1",route="/readyz",status="200"}', '0+180x900'],
          ['flask_http_requests_total{namespace="hello",pod="api-1",route="/",status="200"}', '0+66x900'],
        ],
      },
    ],
    quiet: [
      // Nobody but the kubelet, and rollouts.
      {
        from: 0,
        series: [
          ['haproxy_frontend_http_responses_total{namespace="hello",pod="api-1",proxy="edge",code="2xx"}', '0+176x900'],
          ['haproxy_frontend_http_responses_total{namespace="hello",pod="api-1",proxy="edge",code="5xx"}', '0+3x900'],
          ['flask_http_requests_total{namespace="hello",pod="api-1",route="/readyz",status="200"}', '0+176x900'],
          ['flask_http_requests_total{namespace="hello",pod="api-1",route="/readyz",status="503"}', '0+3x900'],
        ],
      },
      {
        from: 0,
        series: [
          ['haproxy_frontend_http_responses_total{namespace="hello",pod="api-1",proxy="edge",code="2xx"}', '0+600x900'],
          ['haproxy_frontend_http_responses_total{namespace="hello",pod="api-1",proxy="edge",code="5xx"}', '0+0.3x900'],
          [
            'haproxy_frontend_http_responses_total{namespace="hello",pod="api-1",proxy="metrics",code="5xx"}',
            '0+600x900',
          ],
        ],
      },
      {
        from: 155,
        series: [
          ['haproxy_frontend_http_responses_total{namespace="hello",pod="api-1",proxy="edge",code="2xx"}', '0+600x900'],
          [
            'haproxy_frontend_http_responses_total{namespace="hello",pod="api-1",proxy="edge",code="5xx"}',
            '0x60 0+60x60 3600x780',
          ],
        ],
      },
      {
        from: 0,
        series: [
          ['haproxy_frontend_http_responses_total{namespace="hello",pod="api-1",proxy="edge",code="2xx"}', '0+600x900'],
          [
            'haproxy_frontend_http_responses_total{namespace="hello",pod="api-1",proxy="edge",code="5xx"}',
            '0x840 0+6x30 180x30',
          ],
        ],
      },
    ],
  },
];
