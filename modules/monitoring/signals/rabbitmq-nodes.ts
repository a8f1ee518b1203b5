/** Signals of RabbitMQ's nodes: alarms that block every publisher, memory, disk, descriptors, links between them. */
import { promql } from '../promql';
import type { Signal } from '../signal';

export const rabbitmqNodes: readonly Signal[] = [
  {
    alert: 'RabbitMemoryAlarm',
    signal: 'memory alarm',
    kind: 'symptom',
    severity: 'critical',
    exporter: 'rabbitmq',
    actor: 'data',
    row: 'full',
    why: 'All publishers in the whole cluster are blocked: applications hang without an error.',
    expr: 'max by (namespace,pod) (max_over_time(rabbitmq_alarms_memory_used_watermark[5m])) > 0',
    for: '0m',
    threshold: '1',
    evidence: 'source: rabbitmq-server 5b09e55 and tags v3.13.0..v4.3.5 (core, global, raft, alarm collectors)',
    runbook: [
      'Every publisher of the cluster is blocked. Find the largest queue: `rabbitmqctl list_queues name messages memory | sort -nk3 | tail`.',
      'Get its consumers going, or purge it if its owner agrees.',
      'Raise the watermark only when the machine really has the memory.',
    ],
    fires: [
      {
        minute: 18,
        until: 23,
        labels: [{ namespace: 'mq', pod: 'rabbit-0' }],
        series: [
          [
            'rabbitmq_alarms_memory_used_watermark{namespace="mq",pod="rabbit-0",instance="rabbit-0:15692",job="rabbitmq"}',
            '0x17 1 1 0x40',
          ],
        ],
      },
    ],
    quiet: [
      {
        from: 0,
        series: [
          [
            'rabbitmq_alarms_memory_used_watermark{namespace="mq",pod="rabbit-0",instance="rabbit-0:15692",job="rabbitmq"}',
            '0x50',
          ],
        ],
      },
    ],
  },
  {
    alert: 'RabbitDiskAlarm',
    signal: 'disk alarm',
    kind: 'symptom',
    severity: 'critical',
    exporter: 'rabbitmq',
    actor: 'data',
    row: 'full',
    why: "Same blocking, cause is the disk. (rabbitmq_alarms_file_descriptor_limit was removed in 4.3.0: the operator's third alarm rule is dead there.)",
    expr: 'max by (namespace,pod) (max_over_time(rabbitmq_alarms_free_disk_space_watermark[5m])) > 0',
    for: '0m',
    threshold: '1',
    evidence: 'source: rabbitmq-server 5b09e55 and tags v3.13.0..v4.3.5 (core, global, raft, alarm collectors)',
    runbook: [
      'Every publisher is blocked. Free the disk: old logs first, never the mnesia directory.',
      'Enlarge the volume.',
      'Then drain the largest queue.',
    ],
    fires: [
      {
        minute: 18,
        until: 23,
        labels: [{ namespace: 'mq', pod: 'rabbit-0' }],
        series: [
          [
            'rabbitmq_alarms_free_disk_space_watermark{namespace="mq",pod="rabbit-0",instance="rabbit-0:15692",job="rabbitmq"}',
            '0x17 1 1 0x40',
          ],
        ],
      },
    ],
    quiet: [
      {
        from: 0,
        series: [
          [
            'rabbitmq_alarms_free_disk_space_watermark{namespace="mq",pod="rabbit-0",instance="rabbit-0:15692",job="rabbitmq"}',
            '0x50',
          ],
        ],
      },
    ],
  },
  {
    alert: 'RabbitMemoryNearWatermark',
    signal: 'memory against the watermark',
    kind: 'saturation',
    severity: 'warning',
    exporter: 'rabbitmq',
    actor: 'data',
    row: 'full',
    why: 'Warning before the alarm blocks publishers.',
    expr: promql`
        max by (namespace,pod) (rabbitmq_process_resident_memory_bytes
          / (rabbitmq_resident_memory_limit_bytes > 0)) > 0.85
      `,
    for: '10m',
    threshold: '>85%',
    evidence: 'source: rabbitmq-server 5b09e55 and tags v3.13.0..v4.3.5 (core, global, raft, alarm collectors)',
    runbook: [
      'Find the largest queue and the number of connections.',
      'Scale its consumers before publishers are blocked.',
    ],
    fires: [
      {
        minute: 10,
        labels: [{ namespace: 'mq', pod: 'rabbit-0' }],
        series: [
          [
            'rabbitmq_process_resident_memory_bytes{namespace="mq",pod="rabbit-0",instance="rabbit-0:15692",job="rabbitmq"}',
            '90x40',
          ],
          [
            'rabbitmq_resident_memory_limit_bytes{namespace="mq",pod="rabbit-0",instance="rabbit-0:15692",job="rabbitmq"}',
            '100x40',
          ],
        ],
      },
    ],
    quiet: [
      {
        from: 0,
        series: [
          [
            'rabbitmq_process_resident_memory_bytes{namespace="mq",pod="rabbit-0",instance="rabbit-0:15692",job="rabbitmq"}',
            '40x40',
          ],
          [
            'rabbitmq_resident_memory_limit_bytes{namespace="mq",pod="rabbit-0",instance="rabbit-0:15692",job="rabbitmq"}',
            '100x40',
          ],
        ],
      },
    ],
  },
  {
    alert: 'RabbitDiskFullPredicted',
    signal: 'disk alarm within 24 h',
    kind: 'saturation',
    severity: 'warning',
    exporter: 'rabbitmq',
    actor: 'data',
    row: 'full',
    why: 'Time to act, not a post-mortem.',
    expr: promql`
        max by (namespace,pod) (predict_linear(rabbitmq_disk_space_available_bytes[6h], 86400)) < max by (namespace,pod) (rabbitmq_disk_space_available_limit_bytes)
      `,
    for: '1h',
    threshold: 'predicted <limit in 24h',
    evidence: 'source: rabbitmq-server 5b09e55 and tags v3.13.0..v4.3.5 (core, global, raft, alarm collectors)',
    runbook: ['What grows: a queue or the logs?', 'Drain the queue or enlarge the volume today.'],
    panel: { unit: 'bytes' },
    fires: [
      {
        minute: 61,
        labels: [{ namespace: 'mq', pod: 'rabbit-0' }],
        series: [
          [
            'rabbitmq_disk_space_available_bytes{namespace="mq",pod="rabbit-0",instance="rabbit-0:15692",job="rabbitmq"}',
            '100000-40x480',
          ],
          [
            'rabbitmq_disk_space_available_limit_bytes{namespace="mq",pod="rabbit-0",instance="rabbit-0:15692",job="rabbitmq"}',
            '50000x480',
          ],
        ],
      },
    ],
    quiet: [
      {
        from: 0,
        series: [
          [
            'rabbitmq_disk_space_available_bytes{namespace="mq",pod="rabbit-0",instance="rabbit-0:15692",job="rabbitmq"}',
            '100000x480',
          ],
          [
            'rabbitmq_disk_space_available_limit_bytes{namespace="mq",pod="rabbit-0",instance="rabbit-0:15692",job="rabbitmq"}',
            '50000x480',
          ],
        ],
      },
    ],
  },
  {
    alert: 'RabbitNodePartitioned',
    signal: 'distribution link not up',
    kind: 'cause',
    severity: 'critical',
    exporter: 'rabbitmq',
    actor: 'data',
    row: 'up',
    why: 'A dead or partitioned peer vanishes from the list within 2 s instead of changing its state (recorded on 3.10.8): a rule on the state alone never fires. Five minutes: a pod that is moved to another node is back in three.',
    expr: promql`
        max by (namespace,pod,peer) (max_over_time(erlang_vm_dist_node_state{peer!~"rabbitmqcli.*"}[1d]))
        unless on (namespace,pod,peer) (erlang_vm_dist_node_state == 3)
      `,
    for: '5m',
    threshold: 'a peer seen in the last day is not connected',
    evidence: 'source: rabbitmq-server 5b09e55 and tags v3.13.0..v4.3.5 (core, global, raft, alarm collectors)',
    runbook: [
      '`rabbitmqctl cluster_status` on every node: who misses whom?',
      'Node down: start it. Network: mend it; quorum queues heal by themselves.',
      'Classic mirrored queues under `ignore`: decide which side keeps its messages, restart the other.',
    ],
    panel: {
      query: promql`
        count by (namespace,pod) (
          max by (namespace,pod,peer) (max_over_time(erlang_vm_dist_node_state{peer!~"rabbitmqcli.*"}[1d]))
          unless on (namespace,pod,peer) (erlang_vm_dist_node_state == 3)
        ) or 0 * count by (namespace,pod) (erlang_vm_dist_node_state)
      `,
    },
    fires: [
      {
        minute: 30,
        labels: [{ namespace: 'mq', peer: 'rabbit@1', pod: 'rabbit-0' }],
        series: [
          ['erlang_vm_dist_node_state{namespace="mq",pod="rabbit-0",job="rabbitmq",peer="rabbit@1"}', '3x20 _x30'],
        ],
      },
      {
        minute: 26,
        labels: [{ namespace: 'mq', peer: 'rabbit@1', pod: 'rabbit-0' }],
        series: [
          ['erlang_vm_dist_node_state{namespace="mq",pod="rabbit-0",job="rabbitmq",peer="rabbit@1"}', '3x20 1x30'],
        ],
      },
    ],
    quiet: [
      {
        from: 0,
        series: [
          ['erlang_vm_dist_node_state{namespace="mq",pod="rabbit-0",job="rabbitmq",peer="rabbit@1"}', '3x50'],
          [
            'erlang_vm_dist_node_state{namespace="mq",pod="rabbit-0",job="rabbitmq",peer="rabbitmqcli-7-rabbit@1"}',
            '3x5 _x45',
          ],
        ],
      },
    ],
  },
  {
    alert: 'RabbitFileDescriptorsHigh',
    signal: 'file descriptors',
    kind: 'saturation',
    severity: 'warning',
    exporter: 'rabbitmq',
    actor: 'data',
    row: 'full',
    why: 'No new connections, disk writes may fail.',
    expr: 'max by (namespace,pod) (rabbitmq_process_open_fds / (rabbitmq_process_max_fds > 0)) > 0.8',
    for: '10m',
    threshold: '>80%',
    evidence: 'source: rabbitmq-server 5b09e55 and tags v3.13.0..v4.3.5 (core, global, raft, alarm collectors)',
    runbook: [
      'Count connections by client: `rabbitmqctl list_connections user peer_host`.',
      'A client that opens one a message is the usual cause.',
    ],
    fires: [
      {
        minute: 10,
        labels: [{ namespace: 'mq', pod: 'rabbit-0' }],
        series: [
          [
            'rabbitmq_process_open_fds{namespace="mq",pod="rabbit-0",instance="rabbit-0:15692",job="rabbitmq"}',
            '900x40',
          ],
          [
            'rabbitmq_process_max_fds{namespace="mq",pod="rabbit-0",instance="rabbit-0:15692",job="rabbitmq"}',
            '1000x40',
          ],
        ],
      },
    ],
    quiet: [
      {
        from: 0,
        series: [
          [
            'rabbitmq_process_open_fds{namespace="mq",pod="rabbit-0",instance="rabbit-0:15692",job="rabbitmq"}',
            '90x40',
          ],
          [
            'rabbitmq_process_max_fds{namespace="mq",pod="rabbit-0",instance="rabbit-0:15692",job="rabbitmq"}',
            '1000x40',
          ],
        ],
      },
    ],
  },
];
