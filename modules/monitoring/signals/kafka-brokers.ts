/** Signals of Kafka brokers and controllers (KRaft), by jmx_exporter with our allow-list. */
import { promql } from '../promql';
import type { Signal } from '../signal';
import { kafkaTool } from './kafka-tool';

export const kafkaBrokers: readonly Signal[] = [
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
    alert: 'KafkaActiveControllerCount',
    signal: 'exactly one active controller',
    kind: 'symptom',
    severity: 'critical',
    exporter: 'jmx_exporter',
    actor: 'data',
    row: 'up',
    why: 'No leader elections, no topic changes; or two controllers.',
    expr: 'sum by (namespace,kafka_cluster) (kafka_controller_kafkacontroller_activecontrollercount) != 1',
    for: '2m',
    threshold: '!= 1',
    evidence: 'recorded, see lab/expositions',
    runbook: [
      `Zero: the quorum is lost, and nobody can be asked about it. \`systemctl status kafka\` on the first three machines; start it until two of them run. Then ${kafkaTool('kafka-metadata-quorum', 'describe --status')} names the leader.`,
      'Every other Kafka metric is frozen while this holds: believe none of them.',
      'Two for longer than a minute: partition of the network; stop the one outside the majority.',
    ],
    fires: [
      {
        minute: 2,
        labels: [{ kafka_cluster: 'c1', namespace: 'kafka' }],
        series: [
          [
            'kafka_controller_kafkacontroller_activecontrollercount{namespace="kafka",kafka_cluster="c1",instance="kafka-0"}',
            '0x40',
          ],
        ],
      },
      {
        minute: 2,
        labels: [{ kafka_cluster: 'c1', namespace: 'kafka' }],
        series: [
          [
            'kafka_controller_kafkacontroller_activecontrollercount{namespace="kafka",kafka_cluster="c1",instance="kafka-0:7071"}',
            '1x40',
          ],
          [
            'kafka_controller_kafkacontroller_activecontrollercount{namespace="kafka",kafka_cluster="c1",instance="kafka-1:7071"}',
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
            'kafka_controller_kafkacontroller_activecontrollercount{namespace="kafka",kafka_cluster="c1",instance="kafka-0"}',
            '1x40',
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
    alert: 'KafkaProduceLatencyHigh',
    signal: 'p99 produce request time',
    kind: 'symptom',
    severity: 'warning',
    exporter: 'jmx_exporter',
    actor: 'data',
    row: 'fast',
    why: 'Broker time including replication (acks=all). JMX percentiles cannot be averaged: the maximum of each broker. The gauge is a decaying reservoir that keeps its value when traffic stops, hence the guard.',
    expr: promql`
        max by (namespace,kafka_cluster,instance) (kafka_network_requestmetrics_totaltimems{request="Produce",quantile="0.99"}) > 500
        and on (namespace,kafka_cluster,instance) sum by (namespace,kafka_cluster,instance) (rate(kafka_network_requestmetrics_requestspersec_total{request="Produce"}[5m])) > 0
      `,
    for: '10m',
    threshold: '>500 ms',
    evidence: 'recorded, see lab/expositions',
    runbook: [
      'Which broker (label instance)? Look at its disk latency and KafkaRequestHandlersBusy.',
      'With acks=all the slowest follower decides: look at the other brokers too.',
      'Move leaders off a sick broker.',
    ],
    fires: [
      {
        minute: 11,
        labels: [{ instance: 'kafka-0:7071', kafka_cluster: 'c1', namespace: 'kafka' }],
        series: [
          [
            'kafka_network_requestmetrics_totaltimems{namespace="kafka",kafka_cluster="c1",instance="kafka-0:7071",request="Produce",quantile="0.99"}',
            '900x40',
          ],
          [
            'kafka_network_requestmetrics_requestspersec_total{namespace="kafka",kafka_cluster="c1",instance="kafka-0:7071",request="Produce",version="11"}',
            '0+60x40',
          ],
        ],
      },
    ],
    quiet: [
      {
        from: 0,
        series: [
          [
            'kafka_network_requestmetrics_totaltimems{namespace="kafka",kafka_cluster="c1",instance="kafka-0:7071",request="Produce",quantile="0.99"}',
            '20x40',
          ],
          [
            'kafka_network_requestmetrics_totaltimems{namespace="kafka",kafka_cluster="c1",instance="kafka-0:7071",request="FetchConsumer",quantile="0.99"}',
            '900x40',
          ],
          [
            'kafka_network_requestmetrics_totaltimems{namespace="kafka",kafka_cluster="c1",instance="kafka-0:7071",request="Produce",quantile="0.999"}',
            '900x40',
          ],
          [
            'kafka_network_requestmetrics_requestspersec_total{namespace="kafka",kafka_cluster="c1",instance="kafka-0:7071",request="Produce",version="11"}',
            '0+60x40',
          ],
        ],
      },
      {
        from: 0,
        series: [
          [
            'kafka_network_requestmetrics_totaltimems{namespace="kafka",kafka_cluster="c1",instance="kafka-0:7071",request="Produce",quantile="0.99"}',
            '900x40',
          ],
          [
            'kafka_network_requestmetrics_requestspersec_total{namespace="kafka",kafka_cluster="c1",instance="kafka-0:7071",request="Produce",version="11"}',
            '60x40',
          ],
          [
            'kafka_network_requestmetrics_requestspersec_total{namespace="kafka",kafka_cluster="c1",instance="kafka-0:7071",request="FetchConsumer",version="11"}',
            '0+60x40',
          ],
        ],
      },
    ],
  },
  {
    alert: 'KafkaRequestHandlersBusy',
    signal: 'request handler idle share',
    kind: 'saturation',
    severity: 'warning',
    exporter: 'jmx_exporter',
    actor: 'data',
    row: 'full',
    why: "Broker CPU or I/O saturation. From OneMinuteRate by our own rule: the example configuration exports MeanRate (mean since start), which cannot move after a week. Less 1: our nodes are controllers too, and until 4.4 the meter adds up both pools (recorded: 1.86 when idle; KIP-1207), of which the controllers' is idle.",
    requires:
      'modules/aws/cloud-init/scripts/kafka-jmx.yml. Kafka 4.4 adds BrokerRequestHandler- and ControllerRequestHandlerAvgIdlePercent; the platform runs 4.1.',
    expr: promql`
        min by (namespace,kafka_cluster,instance) (kafka_server_kafkarequesthandlerpool_requesthandleravgidlepercent - 1) < 0.2
      `,
    for: '10m',
    threshold: '<20% idle',
    evidence: 'recorded, see lab/expositions',
    runbook: [
      "CPU or disk? Look at the machine's dashboard.",
      'Find the client that sends most requests; small batches are the usual cause (linger.ms=0).',
      'Add io threads only if the CPU is idle.',
    ],
    // MSK's controllers are machines of their own: the meter is of the broker's handlers alone, and nothing is to be taken off.
    onMsk: {
      why: 'Broker CPU or I/O saturation. From OneMinuteRate: the mean since the start cannot move after a week.',
      requires: "open monitoring with Amazon MSK's JMX exporter, port 11001",
      expr: promql`
        min by (namespace,kafka_cluster,instance) (kafka_server_kafkarequesthandlerpool_requesthandleravgidlepercent) < 0.2
      `,
      fires: [
        {
          minute: 10,
          labels: [{ instance: 'kafka-0', kafka_cluster: 'c1', namespace: 'kafka' }],
          series: [
            [
              'kafka_server_kafkarequesthandlerpool_requesthandleravgidlepercent{namespace="kafka",kafka_cluster="c1",instance="kafka-0"}',
              '0.05x40',
            ],
          ],
        },
      ],
      quiet: [
        {
          from: 0,
          series: [
            [
              'kafka_server_kafkarequesthandlerpool_requesthandleravgidlepercent{namespace="kafka",kafka_cluster="c1",instance="kafka-0"}',
              '0.8x40',
            ],
          ],
        },
      ],
    },
    fires: [
      {
        minute: 10,
        labels: [{ instance: 'kafka-0', kafka_cluster: 'c1', namespace: 'kafka' }],
        series: [
          [
            'kafka_server_kafkarequesthandlerpool_requesthandleravgidlepercent{namespace="kafka",kafka_cluster="c1",instance="kafka-0"}',
            '1.05x40',
          ],
        ],
      },
    ],
    quiet: [
      {
        from: 0,
        series: [
          [
            'kafka_server_kafkarequesthandlerpool_requesthandleravgidlepercent{namespace="kafka",kafka_cluster="c1",instance="kafka-0"}',
            '1.8x40',
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
  {
    alert: 'KafkaBrokerFenced',
    signal: 'a broker taken out by the controllers',
    kind: 'cause',
    severity: 'warning',
    exporter: 'jmx_exporter',
    actor: 'data',
    row: 'up',
    why: 'The first sign of a dead broker in KRaft, 9 s after its last heartbeat.',
    expr: 'max by (namespace,kafka_cluster) (kafka_controller_kafkacontroller_fencedbrokercount) > 0',
    for: '10m',
    threshold: 'any for 10 min',
    evidence: 'recorded, see lab/expositions',
    runbook: [
      `The controllers have taken a broker out: which one? ${kafkaTool('kafka-metadata-quorum', 'describe --replication')}.`,
      'Look at its machine and its journal; start it.',
      'One fenced broker costs redundancy, not data: no other restarts until it is back.',
    ],
    fires: [
      {
        minute: 16,
        labels: [{ kafka_cluster: 'c1', namespace: 'kafka' }],
        series: [
          [
            'kafka_controller_kafkacontroller_fencedbrokercount{namespace="kafka",kafka_cluster="c1",instance="kafka-0:7071"}',
            '0x5 1x40',
          ],
        ],
      },
    ],
    quiet: [
      {
        from: 0,
        series: [
          [
            'kafka_controller_kafkacontroller_fencedbrokercount{namespace="kafka",kafka_cluster="c1",instance="kafka-0:7071"}',
            '0x5 1x3 0x40',
          ],
        ],
      },
    ],
  },
  {
    alert: 'KafkaMetadataStale',
    signal: 'a broker hears no controller',
    kind: 'symptom',
    severity: 'critical',
    exporter: 'jmx_exporter',
    actor: 'data',
    row: 'up',
    why: 'After the quorum is lost every other gauge freezes at its last value; only this lag and the active controller count tell (12,448 ms after 12 s, recorded).',
    expr: promql`
        max by (namespace,kafka_cluster,instance) (kafka_server_broker_metadata_metrics_last_applied_record_lag_ms) > 10000
      `,
    for: '2m',
    threshold: '10 s behind for 2 min',
    evidence: 'recorded, see lab/expositions',
    runbook: [
      'The broker hears no controller: it serves on what it last knew. See KafkaActiveControllerCount.',
      'Only this broker: its network to the controllers; restart it if the others are well.',
      'All brokers: the quorum is lost.',
    ],
    fires: [
      {
        minute: 8,
        labels: [{ instance: 'kafka-0:7071', kafka_cluster: 'c1', namespace: 'kafka' }],
        series: [
          [
            'kafka_server_broker_metadata_metrics_last_applied_record_lag_ms{namespace="kafka",kafka_cluster="c1",instance="kafka-0:7071"}',
            '200x5 12000+60000x40',
          ],
        ],
      },
    ],
    quiet: [
      {
        from: 0,
        series: [
          [
            'kafka_server_broker_metadata_metrics_last_applied_record_lag_ms{namespace="kafka",kafka_cluster="c1",instance="kafka-0:7071"}',
            '450x50',
          ],
        ],
      },
    ],
  },
];
