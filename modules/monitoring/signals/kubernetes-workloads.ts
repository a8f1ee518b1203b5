/** Signals of what runs on Kubernetes: containers at their limits, volumes that fill, pods that do not come up. */
import { promql } from '../promql';
import type { Signal } from '../signal';

export const kubernetesWorkloads: readonly Signal[] = [
  {
    alert: 'JvmContainerMemoryNearLimit',
    signal: 'working set against the limit',
    kind: 'saturation',
    severity: 'warning',
    exporter: 'kubernetes',
    actor: 'service',
    row: 'full',
    why: 'The kernel kills at the cgroup limit, not at -Xmx; off-heap, threads and metaspace are invisible to heap metrics.',
    expr: promql`
        max by (namespace,pod,container) (container_memory_working_set_bytes)
        / on (namespace,pod,container) max by (namespace,pod,container) (kube_pod_container_resource_limits{resource="memory"}) > 0.92
      `,
    for: '10m',
    threshold: '>92%',
    evidence: 'recorded, see lab/expositions',
    runbook: [
      'Compare the working set with the heap: the difference is off-heap memory, threads and metaspace.',
      'Raise the limit by what is missing, or lower -Xmx; both in git.',
      'Do nothing at night unless ContainerOomKilled fires.',
    ],
    fires: [
      {
        minute: 10,
        labels: [{ container: 'app', namespace: 'shop', pod: 'orders-1' }],
        series: [
          ['container_memory_working_set_bytes{namespace="shop",pod="orders-1",container="app"}', '980x40'],
          ['container_memory_working_set_bytes{namespace="shop",pod="orders-1",container=""}', '2000x40'],
          [
            'kube_pod_container_resource_limits{namespace="shop",pod="orders-1",container="app",resource="memory"}',
            '1000x40',
          ],
          [
            'kube_pod_container_resource_limits{namespace="shop",pod="orders-1",container="app",resource="cpu"}',
            '2000x40',
          ],
        ],
      },
    ],
    quiet: [
      {
        from: 0,
        series: [
          ['container_memory_working_set_bytes{namespace="shop",pod="orders-1",container="app"}', '700x40'],
          ['container_memory_working_set_bytes{namespace="shop",pod="orders-1",container=""}', '2000x40'],
          [
            'kube_pod_container_resource_limits{namespace="shop",pod="orders-1",container="app",resource="memory"}',
            '1000x40',
          ],
          [
            'kube_pod_container_resource_limits{namespace="shop",pod="orders-1",container="app",resource="cpu"}',
            '2x40',
          ],
        ],
      },
    ],
  },
  {
    alert: 'ContainerOomKilled',
    signal: 'OOM kill',
    kind: 'cause',
    severity: 'critical',
    exporter: 'kubernetes',
    actor: 'service',
    row: 'up',
    why: 'A restart hides itself; the reason is the difference between a deploy and a leak.',
    expr: promql`
        sum by (namespace,pod,container) (increase(kube_pod_container_status_restarts_total[10m])) > 0
        and on (namespace,pod,container) kube_pod_container_status_last_terminated_reason{reason="OOMKilled"} == 1
      `,
    for: '0m',
    threshold: 'any restart with reason OOMKilled',
    evidence: 'recorded, see lab/expositions',
    runbook: [
      '`kubectl describe pod` for the container and its limit; `kubectl logs --previous` for its last words.',
      'Killed again and again: raise the limit in git by half and sync; the leak is for tomorrow.',
      'Killed once: note the traffic of that minute in the ticket, go back to bed.',
    ],
    fires: [
      {
        minute: 16,
        labels: [{ container: 'app', namespace: 'shop', pod: 'orders-1' }],
        series: [
          ['kube_pod_container_status_restarts_total{namespace="shop",pod="orders-1",container="app"}', '0x15 1x40'],
          [
            'kube_pod_container_status_last_terminated_reason{namespace="shop",pod="orders-1",container="app",reason="OOMKilled"}',
            '0x15 1x40',
          ],
        ],
      },
    ],
    quiet: [
      {
        from: 0,
        series: [
          ['kube_pod_container_status_restarts_total{namespace="shop",pod="orders-1",container="app"}', '0x15 1x40'],
          [
            'kube_pod_container_status_last_terminated_reason{namespace="shop",pod="orders-1",container="app",reason="Error"}',
            '0x15 1x40',
          ],
        ],
      },
      {
        from: 0,
        series: [
          ['kube_pod_container_status_restarts_total{namespace="shop",pod="orders-1",container="app"}', '1x60'],
          [
            'kube_pod_container_status_last_terminated_reason{namespace="shop",pod="orders-1",container="app",reason="OOMKilled"}',
            '1x60',
          ],
        ],
      },
      {
        from: 0,
        series: [
          ['kube_pod_container_status_restarts_total{namespace="shop",pod="orders-1",container="app"}', '0x15 1x40'],
          [
            'kube_pod_container_status_last_terminated_reason{namespace="shop",pod="orders-1",container="app",reason="OOMKilled"}',
            '0x60',
          ],
        ],
      },
    ],
  },
  {
    alert: 'JvmCpuThrottled',
    signal: 'CFS throttling',
    kind: 'cause',
    severity: 'info',
    exporter: 'kubernetes',
    actor: 'service',
    row: 'cause',
    why: 'GC threads and JIT burn the quota; as a page this is the noisiest rule in kubernetes-mixin (issue 108), so it only annotates.',
    expr: promql`
        sum by (namespace,pod,container) (increase(container_cpu_cfs_throttled_periods_total{container!=""}[5m]))
        / sum by (namespace,pod,container) (increase(container_cpu_cfs_periods_total[5m])) > 0.5
      `,
    for: '15m',
    threshold: '>50% of periods; info only',
    evidence: 'recorded, see lab/expositions',
    runbook: [
      'For information: compare with latency at the same time.',
      'Raise or drop the CPU limit if latency follows the throttling.',
    ],
    fires: [
      {
        minute: 16,
        labels: [{ container: 'app', namespace: 'shop', pod: 'p' }],
        series: [
          ['container_cpu_cfs_throttled_periods_total{namespace="shop",pod="p",container="app"}', '0+400x60'],
          ['container_cpu_cfs_periods_total{namespace="shop",pod="p",container="app"}', '0+600x60'],
        ],
      },
    ],
    quiet: [
      {
        from: 0,
        series: [
          ['container_cpu_cfs_throttled_periods_total{namespace="shop",pod="p",container="app"}', '0+60x60'],
          ['container_cpu_cfs_periods_total{namespace="shop",pod="p",container="app"}', '0+600x60'],
          ['container_cpu_cfs_throttled_periods_total{namespace="shop",pod="p",container=""}', '0+500x60'],
          ['container_cpu_cfs_periods_total{namespace="shop",pod="p",container=""}', '0+600x60'],
        ],
      },
    ],
  },
  {
    alert: 'PvcFillingUp',
    signal: 'volume full within 4 days',
    kind: 'saturation',
    severity: 'warning',
    exporter: 'kubernetes',
    actor: 'data',
    row: 'full',
    why: 'MongoDB, Kafka and RabbitMQ all stop hard on a full disk.',
    expr: promql`
        max by (namespace,persistentvolumeclaim) (kubelet_volume_stats_available_bytes
          / kubelet_volume_stats_capacity_bytes) < 0.25
        and max by (namespace,persistentvolumeclaim) (predict_linear(kubelet_volume_stats_available_bytes[6h], 4 * 86400)) < 0
      `,
    for: '1h',
    threshold: 'under 25 % free, and full within 4 days',
    evidence: 'recorded, see lab/expositions',
    runbook: [
      'What grows? Compare with retention.',
      'Enlarge the claim in git; the storage class expands online.',
      'No growth, only small? Then less than a quarter free and falling is still true: plan it this week.',
    ],
    fires: [
      {
        minute: 61,
        labels: [{ namespace: 'kafka', persistentvolumeclaim: 'data-0' }],
        series: [
          ['kubelet_volume_stats_available_bytes{namespace="kafka",persistentvolumeclaim="data-0"}', '20000-10x480'],
          ['kubelet_volume_stats_capacity_bytes{namespace="kafka",persistentvolumeclaim="data-0"}', '100000x480'],
        ],
      },
    ],
    quiet: [
      {
        from: 0,
        series: [
          ['kubelet_volume_stats_available_bytes{namespace="kafka",persistentvolumeclaim="data-0"}', '20000x480'],
          ['kubelet_volume_stats_capacity_bytes{namespace="kafka",persistentvolumeclaim="data-0"}', '100000x480'],
        ],
      },
      {
        from: 0,
        series: [
          ['kubelet_volume_stats_available_bytes{namespace="kafka",persistentvolumeclaim="data-0"}', '80000-20x480'],
          ['kubelet_volume_stats_capacity_bytes{namespace="kafka",persistentvolumeclaim="data-0"}', '100000x480'],
        ],
      },
    ],
  },
  {
    alert: 'PvcAlmostFull',
    signal: 'a volume is full',
    kind: 'saturation',
    severity: 'critical',
    exporter: 'kubernetes',
    actor: 'data',
    row: 'full',
    why: 'A database stops hard on a full disk; under 5 % there are minutes.',
    expr: promql`
        max by (namespace,persistentvolumeclaim) (kubelet_volume_stats_available_bytes
          / kubelet_volume_stats_capacity_bytes) < 0.05
      `,
    for: '5m',
    threshold: 'under 5 % free',
    evidence: 'kubelet metrics, stable names',
    runbook: [
      'Enlarge the claim now, then in git: `kubectl -n <namespace> patch pvc <claim> -p \'{"spec":{"resources":{"requests":{"storage":"<size>Gi"}}}}\'`.',
      'Kafka: lower retention.ms of the largest topic. PostgreSQL: look for a replication slot that keeps WAL.',
      'Never delete files of a database by hand.',
    ],
    fires: [
      {
        minute: 5,
        labels: [{ namespace: 'kafka', persistentvolumeclaim: 'data-0' }],
        series: [
          ['kubelet_volume_stats_available_bytes{namespace="kafka",persistentvolumeclaim="data-0"}', '3000x40'],
          ['kubelet_volume_stats_capacity_bytes{namespace="kafka",persistentvolumeclaim="data-0"}', '100000x40'],
        ],
      },
    ],
    quiet: [
      {
        from: 0,
        series: [
          ['kubelet_volume_stats_available_bytes{namespace="kafka",persistentvolumeclaim="data-0"}', '20000x40'],
          ['kubelet_volume_stats_capacity_bytes{namespace="kafka",persistentvolumeclaim="data-0"}', '100000x40'],
        ],
      },
    ],
  },
  {
    alert: 'PodCrashLooping',
    signal: 'a container crashes again and again',
    kind: 'cause',
    severity: 'warning',
    exporter: 'kubernetes',
    actor: 'service',
    row: 'up',
    why: 'Kubernetes has given up restarting it at once; the service runs on fewer replicas.',
    expr: promql`
        max by (namespace,pod,container) (max_over_time(kube_pod_container_status_waiting_reason{reason="CrashLoopBackOff"}[5m])) >= 1
      `,
    for: '10m',
    threshold: 'in back-off for 10 min',
    evidence: 'recorded, see lab/expositions',
    runbook: [
      '`kubectl logs --previous` of the container: the last lines say why.',
      'A new release: roll back. An old one: what did it depend on that changed?',
    ],
    panel: { noneYet: true },
    fires: [
      {
        minute: 16,
        labels: [{ container: 'app', namespace: 'shop', pod: 'orders-1' }],
        series: [
          [
            'kube_pod_container_status_waiting_reason{namespace="shop",pod="orders-1",container="app",reason="CrashLoopBackOff"}',
            '0x5 1 1 0 1 1 1 0 1 1 1 1 1 0 1 1 1 1x20',
          ],
        ],
      },
    ],
    quiet: [
      {
        from: 0,
        series: [
          [
            'kube_pod_container_status_waiting_reason{namespace="shop",pod="orders-1",container="app",reason="CrashLoopBackOff"}',
            '1x3 0x40',
          ],
          [
            'kube_pod_container_status_waiting_reason{namespace="shop",pod="orders-1",container="app",reason="ContainerCreating"}',
            '1x43',
          ],
        ],
      },
    ],
  },
  {
    alert: 'DeploymentReplicasMissing',
    signal: 'fewer replicas than wanted',
    kind: 'cause',
    severity: 'warning',
    exporter: 'kubernetes',
    actor: 'service',
    row: 'up',
    why: 'A rollout that hangs, or pods that cannot start: the next failure is an outage.',
    expr: promql`
        max by (namespace,deployment) (kube_deployment_spec_replicas) - max by (namespace,deployment) (kube_deployment_status_replicas_available) > 0
      `,
    for: '15m',
    threshold: 'any missing for 15 min',
    evidence: 'recorded, see lab/expositions',
    runbook: [
      '`kubectl describe` the newest pod: unschedulable, image, probe or quota?',
      'A rollout that hangs: `git revert <commit>` and push. Argo CD syncs by itself, and so refuses to roll back by itself.',
      'Nodes full: see NodeNotReady and the autoscaler.',
    ],
    fires: [
      {
        minute: 15,
        labels: [{ deployment: 'orders', namespace: 'shop' }],
        series: [
          ['kube_deployment_spec_replicas{namespace="shop",deployment="orders"}', '3x40'],
          ['kube_deployment_status_replicas_available{namespace="shop",deployment="orders"}', '2x40'],
        ],
      },
    ],
    quiet: [
      {
        from: 0,
        series: [
          ['kube_deployment_spec_replicas{namespace="shop",deployment="orders"}', '3x40'],
          ['kube_deployment_status_replicas_available{namespace="shop",deployment="orders"}', '3x5 2x10 3x30'],
        ],
      },
    ],
  },
  {
    alert: 'PodNotScheduled',
    signal: 'a pod finds no node',
    kind: 'saturation',
    severity: 'warning',
    exporter: 'kubernetes',
    actor: 'platform',
    row: 'full',
    why: 'The cluster is full for this pod, whatever its averages say.',
    emptyByDesign: 'the series exists only while a pod is unschedulable',
    expr: 'sum by (namespace,pod) (kube_pod_status_unschedulable) > 0',
    for: '10m',
    threshold: 'any for 10 min',
    evidence: 'recorded, see lab/expositions',
    runbook: ['`kubectl describe pod`: which resource or constraint?', 'Add a node or lower a request, in git.'],
    panel: { noneYet: true },
    fires: [
      {
        minute: 10,
        labels: [{ namespace: 'shop', pod: 'orders-1' }],
        series: [['kube_pod_status_unschedulable{namespace="shop",pod="orders-1"}', '1x40']],
      },
    ],
    quiet: [{ from: 0, series: [['kube_pod_status_unschedulable{namespace="shop",pod="orders-1"}', '1x4 _x40']] }],
  },
];
