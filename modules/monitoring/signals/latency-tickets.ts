/**
 * Latency that goes over its objective slowly: tickets, beside the pages on a fast burn. Windows and factor are those of Google's SRE
 * workbook ("Alerting on SLOs", table 5-8), as of the tickets on errors.
 */
import type { Series, Signal } from '../signal';

/** A service's histogram and how its requests are told from what is no user's. */
interface Timed {
  readonly alert: string;
  readonly histogram: string;
  readonly exporter: Signal['exporter'];
  /** A matcher of every selector, with its comma; or nothing. */
  readonly users: string;
  readonly labels: Readonly<Record<string, string>>;
  /** The labels of a user's requests, and of those that are not counted. */
  readonly asked: string;
  readonly probed?: string;
  readonly requires?: string;
  readonly evidence: string;
}

const PER_MINUTE = 6000;

function latencyTicket({ users, histogram, ...of }: Timed): Signal {
  const bucket = `${histogram}_bucket{le="0.5"${users === '' ? '' : `,${users}`}}`;
  const count = `${histogram}_count${users === '' ? '' : `{${users}}`}`;
  const burns = (window: string): string =>
    `(1 - sum by (namespace,service) (rate(${bucket}[${window}])) / sum by (namespace,service) (rate(${count}[${window}])) > 6 * 0.01)`;

  const series = (minutes: number, all: string, quick: string): readonly Series[] => [
    [`${histogram}_bucket{${of.asked},le="0.5"}`, quick],
    [`${histogram}_bucket{${of.asked},le="+Inf"}`, all],
    [`${histogram}_count{${of.asked}}`, all],
    ...(of.probed === undefined ? [] : ['_bucket;le="0.5"', '_bucket;le="+Inf"', '_count;']).map((one): Series => {
      const [suffix, le] = one.split(';') as [string, string];
      return [`${histogram}${suffix}{${[of.probed, le].filter(Boolean).join()}}`, `0+90000x${minutes}`];
    }),
  ];
  const steady = (share: number, minutes: number): readonly Series[] =>
    series(minutes, `0+${PER_MINUTE}x${minutes}`, `0+${Math.round(PER_MINUTE * (1 - share))}x${minutes}`);
  /** All is well, then a share is slow, then all is well again. */
  const burst = (before: number, during: number, share: number, after: number): readonly Series[] => {
    const quick = Math.round(PER_MINUTE * (1 - share));
    const [began, ended] = [before * PER_MINUTE, before * PER_MINUTE + during * quick];
    const minutes = before + during + after - 1;
    return series(
      minutes,
      `0+${PER_MINUTE}x${minutes}`,
      `0+${PER_MINUTE}x${before} ${began + quick}+${quick}x${during - 1} ${ended + PER_MINUTE}+${PER_MINUTE}x${after - 2}`,
    );
  };

  return {
    alert: of.alert,
    signal: 'latency SLO 99% < 500 ms, slow burn',
    kind: 'symptom',
    severity: 'warning',
    exporter: of.exporter,
    actor: 'service',
    row: 'fast',
    why: 'One request in ten that is slow wakes nobody, and spends the month’s budget in three days.',
    ...(of.requires === undefined ? {} : { requires: of.requires }),
    expr: `${burns('6h')} and ${burns('30m')} and (sum by (namespace,service) (increase(${count}[6h])) > 100)`,
    for: '15m',
    threshold: 'burn 6x of 1% over 6h and 30m, >100 requests in 6h',
    evidence: of.evidence,
    runbook: [
      'Group the slow requests of the last six hours by route and pod; compare the first of them with the deploy times.',
      'Open a ticket with the slowest route and its share; nothing has to be done at night.',
    ],
    panel: { unit: 'percentunit' },
    fires: [{ minute: 16, labels: [of.labels], series: steady(0.1, 25) }],
    quiet: [
      { from: 0, series: steady(0.015, 120) },
      // Six hours remember what half an hour has forgotten.
      { from: 151, series: burst(60, 60, 0.24, 90) },
      // Half an hour is full of what six hours have room for.
      { from: 0, series: burst(60, 15, 0.24, 40) },
      // Each of a handful of requests is slow.
      { from: 0, series: series(60, '0+0.2x60', '0x60') },
    ],
  };
}

export const restLatencyTicket = latencyTicket({
  alert: 'RestLatencySlowBurn',
  histogram: 'http_server_requests_seconds',
  exporter: 'micrometer',
  users: '',
  labels: { namespace: 'shop', service: 'orders' },
  asked: 'namespace="shop",service="orders",pod="orders-1",uri="/o"',
  requires: 'management.metrics.distribution.slo.http.server.requests=50ms,100ms,500ms,1s: no buckets otherwise.',
  evidence: 'recorded, see lab/expositions',
});

export const flaskLatencyTicket = latencyTicket({
  alert: 'FlaskLatencySlowBurn',
  histogram: 'flask_http_request_duration_seconds',
  exporter: 'hello_api',
  // Probes are many and quick, whatever becomes of users.
  users: 'route!~"/livez|/readyz"',
  labels: { namespace: 'hello', service: 'hello-api' },
  asked: 'namespace="hello",service="hello-api",method="GET",route="/"',
  probed: 'namespace="hello",service="hello-api",method="GET",route="/livez"',
  evidence: 'recorded: the application defines it (hello_api/metrics.py)',
});
