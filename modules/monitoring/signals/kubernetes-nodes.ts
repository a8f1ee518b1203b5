/** Signals of Kubernetes' nodes. */
import { promql } from '../promql';
import type { Signal } from '../signal';

export const kubernetesNodes: readonly Signal[] = [
  {
    alert: 'NodeNotReady',
    signal: 'a node is not ready',
    kind: 'cause',
    severity: 'critical',
    exporter: 'kubernetes',
    actor: 'platform',
    row: 'up',
    why: 'Its pods are served by nobody until they are evicted, five minutes later.',
    expr: 'max by (node) (kube_node_status_condition{condition="Ready",status="true"}) == 0',
    for: '3m',
    threshold: 'for 3 min',
    evidence: 'recorded, see lab/expositions',
    runbook: [
      '`kubectl describe node`: pressure or silence?',
      'Silent: look at the EC2 instance; replace it by draining and terminating it.',
      'Its pods move after five minutes; watch that they do.',
    ],
    fires: [
      {
        minute: 3,
        labels: [{ node: 'n1' }],
        series: [
          ['kube_node_status_condition{node="n1",condition="Ready",status="true"}', '0x40'],
          ['kube_node_status_condition{node="n1",condition="Ready",status="unknown"}', '1x40'],
          ['kube_node_status_condition{node="n1",condition="MemoryPressure",status="true"}', '1x40'],
        ],
      },
    ],
    quiet: [
      {
        from: 0,
        series: [
          ['kube_node_status_condition{node="n1",condition="Ready",status="true"}', '1x40'],
          ['kube_node_status_condition{node="n1",condition="Ready",status="false"}', '0x40'],
        ],
      },
      {
        from: 0,
        series: [
          ['kube_node_status_condition{node="n1",condition="MemoryPressure",status="true"}', '0x40'],
          ['kube_node_status_condition{node="n1",condition="Ready",status="unknown"}', '0x40'],
        ],
      },
    ],
  },
  {
    alert: 'NodeFilesystemFull',
    signal: 'a file system is nearly full',
    kind: 'saturation',
    severity: 'critical',
    exporter: 'node_exporter',
    actor: 'platform',
    row: 'full',
    why: 'Images cannot be pulled, logs stop, databases halt.',
    expr: promql`
        min by (instance,mountpoint) (node_filesystem_avail_bytes{fstype!~"tmpfs|overlay|squashfs|ramfs"}
          / node_filesystem_size_bytes) < 0.08
      `,
    for: '15m',
    threshold: 'under 8 % free',
    evidence: 'recorded, see lab/expositions',
    runbook: [
      '`du -x -d2 / | sort -n | tail` on the node; images and logs first.',
      'Data node: see docs/data.md before deleting anything.',
    ],
    fires: [
      {
        minute: 15,
        labels: [{ instance: 'n1', mountpoint: '/' }],
        series: [
          ['node_filesystem_avail_bytes{job="node",instance="n1",mountpoint="/",fstype="ext4"}', '5x40'],
          ['node_filesystem_size_bytes{job="node",instance="n1",mountpoint="/",fstype="ext4"}', '100x40'],
        ],
      },
    ],
    quiet: [
      {
        from: 0,
        series: [
          ['node_filesystem_avail_bytes{job="node",instance="n1",mountpoint="/",fstype="ext4"}', '50x40'],
          ['node_filesystem_size_bytes{job="node",instance="n1",mountpoint="/",fstype="ext4"}', '100x40'],
          ['node_filesystem_avail_bytes{job="node",instance="n1",mountpoint="/",fstype="tmpfs"}', '1x40'],
          ['node_filesystem_size_bytes{job="node",instance="n1",mountpoint="/",fstype="tmpfs"}', '100x40'],
        ],
      },
    ],
  },
  {
    alert: 'NodeMemoryLow',
    signal: 'little memory is left on a machine',
    kind: 'saturation',
    severity: 'warning',
    exporter: 'node_exporter',
    actor: 'platform',
    row: 'full',
    why: 'The kernel will kill something, and not always the culprit.',
    expr: promql`
        max by (instance) (node_memory_MemAvailable_bytes)
        / max by (instance) (node_memory_MemTotal_bytes) < 0.08
      `,
    for: '15m',
    threshold: 'under 8 % available',
    evidence: 'recorded, see lab/expositions',
    runbook: [
      'Which process grows? `ps aux --sort -rss | head`.',
      'The kernel will kill something soon: move or restart the culprit first.',
    ],
    fires: [
      {
        minute: 15,
        labels: [{ instance: 'n1' }],
        series: [
          ['node_memory_MemAvailable_bytes{job="node",instance="n1"}', '4x40'],
          ['node_memory_MemTotal_bytes{job="node",instance="n1"}', '100x40'],
        ],
      },
    ],
    quiet: [
      {
        from: 0,
        series: [
          ['node_memory_MemAvailable_bytes{job="node",instance="n1"}', '40x40'],
          ['node_memory_MemTotal_bytes{job="node",instance="n1"}', '100x40'],
        ],
      },
    ],
  },
];
