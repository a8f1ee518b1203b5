/** Signals of Kafka brokers and controllers (KRaft): the quorum, and how requests fare. By jmx_exporter with our allow-list. */
import { promql } from '../promql';
import type { Signal } from '../signal';
import { kafkaTool } from './kafka-tool';

export const kafkaBrokers: readonly Signal[] = [
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
