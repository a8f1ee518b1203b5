/** Signals of Kafka's Java clients inside a service. */
import type { Signal } from '../signal';

export const kafkaClients: readonly Signal[] = [
  {
    alert: 'KafkaProducerErrors',
    signal: 'records that failed to send',
    kind: 'symptom',
    severity: 'critical',
    exporter: 'micrometer_clients',
    actor: 'service',
    row: 'up',
    why: 'Data loss at the source, invisible on the broker.',
    expr: 'sum by (namespace,service) (rate(kafka_producer_record_error_total[5m])) > 0',
    for: '5m',
    threshold: '>0 for 5m',
    evidence:
      "derived: KafkaMetrics.meterName at micrometer 22207bf ('kafka.'+group+'.'+name, '-metrics' removed, '-' to '.') plus Kafka's documented group/metric names; check live",
    runbook: [
      "The service's log names the error: NotEnoughReplicas (see KafkaUnderMinIsr), a record too large, a missing topic, authorization.",
      'Brokers healthy: roll the service back.',
      'Say which records were lost; the outbox, if there is one, sends them again.',
    ],
    fires: [
      {
        minute: 6,
        labels: [{ namespace: 'shop', service: 'orders' }],
        series: [
          [
            'kafka_producer_record_error_total{namespace="shop",service="orders",job="orders",pod="orders-1",client_id="p1"}',
            '0+6x40',
          ],
        ],
      },
    ],
    quiet: [
      {
        from: 0,
        series: [
          [
            'kafka_producer_record_error_total{namespace="shop",service="orders",job="orders",pod="orders-1",client_id="p1"}',
            '3x40',
          ],
        ],
      },
    ],
  },
  {
    alert: 'KafkaConsumerRebalancing',
    signal: 'rebalance rate',
    kind: 'cause',
    severity: 'warning',
    exporter: 'micrometer_clients',
    actor: 'service',
    row: 'cause',
    why: 'Rebalance storm: long GC or max.poll.interval exceeded; throughput collapses while every pod is Ready.',
    expr: 'max by (namespace,service) (kafka_consumer_coordinator_rebalance_rate_per_hour) > 10',
    for: '15m',
    threshold: '>10/h',
    evidence:
      "derived: KafkaMetrics.meterName at micrometer 22207bf ('kafka.'+group+'.'+name, '-metrics' removed, '-' to '.') plus Kafka's documented group/metric names; check live",
    runbook: [
      'Look for long GC pauses and for processing longer than max.poll.interval.ms.',
      'Pods that restart cause it too: see PodCrashLooping.',
      'Use static membership (group.instance.id) for rollouts.',
    ],
    fires: [
      {
        minute: 15,
        labels: [{ namespace: 'shop', service: 'orders' }],
        series: [
          [
            'kafka_consumer_coordinator_rebalance_rate_per_hour{namespace="shop",service="orders",job="orders",pod="orders-1",client_id="c1"}',
            '40x40',
          ],
        ],
      },
    ],
    quiet: [
      {
        from: 0,
        series: [
          [
            'kafka_consumer_coordinator_rebalance_rate_per_hour{namespace="shop",service="orders",job="orders",pod="orders-1",client_id="c1"}',
            'NaN 1x40',
          ],
        ],
      },
    ],
  },
];
