/**
 * Signals of the entry as clients see it, and of the ports of Kafka, MongoDB and PostgreSQL: what gitops/targets has probed. The probe
 * of the entry runs in the cluster and takes the clients' way: out through NAT, in through the load balancer's public address.
 */
import type { Signal } from '../signal';

export const entry: readonly Signal[] = [
  {
    alert: 'EndpointProbeFailing',
    signal: 'synthetic request through the real entry point, or connection to a broker or database, fails',
    kind: 'symptom',
    severity: 'critical',
    exporter: 'blackbox_exporter',
    actor: 'platform',
    row: 'up',
    why: 'The only rule that still fires when the app exports nothing at all, or when DNS, the load balancer or the TLS handshake is the broken part. By job: one broker of three that is being replaced is no outage.',
    expr: 'avg by (namespace,job) (avg_over_time(probe_success[5m])) < 0.5',
    for: '2m',
    threshold: '<50% of probes in 5m',
    evidence: 'stable metric name of the exporter',
    runbook: [
      'The job says what fails: `entry-reachable` is the front door; `kafka-reachable`, `mongodb-reachable` and `postgres-reachable` are ports that the cluster connects to.',
      'Repeat it by hand: `curl -vk` what `instance` says, from your machine too; say whether it is DNS, TCP, TLS or the answer that fails.',
      "Timeout from the cluster and not from outside: NAT, or the way to it. Refused: look at the load balancer's targets. 5xx: go to the service's own alert. 301: it is asked by HTTP and has a certificate by now, `npx cdktf deploy gitops`.",
      'Is every job failing? Then it is the prober, not a service.',
    ],
    fires: [
      {
        minute: 4,
        labels: [{ job: 'entry-reachable', namespace: 'monitoring' }],
        series: [
          [
            'probe_success{namespace="monitoring",job="entry-reachable",instance="https://entry.elb.amazonaws.com/"}',
            '1 0 0 0 1 0 0 0 1 0 0 0 1 0 0 0 1 0 0 0 1 0 0 0 1 0 0 0 1 0 0 0',
          ],
        ],
      },
    ],
    quiet: [
      {
        from: 0,
        series: [
          [
            'probe_success{namespace="monitoring",job="entry-reachable",instance="https://entry.elb.amazonaws.com/"}',
            '1x45',
          ],
        ],
      },
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
    why: 'The most predictable outage there is. A probe that verifies loses the series at the moment of expiry (TLS fails first, recorded): without last_over_time the alert would resolve exactly then. That of the entry does not verify, for it knows the balancer by another name than the certificate: this ticket is all that is said of an expired one.',
    expr: 'min by (instance) (last_over_time(probe_ssl_earliest_cert_expiry[1d])) - time() < 14 * 86400',
    for: '1h',
    threshold: '<14 days',
    evidence: 'stable metric name of the exporter',
    runbook: [
      'See who issues it: `openssl s_client -connect <host>:443 </dev/null | openssl x509 -noout -issuer -enddate`.',
      'Renew it, and find out why the automatic renewal did not.',
      'Nobody is woken when it has expired, though clients are turned away: EndpointProbeFailing asks without verifying.',
    ],
    panel: { unit: 's' },
    fires: [
      {
        minute: 60,
        labels: [{ instance: 'https://entry.elb.amazonaws.com/' }],
        series: [['probe_ssl_earliest_cert_expiry{instance="https://entry.elb.amazonaws.com/"}', '864000x120']],
      },
      {
        minute: 60,
        labels: [{ instance: 'https://entry.elb.amazonaws.com/' }],
        series: [['probe_ssl_earliest_cert_expiry{instance="https://entry.elb.amazonaws.com/"}', '1800x30 _x90']],
      },
    ],
    quiet: [
      {
        from: 0,
        series: [['probe_ssl_earliest_cert_expiry{instance="https://entry.elb.amazonaws.com/"}', '8640000x120']],
      },
    ],
  },
];
