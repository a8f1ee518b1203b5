/** Where metrics come from: the program, its version, and the recordings that prove its names. */

export interface Exporter {
  readonly title: string;
  readonly version: string;
  /** Files below lab/expositions/recordings: what it really exposed, healthy and in fault. */
  readonly recordings: readonly string[];
}

export const EXPORTERS = {
  micrometer: {
    title: 'Micrometer in the process (Spring Boot Actuator)',
    version: 'Micrometer 1.17, Spring Boot 4.1.2',
    recordings: ['spring.prom', 'spring-pool-waiting.prom', 'spring-faults.prom'],
  },
  micrometer_clients: {
    title: 'Micrometer in the process: clients of Kafka and MongoDB',
    version: 'Micrometer 1.17, kafka-clients 4.2.2, mongodb-driver 5.8.1',
    recordings: [
      'spring-clients.prom',
      'spring-clients-rebalancing.prom',
      'spring-clients-pool-waiting.prom',
      'spring-clients-checkout-failed.prom',
      'spring-clients-database-killed.prom',
      'spring-clients-broker-killed.prom',
    ],
  },
  mongodb_exporter: {
    title: 'percona/mongodb_exporter, one a member',
    version: '0.51.0',
    recordings: [
      'mongodb-primary.prom',
      'mongodb-secondary.prom',
      'mongodb-overloaded.prom',
      'mongodb-member-down.prom',
      'mongodb-no-primary.prom',
      'mongodb-killed.prom',
      'mongodb-hanging.prom',
      'mongodb-signed-out.prom',
      'mongodb-denied.prom',
      'mongodb-stuck.prom',
    ],
  },
  jmx_exporter: {
    title: 'jmx_exporter as a Java agent in the broker',
    version: '1.0.1',
    recordings: [
      'kafka-broker.prom',
      'kafka-broker-killed.prom',
      'kafka-broker-killed-2.prom',
      'kafka-quorum-lost.prom',
    ],
  },
  msk: {
    title: 'jmx_exporter of Amazon MSK (open monitoring, port 11001)',
    version: "1.0.1's default names; AWS does not say which version it runs",
    recordings: ['msk-broker.prom', 'msk-broker-killed.prom', 'msk-broker-killed-2.prom', 'msk-quorum-lost.prom'],
  },
  kafka_exporter: {
    title: 'kafka_exporter',
    version: '1.9.0',
    recordings: ['kafka_exporter-1.9.0.prom', 'kafka_exporter-1.9.0-broker-killed.prom'],
  },
  rabbitmq: {
    title: 'rabbitmq_prometheus, aggregated (/metrics)',
    version: 'RabbitMQ 4.3; recorded on 3.10.8',
    recordings: ['rabbitmq.prom', 'rabbitmq-alarms.prom', 'rabbitmq-peer-killed.prom'],
  },
  rabbitmq_detailed: {
    title: 'rabbitmq_prometheus, per queue (/metrics/detailed)',
    version: 'RabbitMQ 4.3; recorded on 3.10.8',
    recordings: ['rabbitmq-detailed.prom'],
  },
  postgres_exporter: {
    title: 'postgres_exporter',
    version: '0.20.1',
    recordings: ['postgres-15.18.prom'],
  },
  haproxy: {
    title: "HAProxy's own exporter",
    version: '2.6.12',
    recordings: ['haproxy.prom', 'haproxy-server-down.prom'],
  },
  hello_api: {
    title: 'prometheus_client in hello-api, served by the master',
    version: '0.26',
    recordings: ['hello-api.prom', 'hello-api-faults.prom'],
  },
  log_collector: {
    title: 'OpenTelemetry Collector, one a node, of itself',
    version: '0.165.1',
    recordings: ['log-collector-refused.prom', 'log-collector-unread.prom'],
  },
  blackbox_exporter: {
    title: 'blackbox_exporter in the cluster',
    version: '0.28.0',
    recordings: [
      'blackbox_exporter-0.28.0-http-ok.prom',
      'blackbox_exporter-0.28.0-http-503.prom',
      'blackbox_exporter-0.28.0-refused.prom',
      'blackbox_exporter-0.28.0-tls-ok.prom',
      'blackbox_exporter-0.28.0-tls-expired.prom',
      'blackbox_exporter-0.28.0-tls-expired-skip-verify.prom',
    ],
  },
  kubernetes: {
    title: 'kube-state-metrics, kubelet and cAdvisor (kube-prometheus-stack)',
    version: 'kube-prometheus-stack 88.5.3; recorded on kube-state-metrics 2.15, Kubernetes 1.35',
    recordings: ['kube-state-metrics.prom', 'kubelet.prom', 'cadvisor.prom'],
  },
  node_exporter: { title: 'node_exporter', version: '1.x', recordings: ['node_exporter.prom'] },
  prometheus: { title: 'Prometheus itself', version: '3.15', recordings: ['prometheus.prom'] },
  alertmanager: { title: 'Alertmanager itself', version: '0.x', recordings: ['alertmanager.prom'] },
  argocd: {
    title: 'Argo CD application controller',
    version: '3.x; recorded on 3.2.11',
    recordings: ['argocd.prom'],
  },
} as const satisfies Record<string, Exporter>;

export type ExporterName = keyof typeof EXPORTERS;
