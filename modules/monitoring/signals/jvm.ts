/** Signals of the JVM: heap, collections, threads, descriptors. */
import { promql } from '../promql';
import type { Signal } from '../signal';

export const jvm: readonly Signal[] = [
  {
    alert: 'JvmHeapAfterGcHigh',
    signal: 'live set after GC',
    kind: 'saturation',
    severity: 'warning',
    exporter: 'micrometer',
    actor: 'service',
    row: 'full',
    why: 'used/max heap at 80% (what jvm-observ-lib and awesome-prometheus-alerts alert on) is normal just before a GC; the part that survives GC is the leak signal.',
    expr: 'max by (namespace,service,pod) (jvm_memory_usage_after_gc{pool="long-lived"}) > 0.85',
    for: '10m',
    threshold: '>85% of old gen after GC, 10m',
    evidence:
      'source: micrometer 22207bf binders + PrometheusNamingConvention; HikariCP MicrometerMetricsTracker; spring-framework DefaultServerRequestObservationConvention',
    runbook: [
      'Take a heap histogram of one pod: `jcmd 1 GC.class_histogram`.',
      'Growing for days means a leak: compare with yesterday; growing with traffic means a heap too small.',
      'Restart pods one by one only to gain time, after the histogram.',
    ],
    fires: [
      {
        minute: 10,
        labels: [{ namespace: 'shop', pod: 'orders-1', service: 'orders' }],
        series: [
          [
            'jvm_memory_usage_after_gc{namespace="shop",service="orders",job="orders",pod="orders-1",area="heap",pool="long-lived"}',
            '0.93x40',
          ],
        ],
      },
    ],
    quiet: [
      {
        from: 0,
        series: [
          [
            'jvm_memory_usage_after_gc{namespace="shop",service="orders",job="orders",pod="orders-1",area="heap",pool="long-lived"}',
            '0.4x40',
          ],
          [
            'jvm_memory_usage_after_gc{namespace="shop",service="orders",job="orders",pod="orders-1",area="heap",pool="young"}',
            '0.99x40',
          ],
        ],
      },
    ],
  },
  {
    alert: 'JvmGcOverheadHigh',
    signal: 'share of time in GC pauses',
    kind: 'saturation',
    severity: 'critical',
    exporter: 'micrometer',
    actor: 'service',
    row: 'fast',
    why: "Precedes 'GC overhead limit exceeded' and Kafka rebalances / Mongo timeouts caused by stop-the-world.",
    expr: 'sum by (namespace,service,pod) (rate(jvm_gc_pause_seconds_sum[5m])) > 0.15',
    for: '5m',
    threshold: '>15% of wall time',
    evidence:
      'source: micrometer 22207bf binders + PrometheusNamingConvention; HikariCP MicrometerMetricsTracker; spring-framework DefaultServerRequestObservationConvention',
    runbook: [
      'Save a heap histogram of the worst pod: `jcmd 1 GC.class_histogram`.',
      'Delete that pod: its requests are already slow and the next one starts empty.',
      'If all pods are affected, roll back the last release or raise the memory limit and -Xmx together.',
    ],
    fires: [
      {
        minute: 8,
        labels: [{ namespace: 'shop', pod: 'orders-1', service: 'orders' }],
        series: [
          [
            'jvm_gc_pause_seconds_sum{namespace="shop",service="orders",job="orders",pod="orders-1",action="end of major GC"}',
            '0+20x40',
          ],
        ],
      },
    ],
    quiet: [
      {
        from: 0,
        series: [
          [
            'jvm_gc_pause_seconds_sum{namespace="shop",service="orders",job="orders",pod="orders-1",action="end of minor GC"}',
            '0+1x40',
          ],
        ],
      },
    ],
  },
  {
    alert: 'JvmGcPauseLong',
    signal: 'longest GC pause',
    kind: 'cause',
    severity: 'warning',
    exporter: 'micrometer',
    actor: 'service',
    row: 'fast',
    why: 'One pause longer than a probe or session timeout is enough to be restarted or evicted from a consumer group.',
    expr: 'max by (namespace,service,pod) (jvm_gc_pause_seconds_max) > 2',
    for: '1m',
    threshold: '>2 s',
    evidence:
      'source: micrometer 22207bf binders + PrometheusNamingConvention; HikariCP MicrometerMetricsTracker; spring-framework DefaultServerRequestObservationConvention',
    runbook: [
      "Look at the heap after collection and at the host's CPU throttling.",
      'Compare the pause with the liveness timeout and with max.poll.interval.ms.',
      'Open a ticket with the GC log of the hour.',
    ],
    fires: [
      {
        minute: 1,
        labels: [{ namespace: 'shop', pod: 'orders-1', service: 'orders' }],
        series: [['jvm_gc_pause_seconds_max{namespace="shop",service="orders",job="orders",pod="orders-1"}', '3x40']],
      },
    ],
    quiet: [
      {
        from: 0,
        series: [
          ['jvm_gc_pause_seconds_max{namespace="shop",service="orders",job="orders",pod="orders-1"}', '0.05x40'],
        ],
      },
    ],
  },
  {
    alert: 'JvmThreadsBlocked',
    signal: 'threads blocked on monitors',
    kind: 'cause',
    severity: 'warning',
    exporter: 'micrometer',
    actor: 'service',
    row: 'cause',
    why: 'Lock convoy / deadlock signature that needs no extra binder (jvm_threads_deadlocked_threads needs JvmThreadDeadlockMetrics bound by hand).',
    expr: promql`
        sum by (namespace,service,pod) (jvm_threads_states_threads{state="blocked"})
        / sum by (namespace,service,pod) (jvm_threads_states_threads) > 0.2
      `,
    for: '5m',
    threshold: '>20% of threads',
    evidence:
      'source: micrometer 22207bf binders + PrometheusNamingConvention; HikariCP MicrometerMetricsTracker; spring-framework DefaultServerRequestObservationConvention',
    runbook: [
      'Take two thread dumps ten seconds apart: `jcmd 1 Thread.print`.',
      'The monitor that is in both, and who holds it, is the answer: write it into the ticket.',
      'A deadlock does not end: delete the pod after the dumps.',
    ],
    fires: [
      {
        minute: 5,
        labels: [{ namespace: 'shop', pod: 'orders-1', service: 'orders' }],
        series: [
          [
            'jvm_threads_states_threads{namespace="shop",service="orders",job="orders",pod="orders-1",state="blocked"}',
            '60x40',
          ],
          [
            'jvm_threads_states_threads{namespace="shop",service="orders",job="orders",pod="orders-1",state="waiting"}',
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
            'jvm_threads_states_threads{namespace="shop",service="orders",job="orders",pod="orders-1",state="blocked"}',
            '1x40',
          ],
          [
            'jvm_threads_states_threads{namespace="shop",service="orders",job="orders",pod="orders-1",state="waiting"}',
            '100x40',
          ],
        ],
      },
    ],
  },
  {
    alert: 'JvmMetaspaceFilling',
    signal: 'metaspace near its cap',
    kind: 'saturation',
    severity: 'warning',
    exporter: 'micrometer',
    actor: 'service',
    row: 'full',
    why: 'Class-loader leak; with no -XX:MaxMetaspaceSize max is -1 and the container limit is hit instead.',
    requires:
      '-XX:MaxMetaspaceSize must be set: without it the maximum is -1 and the rule is empty; the container limit (JvmContainerMemoryNearLimit) then watches.',
    emptyByDesign: '-XX:MaxMetaspaceSize unset: maximum -1',
    expr: promql`
        max by (namespace,service,pod) (jvm_memory_used_bytes{id="Metaspace"})
        / max by (namespace,service,pod) (jvm_memory_max_bytes{id="Metaspace"} > 0) > 0.9
      `,
    for: '10m',
    threshold: '>90% (only when capped)',
    evidence:
      'source: micrometer 22207bf binders + PrometheusNamingConvention; HikariCP MicrometerMetricsTracker; spring-framework DefaultServerRequestObservationConvention',
    runbook: [
      '`jcmd 1 VM.classloader_stats`: many loaders of one kind is the leak.',
      'Raise -XX:MaxMetaspaceSize only if the number of classes is stable.',
      'A ticket, unless JvmGcOverheadHigh fires too.',
    ],
    fires: [
      {
        minute: 10,
        labels: [{ namespace: 'shop', pod: 'orders-1', service: 'orders' }],
        series: [
          [
            'jvm_memory_used_bytes{namespace="shop",service="orders",job="orders",pod="orders-1",area="nonheap",id="Metaspace"}',
            '250x40',
          ],
          [
            'jvm_memory_max_bytes{namespace="shop",service="orders",job="orders",pod="orders-1",area="nonheap",id="Metaspace"}',
            '256x40',
          ],
          [
            'jvm_memory_used_bytes{namespace="shop",service="orders",job="orders",pod="orders-1",area="heap",id="G1 Eden Space"}',
            '10x40',
          ],
          [
            'jvm_memory_max_bytes{namespace="shop",service="orders",job="orders",pod="orders-1",area="heap",id="G1 Old Gen"}',
            '5000x40',
          ],
        ],
      },
    ],
    quiet: [
      {
        from: 0,
        series: [
          [
            'jvm_memory_used_bytes{namespace="shop",service="orders",job="orders",pod="orders-1",area="nonheap",id="Metaspace"}',
            '250x40',
          ],
          [
            'jvm_memory_max_bytes{namespace="shop",service="orders",job="orders",pod="orders-1",area="nonheap",id="Metaspace"}',
            '-1x40',
          ],
        ],
      },
      {
        from: 0,
        series: [
          [
            'jvm_memory_used_bytes{namespace="shop",service="orders",job="orders",pod="orders-1",area="nonheap",id="Metaspace"}',
            '100x40',
          ],
          [
            'jvm_memory_max_bytes{namespace="shop",service="orders",job="orders",pod="orders-1",area="nonheap",id="Metaspace"}',
            '256x40',
          ],
          [
            'jvm_memory_used_bytes{namespace="shop",service="orders",job="orders",pod="orders-1",area="heap",id="G1 Old Gen"}',
            '5000x40',
          ],
        ],
      },
    ],
  },
  {
    alert: 'JvmFileDescriptorsHigh',
    signal: 'open file descriptors',
    kind: 'saturation',
    severity: 'warning',
    exporter: 'micrometer',
    actor: 'service',
    row: 'full',
    why: "Socket leak ends in 'Too many open files' for HTTP, Mongo, Kafka and AMQP at once.",
    expr: 'max by (namespace,service,pod) (process_files_open_files / (process_files_max_files > 0)) > 0.8',
    for: '5m',
    threshold: '>80%',
    evidence:
      'source: micrometer 22207bf binders + PrometheusNamingConvention; HikariCP MicrometerMetricsTracker; spring-framework DefaultServerRequestObservationConvention',
    runbook: [
      "`ls -l /proc/1/fd | awk '{print $NF}' | sort | uniq -c | sort -n | tail` in the pod says what is open.",
      'Sockets to one address: the client of that dependency does not close its responses.',
      'Restart the pod if it passes 95 %: it is about to fail everything at once.',
    ],
    fires: [
      {
        minute: 5,
        labels: [{ namespace: 'shop', pod: 'orders-1', service: 'orders' }],
        series: [
          ['process_files_open_files{namespace="shop",service="orders",job="orders",pod="orders-1"}', '900x40'],
          ['process_files_max_files{namespace="shop",service="orders",job="orders",pod="orders-1"}', '1000x40'],
        ],
      },
    ],
    quiet: [
      {
        from: 0,
        series: [
          ['process_files_open_files{namespace="shop",service="orders",job="orders",pod="orders-1"}', '90x40'],
          ['process_files_max_files{namespace="shop",service="orders",job="orders",pod="orders-1"}', '1000x40'],
        ],
      },
    ],
  },
];
