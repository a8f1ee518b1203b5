/** Signals of Kafka consumer groups, seen from the brokers. */
import { promql } from '../promql';
import type { Signal } from '../signal';
import { kafkaTool } from './kafka-tool';

export const kafkaConsumers: readonly Signal[] = [
  {
    alert: 'KafkaConsumerDrainTimeHigh',
    signal: 'time to drain the lag',
    kind: 'symptom',
    severity: 'warning',
    exporter: 'kafka_exporter',
    actor: 'service',
    row: 'fast',
    why: "Messages are not time: 100 messages (Grafana: critical) is nothing for one topic and an outage for another. clamp_min removes the exporter's -1 'no offset' sentinel and its race negatives (#76, #437). The offset is a gauge: deriv, since rate takes a rewind for a counter reset.",
    expr: promql`
        (sum by (namespace,consumergroup,topic) (clamp_min(kafka_consumergroup_lag, 0))
          / clamp_min(sum by (namespace,consumergroup,topic) (deriv(kafka_consumergroup_current_offset[10m])), 0.01) > 600)
        and sum by (namespace,consumergroup,topic) (clamp_min(kafka_consumergroup_lag, 0)) > 50
      `,
    for: '10m',
    threshold: '>10 min at the current rate, lag >50',
    evidence: 'source: danielqsj/kafka_exporter kafka_exporter.go',
    runbook: [
      'Is the producer fast or the consumer slow? Compare both rates on the consumer dashboard.',
      'Scale the consumer up to the number of partitions.',
      'A poison message shows as KafkaConsumerStalled instead.',
    ],
    panel: { unit: 's' },
    fires: [
      {
        minute: 11,
        labels: [{ consumergroup: 'billing', namespace: 'kafka', topic: 'orders' }],
        series: [
          [
            'kafka_consumergroup_lag{namespace="kafka",job="kafka-exporter",consumergroup="billing",topic="orders",partition="0"}',
            '5000x60',
          ],
          [
            'kafka_consumergroup_current_offset{namespace="kafka",job="kafka-exporter",consumergroup="billing",topic="orders",partition="0"}',
            '0+60x60',
          ],
        ],
      },
    ],
    quiet: [
      {
        from: 0,
        series: [
          [
            'kafka_consumergroup_lag{namespace="kafka",job="kafka-exporter",consumergroup="billing",topic="orders",partition="0"}',
            '5000x60',
          ],
          [
            'kafka_consumergroup_lag{namespace="kafka",job="kafka-exporter",consumergroup="billing",topic="orders",partition="1"}',
            '-1x60',
          ],
          [
            'kafka_consumergroup_current_offset{namespace="kafka",job="kafka-exporter",consumergroup="billing",topic="orders",partition="0"}',
            '0+6000x60',
          ],
        ],
      },
      {
        from: 0,
        series: [
          [
            'kafka_consumergroup_lag{namespace="kafka",job="kafka-exporter",consumergroup="billing",topic="orders",partition="0"}',
            '40x60',
          ],
          [
            'kafka_consumergroup_current_offset{namespace="kafka",job="kafka-exporter",consumergroup="billing",topic="orders",partition="0"}',
            '500x60',
          ],
        ],
      },
    ],
  },
  {
    alert: 'KafkaConsumerStalled',
    signal: 'lag grows while nothing is committed',
    kind: 'symptom',
    severity: 'critical',
    exporter: 'kafka_exporter',
    actor: 'service',
    row: 'up',
    why: 'Poison message or deadlocked consumer; independent of any threshold. By partition: a poison message stops one, and the others hide it in any sum. A lag that rises is more than zero, so no third condition.',
    expr: promql`
        sum by (namespace,consumergroup,topic,partition) (delta(kafka_consumergroup_current_offset[10m])) == 0
        and sum by (namespace,consumergroup,topic,partition) (delta(kafka_consumergroup_lag[10m])) > 0
      `,
    for: '5m',
    threshold: 'lag>0, no commits, lag rising',
    evidence: 'source: danielqsj/kafka_exporter kafka_exporter.go',
    runbook: [
      "Read the consumer's log at the committed offset: the same exception again and again is a poison message.",
      `Skip it after saving it, with the group stopped: ${kafkaTool('kafka-consumer-groups', '--group <group> --topic <topic>:<partition> --reset-offsets --to-offset <n+1> --execute')}.`,
      'No exception: take a thread dump and restart one member.',
    ],
    fires: [
      {
        minute: 6,
        labels: [{ consumergroup: 'billing', namespace: 'kafka', topic: 'orders', partition: '0' }],
        series: [
          [
            'kafka_consumergroup_lag{namespace="kafka",job="kafka-exporter",consumergroup="billing",topic="orders",partition="1"}',
            '0+1x60',
          ],
          [
            'kafka_consumergroup_current_offset{namespace="kafka",job="kafka-exporter",consumergroup="billing",topic="orders",partition="1"}',
            '0+60x60',
          ],
          [
            'kafka_consumergroup_lag{namespace="kafka",job="kafka-exporter",consumergroup="billing",topic="orders",partition="0"}',
            '0+10x60',
          ],
          [
            'kafka_consumergroup_current_offset{namespace="kafka",job="kafka-exporter",consumergroup="billing",topic="orders",partition="0"}',
            '500x60',
          ],
        ],
      },
    ],
    quiet: [
      {
        from: 0,
        series: [
          [
            'kafka_consumergroup_lag{namespace="kafka",job="kafka-exporter",consumergroup="billing",topic="orders",partition="0"}',
            '0+10x60',
          ],
          [
            'kafka_consumergroup_current_offset{namespace="kafka",job="kafka-exporter",consumergroup="billing",topic="orders",partition="0"}',
            '0+10x60',
          ],
        ],
      },
      {
        from: 0,
        series: [
          [
            'kafka_consumergroup_lag{namespace="kafka",job="kafka-exporter",consumergroup="billing",topic="orders",partition="0"}',
            '40x60',
          ],
          [
            'kafka_consumergroup_current_offset{namespace="kafka",job="kafka-exporter",consumergroup="billing",topic="orders",partition="0"}',
            '500x60',
          ],
        ],
      },
    ],
  },
  {
    alert: 'KafkaConsumerLostMessages',
    signal: 'committed offset already deleted by retention',
    kind: 'symptom',
    severity: 'critical',
    exporter: 'kafka_exporter',
    actor: 'service',
    row: 'up',
    why: "Unrecoverable message loss; the lag metric alone shows only a big number that then 'heals'. In none of the rule sets examined.",
    expr: promql`
        max by (namespace,consumergroup,topic,partition) (kafka_consumergroup_current_offset >= 0) < on (namespace,topic,partition) group_left max by (namespace,topic,partition) (kafka_topic_partition_oldest_offset)
        and on (namespace,consumergroup) kafka_consumergroup_members > 0
      `,
    for: '1m',
    threshold: 'committed < oldest, group active',
    evidence: 'source: danielqsj/kafka_exporter kafka_exporter.go',
    runbook: [
      'Messages were deleted before they were read. Note group, topic, partition and both offsets.',
      `Raise the topic's retention now, so that no more are lost: ${kafkaTool('kafka-configs', '--entity-type topics --entity-name <topic> --alter --add-config retention.ms=<ms>')}.`,
      'Tell the owner: what is gone must come from the source again.',
    ],
    panel: {
      query: promql`
        max by (namespace,consumergroup,topic,partition) (kafka_consumergroup_current_offset >= 0)
        - on (namespace,topic,partition) group_left max by (namespace,topic,partition) (kafka_topic_partition_oldest_offset)
      `,
      unit: 'short',
    },
    fires: [
      {
        minute: 1,
        labels: [{ consumergroup: 'billing', namespace: 'kafka', partition: '0', topic: 'orders' }],
        series: [
          [
            'kafka_consumergroup_current_offset{namespace="kafka",job="kafka-exporter",consumergroup="billing",topic="orders",partition="0"}',
            '100x40',
          ],
          [
            'kafka_topic_partition_oldest_offset{namespace="kafka",job="kafka-exporter",topic="orders",partition="0"}',
            '5000x40',
          ],
          ['kafka_consumergroup_members{namespace="kafka",consumergroup="billing"}', '2x40'],
        ],
      },
    ],
    quiet: [
      {
        from: 0,
        series: [
          [
            'kafka_consumergroup_current_offset{namespace="kafka",job="kafka-exporter",consumergroup="billing",topic="orders",partition="0"}',
            '6000x40',
          ],
          [
            'kafka_topic_partition_oldest_offset{namespace="kafka",job="kafka-exporter",topic="orders",partition="0"}',
            '5000x40',
          ],
          ['kafka_consumergroup_members{namespace="kafka",consumergroup="billing"}', '2x40'],
        ],
      },
      {
        from: 0,
        series: [
          [
            'kafka_consumergroup_current_offset{namespace="kafka",job="kafka-exporter",consumergroup="billing",topic="orders",partition="0"}',
            '100x40',
          ],
          [
            'kafka_topic_partition_oldest_offset{namespace="kafka",job="kafka-exporter",topic="orders",partition="0"}',
            '5000x40',
          ],
          ['kafka_consumergroup_members{namespace="kafka",consumergroup="billing"}', '0x40'],
        ],
      },
      {
        from: 0,
        series: [
          [
            'kafka_consumergroup_current_offset{namespace="kafka",job="kafka-exporter",consumergroup="billing",topic="orders",partition="0"}',
            '-1x40',
          ],
          [
            'kafka_topic_partition_oldest_offset{namespace="kafka",job="kafka-exporter",topic="orders",partition="0"}',
            '5000x40',
          ],
          ['kafka_consumergroup_members{namespace="kafka",consumergroup="billing"}', '2x40'],
        ],
      },
    ],
  },
  {
    alert: 'KafkaConsumerGroupEmpty',
    signal: 'group with lag has no members',
    kind: 'symptom',
    severity: 'critical',
    exporter: 'kafka_exporter',
    actor: 'service',
    row: 'up',
    why: 'All consumers are gone; exporters that only report active groups go silent exactly then (kafka-lag-exporter #36, #63).',
    expr: promql`
        max by (namespace,consumergroup) (kafka_consumergroup_members) == 0
        and on (namespace,consumergroup) sum by (namespace,consumergroup) (clamp_min(kafka_consumergroup_lag, 0)) > 0
      `,
    for: '10m',
    threshold: '0 members, lag>0',
    evidence: 'source: danielqsj/kafka_exporter kafka_exporter.go',
    runbook: [
      'No member is left: are the pods running? `kubectl get deploy` of the consumer.',
      'Scaled to zero on purpose? Silence this group.',
      'Crash loop: `kubectl logs --previous`; roll back.',
    ],
    fires: [
      {
        minute: 10,
        labels: [{ consumergroup: 'billing', namespace: 'kafka' }],
        series: [
          ['kafka_consumergroup_members{namespace="kafka",consumergroup="billing"}', '0x60'],
          [
            'kafka_consumergroup_lag{namespace="kafka",job="kafka-exporter",consumergroup="billing",topic="orders",partition="0"}',
            '10x60',
          ],
        ],
      },
    ],
    quiet: [
      {
        from: 0,
        series: [
          ['kafka_consumergroup_members{namespace="kafka",consumergroup="billing"}', '0x60'],
          [
            'kafka_consumergroup_lag{namespace="kafka",job="kafka-exporter",consumergroup="billing",topic="orders",partition="0"}',
            '0x60',
          ],
        ],
      },
      {
        from: 0,
        series: [
          ['kafka_consumergroup_members{namespace="kafka",consumergroup="billing"}', '2x60'],
          [
            'kafka_consumergroup_lag{namespace="kafka",job="kafka-exporter",consumergroup="billing",topic="orders",partition="0"}',
            '10x60',
          ],
        ],
      },
    ],
  },
];
