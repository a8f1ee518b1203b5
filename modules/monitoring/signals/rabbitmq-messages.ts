/** Signals of RabbitMQ's messages: queues that nobody empties, messages that come again, go nowhere or wait for a confirm. */
import { promql } from '../promql';
import type { Signal } from '../signal';

export const rabbitmqMessages: readonly Signal[] = [
  {
    alert: 'RabbitQueueBacklogGrowing',
    signal: 'queue depth rising and deep',
    kind: 'symptom',
    severity: 'warning',
    exporter: 'rabbitmq_detailed',
    actor: 'service',
    row: 'fast',
    why: 'Consumers slower than producers. The default /metrics has no queue label, so per-queue rules need the detailed endpoint.',
    expr: promql`
        sum by (namespace,vhost,queue) (rabbitmq_detailed_queue_messages_ready) > 1000
        and sum by (namespace,vhost,queue) (deriv(rabbitmq_detailed_queue_messages_ready[15m])) > 0
      `,
    for: '15m',
    threshold: '>1000 and rising 15m',
    evidence: 'source: rabbitmq-server 5b09e55 and tags v3.13.0..v4.3.5 (core, global, raft, alarm collectors)',
    runbook: ['Compare the rates of publishing and acknowledging of this queue.', 'Scale its consumers.'],
    fires: [
      {
        minute: 16,
        labels: [{ namespace: 'mq', queue: 'mail', vhost: '/' }],
        series: [
          [
            'rabbitmq_detailed_queue_messages_ready{namespace="mq",pod="rabbit-0",vhost="/",queue="mail"}',
            '2000+50x60',
          ],
        ],
      },
    ],
    quiet: [
      {
        from: 0,
        series: [
          [
            'rabbitmq_detailed_queue_messages_ready{namespace="mq",pod="rabbit-0",vhost="/",queue="mail"}',
            '5000-50x60',
          ],
        ],
      },
      {
        from: 0,
        series: [['rabbitmq_detailed_queue_messages_ready{namespace="mq",vhost="/",queue="mail"}', '10+2x60']],
      },
    ],
  },
  {
    alert: 'RabbitQueueNoConsumers',
    signal: 'messages waiting, no consumer',
    kind: 'symptom',
    severity: 'critical',
    exporter: 'rabbitmq_detailed',
    actor: 'service',
    row: 'up',
    why: 'The work has nobody doing it. Dead-letter queues are excluded by name.',
    expr: promql`
        sum by (namespace,vhost,queue) (rabbitmq_detailed_queue_messages_ready{queue!~".*(dlq|dead|parking).*"}) > 0
        and on (namespace,vhost,queue) sum by (namespace,vhost,queue) (rabbitmq_detailed_queue_consumers) == 0
      `,
    for: '10m',
    threshold: 'ready>0, consumers=0, not a DLQ',
    evidence: 'source: rabbitmq-server 5b09e55 and tags v3.13.0..v4.3.5 (core, global, raft, alarm collectors)',
    runbook: [
      'Whose queue is it? Start its consumers: `kubectl get deploy` of that service.',
      "Nobody's any more: remove the binding and delete the queue, once its owner agrees.",
      'Messages wait safely meanwhile unless the queue has a TTL or a length limit.',
    ],
    panel: {
      query: promql`
        sum by (namespace,vhost,queue) (rabbitmq_detailed_queue_messages_ready{queue!~".*(dlq|dead|parking).*"})
        * (sum by (namespace,vhost,queue) (rabbitmq_detailed_queue_consumers) == bool 0)
      `,
    },
    fires: [
      {
        minute: 10,
        labels: [{ namespace: 'mq', queue: 'mail', vhost: '/' }],
        series: [
          ['rabbitmq_detailed_queue_messages_ready{namespace="mq",vhost="/",queue="mail"}', '10x60'],
          ['rabbitmq_detailed_queue_consumers{namespace="mq",vhost="/",queue="mail"}', '0x60'],
        ],
      },
    ],
    quiet: [
      {
        from: 0,
        series: [
          ['rabbitmq_detailed_queue_messages_ready{namespace="mq",vhost="/",queue="mail.dlq"}', '10x60'],
          ['rabbitmq_detailed_queue_consumers{namespace="mq",vhost="/",queue="mail.dlq"}', '0x60'],
          ['rabbitmq_detailed_queue_messages_ready{namespace="mq",vhost="/",queue="ok"}', '3x60'],
          ['rabbitmq_detailed_queue_consumers{namespace="mq",vhost="/",queue="ok"}', '2x60'],
        ],
      },
      {
        from: 0,
        series: [
          ['rabbitmq_detailed_queue_messages_ready{namespace="mq",vhost="/",queue="mail"}', '0x60'],
          ['rabbitmq_detailed_queue_consumers{namespace="mq",vhost="/",queue="mail"}', '0x60'],
        ],
      },
    ],
  },
  {
    alert: 'RabbitConsumersStuck',
    signal: 'a queue whose consumers hold messages and acknowledge none',
    kind: 'symptom',
    severity: 'critical',
    exporter: 'rabbitmq_detailed',
    actor: 'service',
    row: 'up',
    why: 'Consumers took messages and hang. The aggregated acknowledgements hide one stuck queue (recorded: 10 unacked for ever while acks rose from 194 to 964), so per queue. Consumers that are merely busy hold their whole prefetch all the time, too; but then what waits shrinks now and then.',
    expr: promql`
        max by (namespace,vhost,queue) (rabbitmq_detailed_queue_messages_unacked) > 0
        and max by (namespace,vhost,queue) (changes(rabbitmq_detailed_queue_messages_unacked[10m])) == 0
        and max by (namespace,vhost,queue) (rabbitmq_detailed_queue_messages_ready) > 0
        and max by (namespace,vhost,queue) (resets(rabbitmq_detailed_queue_messages_ready[10m])) == 0
      `,
    for: '10m',
    threshold: 'unacked > 0 and unchanged, and what waits never fewer, for 10 min',
    evidence: 'source: rabbitmq-server 5b09e55 and tags v3.13.0..v4.3.5 (core, global, raft, alarm collectors)',
    runbook: [
      'Consumers of this queue hold messages and acknowledge none: take a thread dump of one.',
      'Restart one member: its messages go back to the queue and to the others.',
      'Set consumer_timeout and a prefetch, so that it cannot last.',
    ],
    panel: {
      query: promql`
        max by (namespace,vhost,queue) (rabbitmq_detailed_queue_messages_unacked)
        * (max by (namespace,vhost,queue) (changes(rabbitmq_detailed_queue_messages_unacked[10m])) == bool 0)
        * (max by (namespace,vhost,queue) (rabbitmq_detailed_queue_messages_ready) > bool 0)
      `,
    },
    fires: [
      {
        minute: 10,
        labels: [{ namespace: 'mq', queue: 'mail', vhost: '/' }],
        series: [
          ['rabbitmq_detailed_queue_messages_unacked{namespace="mq",pod="rabbit-0",vhost="/",queue="mail"}', '250x60'],
          ['rabbitmq_detailed_queue_messages_ready{namespace="mq",pod="rabbit-0",vhost="/",queue="mail"}', '10+5x60'],
        ],
      },
    ],
    quiet: [
      {
        from: 0,
        series: [
          [
            'rabbitmq_detailed_queue_messages_unacked{namespace="mq",pod="rabbit-0",vhost="/",queue="mail"}',
            '250 248 251 250x3 247 250x3 249 250 251 250x3 248 250x4 249 250x5 251 250x4 249 250x5 247 250x5 248 250x5 251 250',
          ],
          ['rabbitmq_detailed_queue_messages_ready{namespace="mq",pod="rabbit-0",vhost="/",queue="mail"}', '10x60'],
        ],
      },
      {
        from: 0,
        series: [
          ['rabbitmq_detailed_queue_messages_unacked{namespace="mq",pod="rabbit-0",vhost="/",queue="mail"}', '250x60'],
          ['rabbitmq_detailed_queue_messages_ready{namespace="mq",pod="rabbit-0",vhost="/",queue="mail"}', '0x60'],
        ],
      },
      {
        from: 0,
        series: [
          ['rabbitmq_detailed_queue_messages_unacked{namespace="mq",pod="rabbit-0",vhost="/",queue="mail"}', '0x60'],
          ['rabbitmq_detailed_queue_messages_ready{namespace="mq",pod="rabbit-0",vhost="/",queue="mail"}', '10x60'],
        ],
      },
      // A backlog, and consumers that hold all of their prefetch because they are busy.
      {
        from: 0,
        series: [
          ['rabbitmq_detailed_queue_messages_unacked{namespace="mq",pod="rabbit-0",vhost="/",queue="mail"}', '250x60'],
          [
            'rabbitmq_detailed_queue_messages_ready{namespace="mq",pod="rabbit-0",vhost="/",queue="mail"}',
            '9000-100x60',
          ],
        ],
      },
    ],
  },
  {
    alert: 'RabbitRedeliveryStorm',
    signal: 'redelivered share',
    kind: 'cause',
    severity: 'warning',
    exporter: 'rabbitmq',
    actor: 'service',
    row: 'cause',
    why: 'Poison message looping; global_* counters do not drop when a channel closes, channel_* sums do.',
    expr: promql`
        sum by (namespace) (rate(rabbitmq_global_messages_redelivered_total[10m]))
        / sum by (namespace) (rate(rabbitmq_global_messages_delivered_total[10m]) > 0) > 0.2
      `,
    for: '10m',
    threshold: '>20%',
    evidence: 'source: rabbitmq-server 5b09e55 and tags v3.13.0..v4.3.5 (core, global, raft, alarm collectors)',
    runbook: [
      "One message comes back again and again: the consumer's log shows the same exception.",
      'Set a delivery limit (quorum queues) so that it goes to the dead-letter queue.',
    ],
    fires: [
      {
        minute: 11,
        labels: [{ namespace: 'mq' }],
        series: [
          [
            'rabbitmq_global_messages_redelivered_total{namespace="mq",pod="rabbit-0",instance="rabbit-0:15692",job="rabbitmq"}',
            '0+50x60',
          ],
          [
            'rabbitmq_global_messages_delivered_total{namespace="mq",pod="rabbit-0",instance="rabbit-0:15692",job="rabbitmq"}',
            '0+100x60',
          ],
        ],
      },
    ],
    quiet: [
      {
        from: 0,
        series: [
          [
            'rabbitmq_global_messages_redelivered_total{namespace="mq",pod="rabbit-0",instance="rabbit-0:15692",job="rabbitmq"}',
            '0+1x60',
          ],
          [
            'rabbitmq_global_messages_delivered_total{namespace="mq",pod="rabbit-0",instance="rabbit-0:15692",job="rabbitmq"}',
            '0+100x60',
          ],
        ],
      },
    ],
  },
  {
    alert: 'RabbitUnroutable',
    signal: 'messages dropped as unroutable',
    kind: 'symptom',
    severity: 'critical',
    exporter: 'rabbitmq',
    actor: 'service',
    row: 'up',
    why: 'Silent loss: a binding is missing after a deploy.',
    expr: 'sum by (namespace) (increase(rabbitmq_global_messages_unroutable_dropped_total[10m])) > 0',
    for: '0m',
    threshold: '>0',
    evidence: 'source: rabbitmq-server 5b09e55 and tags v3.13.0..v4.3.5 (core, global, raft, alarm collectors)',
    runbook: [
      'Messages are being dropped without an error. Which exchange? `rabbitmqctl list_bindings`; compare with git.',
      'Restore the binding that the last deploy removed.',
      'Publishers should set `mandatory`, so that they hear of it.',
    ],
    fires: [
      {
        minute: 16,
        labels: [{ namespace: 'mq' }],
        series: [
          [
            'rabbitmq_global_messages_unroutable_dropped_total{namespace="mq",pod="rabbit-0",instance="rabbit-0:15692",job="rabbitmq",protocol="amqp091"}',
            '0x15 4x40',
          ],
        ],
      },
    ],
    quiet: [
      {
        from: 0,
        series: [
          [
            'rabbitmq_global_messages_unroutable_dropped_total{namespace="mq",pod="rabbit-0",instance="rabbit-0:15692",job="rabbitmq",protocol="amqp091"}',
            '4x60',
          ],
        ],
      },
    ],
  },
  {
    alert: 'RabbitDeadLettering',
    signal: 'messages dead-lettered',
    kind: 'cause',
    severity: 'warning',
    exporter: 'rabbitmq',
    actor: 'service',
    row: 'cause',
    why: 'Business failures that produce no HTTP error; dead_letter_strategy=disabled means they are deleted. Expired messages and length limits are left out on purpose: they are how delay queues work.',
    expr: promql`
        sum by (namespace) (rate(rabbitmq_global_messages_dead_lettered_rejected_total[10m])) + sum by (namespace) (rate(rabbitmq_global_messages_dead_lettered_delivery_limit_total[10m])) > 0.1
      `,
    for: '10m',
    threshold: '>0.1/s',
    evidence: 'source: rabbitmq-server 5b09e55 and tags v3.13.0..v4.3.5 (core, global, raft, alarm collectors)',
    runbook: [
      'Read one message of the dead-letter queue and its x-death header.',
      "Rejections: the consumer's log. Delivery limit: a poison message.",
    ],
    fires: [
      {
        minute: 12,
        labels: [{ namespace: 'mq' }],
        series: [
          [
            'rabbitmq_global_messages_dead_lettered_rejected_total{namespace="mq",pod="rabbit-0",instance="rabbit-0:15692",job="rabbitmq"}',
            '0+60x60',
          ],
          [
            'rabbitmq_global_messages_dead_lettered_delivery_limit_total{namespace="mq",pod="rabbit-0",instance="rabbit-0:15692",job="rabbitmq"}',
            '0x60',
          ],
        ],
      },
      {
        minute: 12,
        labels: [{ namespace: 'mq' }],
        series: [
          [
            'rabbitmq_global_messages_dead_lettered_rejected_total{namespace="mq",pod="rabbit-0",job="rabbitmq"}',
            '0x60',
          ],
          [
            'rabbitmq_global_messages_dead_lettered_delivery_limit_total{namespace="mq",pod="rabbit-0",job="rabbitmq"}',
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
            'rabbitmq_global_messages_dead_lettered_rejected_total{namespace="mq",pod="rabbit-0",instance="rabbit-0:15692",job="rabbitmq"}',
            '9x60',
          ],
          [
            'rabbitmq_global_messages_dead_lettered_delivery_limit_total{namespace="mq",pod="rabbit-0",instance="rabbit-0:15692",job="rabbitmq"}',
            '0x60',
          ],
        ],
      },
    ],
  },
  {
    alert: 'RabbitConfirmsLagging',
    signal: 'publisher confirms behind publishes',
    kind: 'symptom',
    severity: 'warning',
    exporter: 'rabbitmq',
    actor: 'data',
    row: 'fast',
    why: 'Quorum queue cannot commit (lost majority, slow disk); publishers time out.',
    expr: promql`
        sum by (namespace) (rate(rabbitmq_global_messages_confirmed_total[5m]))
        / sum by (namespace) (rate(rabbitmq_global_messages_received_confirm_total[5m]) > 1) < 0.9
      `,
    for: '10m',
    threshold: '<90% confirmed',
    evidence: 'source: rabbitmq-server 5b09e55 and tags v3.13.0..v4.3.5 (core, global, raft, alarm collectors)',
    runbook: [
      'Quorum queues without a majority? `rabbitmq-queues check_if_node_is_quorum_critical`.',
      'Slow disk: RabbitQuorumCommitSlow.',
    ],
    fires: [
      {
        minute: 11,
        labels: [{ namespace: 'mq' }],
        series: [
          [
            'rabbitmq_global_messages_confirmed_total{namespace="mq",pod="rabbit-0",instance="rabbit-0:15692",job="rabbitmq"}',
            '0+300x60',
          ],
          [
            'rabbitmq_global_messages_received_confirm_total{namespace="mq",pod="rabbit-0",instance="rabbit-0:15692",job="rabbitmq"}',
            '0+600x60',
          ],
        ],
      },
    ],
    quiet: [
      {
        from: 0,
        series: [
          [
            'rabbitmq_global_messages_confirmed_total{namespace="mq",pod="rabbit-0",instance="rabbit-0:15692",job="rabbitmq"}',
            '0+600x60',
          ],
          [
            'rabbitmq_global_messages_received_confirm_total{namespace="mq",pod="rabbit-0",instance="rabbit-0:15692",job="rabbitmq"}',
            '0+600x60',
          ],
        ],
      },
      {
        from: 0,
        series: [
          ['rabbitmq_global_messages_confirmed_total{namespace="mq",pod="rabbit-0",job="rabbitmq"}', '0+3x60'],
          ['rabbitmq_global_messages_received_confirm_total{namespace="mq",pod="rabbit-0",job="rabbitmq"}', '0+6x60'],
        ],
      },
    ],
  },
  {
    alert: 'RabbitQuorumCommitSlow',
    signal: 'Raft commit latency',
    kind: 'cause',
    severity: 'warning',
    exporter: 'rabbitmq',
    actor: 'data',
    row: 'fast',
    why: 'Disk fsync or network slow. Renamed in 4.2.0, so the rule asks for both names.',
    expr: promql`
        max by (namespace,pod) (rabbitmq_raft_max_commit_latency_seconds
          or rabbitmq_raft_entry_commit_latency_seconds) > 0.5
      `,
    for: '10m',
    threshold: '>500 ms',
    evidence: 'source: rabbitmq-server 5b09e55 and tags v3.13.0..v4.3.5 (core, global, raft, alarm collectors)',
    runbook: ["Look at the disk's fsync latency on that node.", 'Move the leader: `rabbitmq-queues rebalance quorum`.'],
    fires: [
      {
        minute: 10,
        labels: [{ namespace: 'mq', pod: 'rabbit-0' }],
        series: [
          [
            'rabbitmq_raft_max_commit_latency_seconds{namespace="mq",pod="rabbit-0",instance="rabbit-0:15692",job="rabbitmq"}',
            '1.2x40',
          ],
        ],
      },
      {
        minute: 10,
        labels: [{ namespace: 'mq', pod: 'rabbit-0' }],
        series: [
          [
            'rabbitmq_raft_entry_commit_latency_seconds{namespace="mq",pod="rabbit-0",instance="rabbit-0:15692",job="rabbitmq"}',
            '1.2x40',
          ],
        ],
      },
    ],
    quiet: [
      {
        from: 0,
        series: [
          [
            'rabbitmq_raft_entry_commit_latency_seconds{namespace="mq",pod="rabbit-0",instance="rabbit-0:15692",job="rabbitmq"}',
            '0.01x40',
          ],
        ],
      },
      {
        from: 0,
        series: [['rabbitmq_raft_max_commit_latency_seconds{namespace="mq",pod="rabbit-0",job="rabbitmq"}', '0.01x40']],
      },
    ],
  },
];
