/** Signals of the entry, as clients see it from outside. */
import type { Signal } from '../signal';

export const entry: readonly Signal[] = [
  {
    alert: 'EndpointProbeFailing',
    signal: 'synthetic request through the real entry point fails',
    kind: 'symptom',
    severity: 'critical',
    exporter: 'blackbox_exporter',
    actor: 'platform',
    row: 'up',
    why: 'The only rule that still fires when the app exports nothing at all, or when DNS/ingress/TLS is the broken part. By job: one broker of three that is being replaced is no outage.',
    expr: 'avg by (namespace,job) (avg_over_time(probe_success[5m])) < 0.5',
    for: '2m',
    threshold: '<50% of probes in 5m',
    evidence: 'stable metric name of the exporter',
    runbook: [
      'Repeat the probe by hand: `curl -v` what the job probes; say whether it is DNS, TCP, TLS or the answer that fails.',
      "TLS: see CertificateExpiresSoon. Refused: look at the load balancer's targets. 5xx: go to the service's own alert.",
      'Is every probe failing? Then it is the entry or the prober, not a service.',
    ],
    fires: [
      {
        minute: 4,
        labels: [{ job: 'entry', namespace: 'shop' }],
        series: [
          [
            'probe_success{namespace="shop",job="entry",instance="https://shop/healthz"}',
            '1 0 0 0 1 0 0 0 1 0 0 0 1 0 0 0 1 0 0 0 1 0 0 0 1 0 0 0 1 0 0 0',
          ],
        ],
      },
    ],
    quiet: [
      { from: 0, series: [['probe_success{namespace="shop",job="entry",instance="https://shop/healthz"}', '1x45']] },
    ],
  },
  {
    alert: 'CertificateExpiresSoon',
    signal: 'TLS certificate expiry',
    kind: 'cause',
    severity: 'warning',
    exporter: 'blackbox_exporter',
    actor: 'platform',
    row: 'cause',
    why: 'The most predictable outage there is. The series vanishes at the moment of expiry (TLS fails first, recorded): without last_over_time the alert would resolve exactly then.',
    expr: 'min by (instance) (last_over_time(probe_ssl_earliest_cert_expiry[1d])) - time() < 14 * 86400',
    for: '1h',
    threshold: '<14 days',
    evidence: 'stable metric name of the exporter',
    runbook: [
      'See who issues it: `openssl s_client -connect <host>:443 </dev/null | openssl x509 -noout -issuer -enddate`.',
      'Renew it, and find out why the automatic renewal did not.',
      'Once expired, EndpointProbeFailing pages: do not wait for it.',
    ],
    panel: { unit: 's' },
    fires: [
      {
        minute: 60,
        labels: [{ instance: 'https://shop' }],
        series: [['probe_ssl_earliest_cert_expiry{instance="https://shop"}', '864000x120']],
      },
      {
        minute: 60,
        labels: [{ instance: 'https://shop' }],
        series: [['probe_ssl_earliest_cert_expiry{instance="https://shop"}', '1800x30 _x90']],
      },
    ],
    quiet: [{ from: 0, series: [['probe_ssl_earliest_cert_expiry{instance="https://shop"}', '8640000x120']] }],
  },
];
