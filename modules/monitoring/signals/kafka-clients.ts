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
      'recorded: five records sent after the broker was killed are five errors, once delivery.timeout.ms (2 minutes unless set) gave them up',
    runbook: [
      "The service's log names the error: a timeout (no broker answered), NotEnoughReplicas (see KafkaUnderMinIsr), a record too large, a missing topic, authorization.",
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
    signal: 'rebalances an hour',
    kind: 'cause',
    severity: 'warning',
    exporter: 'micrometer_clients',
    actor: 'service',
    row: 'cause',
    why: 'Rebalance storm: long GC or max.poll.interval exceeded; throughput collapses while every pod is Ready.',
    expr: 'max by (namespace,service) (increase(kafka_consumer_coordinator_rebalance_total[1h])) > 10',
    for: '15m',
    threshold: '>10/h',
    evidence:
      'recorded: one in five seconds while a record takes longer than max.poll.interval.ms. The counter, for kafka-clients before 4.2 make an hour of the last minute (KAFKA-19493; seen with 4.1.2: rebalance-rate-per-hour 657 after 14 in a minute, 0 a minute later)',
    runbook: [
      'Look for long GC pauses and for processing longer than max.poll.interval.ms.',
      'Pods that restart cause it too: see PodCrashLooping.',
      'Use static membership (group.instance.id) for rollouts.',
    ],
    fires: [
      {
        minute: 26,
        labels: [{ namespace: 'shop', service: 'orders' }],
        series: [
          [
            'kafka_consumer_coordinator_rebalance_total{namespace="shop",service="orders",job="orders",pod="orders-1",client_id="c1"}',
            '0+1x40',
          ],
        ],
      },
      {
        // One in five minutes: what clients before 4.2 call "an hour" is their last minute, and forgets each before the next.
        minute: 70,
        labels: [{ namespace: 'shop', service: 'orders' }],
        series: [
          [
            'kafka_consumer_coordinator_rebalance_total{namespace="shop",service="orders",job="orders",pod="orders-1",client_id="c1"}',
            '0x4 1x4 2x4 3x4 4x4 5x4 6x4 7x4 8x4 9x4 10x4 11x4 12x4 13x4 14x20',
          ],
        ],
      },
    ],
    quiet: [
      {
        from: 0,
        series: [
          [
            'kafka_consumer_coordinator_rebalance_total{namespace="shop",service="orders",job="orders",pod="orders-1",client_id="c1"}',
            '0 1 2 3 4 5 6x90',
          ],
        ],
      },
    ],
  },
];
