/** Signals of Kafka's partitions: whether they have a leader, and its followers keep up. By jmx_exporter with our allow-list. */
import { promql } from '../promql';
import type { Signal } from '../signal';
import { kafkaTool } from './kafka-tool';

export const kafkaPartitions: readonly Signal[] = [
  {
    alert: 'KafkaOfflinePartitions',
    signal: 'partitions without a leader',
    kind: 'symptom',
    severity: 'critical',
    exporter: 'jmx_exporter',
    actor: 'data',
    row: 'up',
    why: 'Reads and writes to these partitions fail. max, not sum: several KRaft controllers may report the same count.',
    expr: 'max by (namespace,kafka_cluster) (kafka_controller_kafkacontroller_offlinepartitionscount) > 0',
    for: '1m',
    threshold: '>0',
    evidence: 'recorded, see lab/expositions',
    runbook: [
      `Which brokers are down? ${kafkaTool('kafka-topics', '--describe --unavailable-partitions')}.`,
      'Start the broker that is missing; its disk first (KafkaLogDirOffline).',
      'Never turn on unclean election to end this: it loses acknowledged messages.',
    ],
    fires: [
      {
        minute: 1,
        labels: [{ kafka_cluster: 'c1', namespace: 'kafka' }],
        series: [
          [
            'kafka_controller_kafkacontroller_offlinepartitionscount{namespace="kafka",kafka_cluster="c1",instance="kafka-0"}',
            '2x40',
          ],
        ],
      },
    ],
    quiet: [
      {
        from: 0,
        series: [
          [
            'kafka_controller_kafkacontroller_offlinepartitionscount{namespace="kafka",kafka_cluster="c1",instance="kafka-0"}',
            '0x40',
          ],
        ],
      },
    ],
  },
  {
    alert: 'KafkaUnderMinIsr',
    signal: 'partitions below min.insync.replicas',
    kind: 'symptom',
    severity: 'critical',
    exporter: 'jmx_exporter',
    actor: 'data',
    row: 'up',
    why: 'Producers with acks=all get NotEnoughReplicas: an outage for correct producers while acks=1 ones see nothing.',
    expr: 'sum by (namespace,kafka_cluster) (kafka_server_replicamanager_underminisrpartitioncount) > 0',
    for: '2m',
    threshold: '>0',
    evidence: 'recorded, see lab/expositions',
    runbook: [
      `Producers with acks=all are being refused now. ${kafkaTool('kafka-topics', '--describe --under-min-isr-partitions')} names the brokers.`,
      'Start them; watch the partitions come back one by one.',
      'Do not lower min.insync.replicas: the next failure would lose data.',
    ],
    fires: [
      {
        minute: 2,
        labels: [{ kafka_cluster: 'c1', namespace: 'kafka' }],
        series: [
          [
            'kafka_server_replicamanager_underminisrpartitioncount{namespace="kafka",kafka_cluster="c1",instance="kafka-0"}',
            '3x40',
          ],
        ],
      },
    ],
    quiet: [
      {
        from: 0,
        series: [
          [
            'kafka_server_replicamanager_underminisrpartitioncount{namespace="kafka",kafka_cluster="c1",instance="kafka-0"}',
            '0x40',
          ],
        ],
      },
    ],
  },
  {
    alert: 'KafkaUnderReplicated',
    signal: 'under-replicated partitions',
    kind: 'cause',
    severity: 'warning',
    exporter: 'jmx_exporter',
    actor: 'data',
    row: 'cause',
    why: "Lost redundancy; 15m because every rolling restart produces it (Strimzi's `for: 10s` alerts on each one).",
    expr: 'sum by (namespace,kafka_cluster) (kafka_server_replicamanager_underreplicatedpartitions) > 0',
    for: '15m',
    threshold: '>0 for 15m',
    evidence: 'recorded, see lab/expositions',
    runbook: [
      'A broker is down or slow: see KafkaBrokerFenced, and the disk of the broker that lags.',
      'A planned restart that takes longer than a quarter of an hour? Wait for it, do nothing else.',
      'Restart nothing else until it is zero.',
    ],
    fires: [
      {
        minute: 15,
        labels: [{ kafka_cluster: 'c1', namespace: 'kafka' }],
        series: [
          [
            'kafka_server_replicamanager_underreplicatedpartitions{namespace="kafka",kafka_cluster="c1",instance="kafka-0"}',
            '7x40',
          ],
        ],
      },
    ],
    quiet: [
      {
        from: 0,
        series: [
          [
            'kafka_server_replicamanager_underreplicatedpartitions{namespace="kafka",kafka_cluster="c1",instance="kafka-0"}',
            '0x5 7x6 0x40',
          ],
        ],
      },
    ],
  },
  {
    alert: 'KafkaUncleanElection',
    signal: 'unclean leader election',
    kind: 'symptom',
    severity: 'critical',
    exporter: 'jmx_exporter',
    actor: 'data',
    row: 'up',
    why: 'Acknowledged messages were lost. Must be increase(), not the raw counter.',
    expr: promql`
        sum by (namespace,kafka_cluster) (increase(kafka_controller_controllerstats_uncleanleaderelections_total[15m])) > 0
      `,
    for: '0m',
    threshold: '>0',
    evidence: 'recorded, see lab/expositions',
    runbook: [
      "Acknowledged messages were lost. Write down topic, partition and time from the controller's log now: it rotates.",
      'Tell the owners of the topic: they must reconcile.',
      "Find out who allowed it: the topic's unclean.leader.election.enable must be false.",
    ],
    fires: [
      {
        minute: 16,
        labels: [{ kafka_cluster: 'c1', namespace: 'kafka' }],
        series: [
          [
            'kafka_controller_controllerstats_uncleanleaderelections_total{namespace="kafka",kafka_cluster="c1",instance="kafka-0"}',
            '0x15 1x40',
          ],
        ],
      },
    ],
    quiet: [
      {
        from: 0,
        series: [
          [
            'kafka_controller_controllerstats_uncleanleaderelections_total{namespace="kafka",kafka_cluster="c1",instance="kafka-0"}',
            '4x60',
          ],
        ],
      },
    ],
  },
  {
    alert: 'KafkaLogDirOffline',
    signal: 'failed log directory',
    kind: 'cause',
    severity: 'critical',
    exporter: 'jmx_exporter',
    actor: 'data',
    row: 'full',
    why: 'Disk failure on a broker that stays up.',
    expr: 'max by (namespace,kafka_cluster,instance) (kafka_log_logmanager_offlinelogdirectorycount) > 0',
    for: '0m',
    threshold: '>0',
    evidence: 'recorded, see lab/expositions',
    runbook: [
      "The broker is up but a disk is gone: `dmesg` and the broker's log on that machine.",
      'Stop the broker, replace the volume (docs/data.md), start it: it copies from its peers.',
      'Other brokers must stay up meanwhile.',
    ],
    fires: [
      {
        minute: 0,
        labels: [{ instance: 'kafka-0', kafka_cluster: 'c1', namespace: 'kafka' }],
        series: [
          [
            'kafka_log_logmanager_offlinelogdirectorycount{namespace="kafka",kafka_cluster="c1",instance="kafka-0"}',
            '1x40',
          ],
        ],
      },
    ],
    quiet: [
      {
        from: 0,
        series: [
          [
            'kafka_log_logmanager_offlinelogdirectorycount{namespace="kafka",kafka_cluster="c1",instance="kafka-0"}',
            '0x40',
          ],
        ],
      },
    ],
  },
  {
    alert: 'KafkaFollowersSlow',
    signal: 'leaders drop slow followers',
    kind: 'cause',
    severity: 'info',
    exporter: 'jmx_exporter',
    actor: 'data',
    row: 'cause',
    why: 'A follower that cannot keep up. The death of a broker does not show here: in KRaft it is fenced after 9 s, before any leader shrinks (recorded: shrinks stay 0).',
    expr: promql`
        sum by (namespace,kafka_cluster,instance) (increase(kafka_server_replicamanager_isrshrinks_total[15m])) > 0
      `,
    for: '0m',
    threshold: 'any in 15 min',
    evidence: 'recorded, see lab/expositions',
    runbook: [
      'The broker whose followers shrink is the leader; find the slow follower by its disk and its network.',
      'Reassign replicas away from a sick disk.',
    ],
    fires: [
      {
        minute: 16,
        labels: [{ instance: 'kafka-0:7071', kafka_cluster: 'c1', namespace: 'kafka' }],
        series: [
          [
            'kafka_server_replicamanager_isrshrinks_total{namespace="kafka",kafka_cluster="c1",instance="kafka-0:7071"}',
            '0x15 2x60',
          ],
        ],
      },
    ],
    quiet: [
      {
        from: 0,
        series: [
          [
            'kafka_server_replicamanager_isrshrinks_total{namespace="kafka",kafka_cluster="c1",instance="kafka-0:7071"}',
            '5x80',
          ],
        ],
      },
    ],
  },
];
