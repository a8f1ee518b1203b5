import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { EXPORTERS, liveness, parseExposition, SIGNALS, type Exporter } from '../../../modules/monitoring';
import { mongodbArtifacts } from '../../../modules/aws/data-artifacts';
import { recordingOf, RECORDINGS, seenBy } from '../../../scripts/monitoring/recordings';

const named = SIGNALS.map((one) => [one.alert, one] as const);
const kafka = SIGNALS.find((one) => one.alert === 'KafkaProduceLatencyHigh')!;
const recorded = (file: string) => parseExposition([readFileSync(join(RECORDINGS, file), 'utf8')]);

test.each(named)('%s can see what it is for', (_, signal) => {
  expect(liveness(signal, seenBy(signal)).liveness).not.toBe('dead');
});

test('a rule that holds two exporters against each other sees both, and needs both', () => {
  const lost = SIGNALS.find((one) => one.alert === 'LogLinesLost')!;
  expect(liveness(lost, seenBy(lost)).liveness).toBe('live');
  expect(liveness(lost, recordingOf('log_collector'))).toMatchObject({
    liveness: 'dead',
    reason: expect.stringContaining('flask_log_lines_total') as string,
  });
});

test('every recording is of an exporter, and every exporter has all of its recordings', () => {
  for (const { title, recordings } of Object.values<Exporter>(EXPORTERS))
    expect([title, recordings]).not.toEqual([title, []]);
  const listed = Object.values(EXPORTERS).flatMap((one: Exporter) => one.recordings);
  expect(
    readdirSync(RECORDINGS)
      .filter((one) => one.endsWith('.prom'))
      .sort(),
  ).toEqual([...listed].sort());
});

test('a renamed metric, a label value that the program has not, and an exporter that nobody recorded are dead', () => {
  const recording = recordingOf('jmx_exporter')!;
  const with_ = (expr: string) => liveness({ ...kafka, expr }, recording);
  expect(with_(kafka.expr).liveness).toBe('live');
  expect(with_(kafka.expr.replace('totaltimems', 'total_time_ms'))).toEqual({
    alert: kafka.alert,
    liveness: 'dead',
    reason: 'the recording lacks kafka_network_requestmetrics_total_time_ms',
  });
  expect(with_(kafka.expr.replaceAll('"Produce"', '"produce"')).liveness).toBe('dead');
  expect(liveness(kafka, undefined)).toMatchObject({ liveness: 'dead', reason: 'no recording of jmx_exporter' });
});

describe('the state that a rule is for was seen', () => {
  const value = (file: string, series: string): string[] =>
    readFileSync(join(RECORDINGS, file), 'utf8')
      .split('\n')
      .filter((line) => line.startsWith(series))
      .map((line) => line.split(' ').at(-1)!);

  test('a dead peer vanishes from RabbitMQ instead of changing its state', () => {
    expect(value('rabbitmq.prom', 'erlang_vm_dist_node_state{peer="two@localhost"}')).toEqual(['3']);
    expect(value('rabbitmq-peer-killed.prom', 'erlang_vm_dist_node_state{')).toEqual([]);
  });
  test('both alarms of RabbitMQ', () => {
    expect(value('rabbitmq-alarms.prom', 'rabbitmq_alarms_memory_used_watermark ')).toEqual(['1']);
    expect(value('rabbitmq-alarms.prom', 'rabbitmq_alarms_free_disk_space_watermark ')).toEqual(['1']);
  });
  test('a queue whose consumer holds ten messages while others wait', () => {
    expect(value('rabbitmq-detailed.prom', 'rabbitmq_detailed_queue_messages_unacked{vhost="/",queue="slow"}')).toEqual(
      ['10'],
    );
    expect(value('rabbitmq-detailed.prom', 'rabbitmq_detailed_queue_messages_ready{vhost="/",queue="slow"}')).toEqual([
      '20',
    ]);
  });
  test('Kafka without a quorum: no active controller, metadata more than 10 s old', () => {
    expect(value('kafka-quorum-lost.prom', 'kafka_controller_kafkacontroller_activecontrollercount ')).toEqual(['0.0']);
    const [lag] = value('kafka-quorum-lost.prom', 'kafka_server_broker_metadata_metrics_last_applied_record_lag_ms ');
    expect(Number(lag)).toBeGreaterThan(10_000);
  });
  test('Kafka with a broker killed: fenced, under-replicated, and no follower was dropped', () => {
    expect(value('kafka-broker-killed.prom', 'kafka_controller_kafkacontroller_fencedbrokercount ')).toEqual(['1.0']);
    const [under] = value('kafka-broker-killed.prom', 'kafka_server_replicamanager_underreplicatedpartitions ');
    expect(Number(under)).toBeGreaterThan(0);
    expect(value('kafka-broker-killed.prom', 'kafka_server_replicamanager_isrshrinks_total ')).toEqual(['0.0']);
  });
  test('a certificate that has expired has no expiry', () => {
    expect(value('blackbox_exporter-0.28.0-tls-ok.prom', 'probe_ssl_earliest_cert_expiry ')).toHaveLength(1);
    expect(value('blackbox_exporter-0.28.0-tls-expired.prom', 'probe_ssl_earliest_cert_expiry ')).toEqual([]);
  });
  test('haproxy without a live server, and a worker that gunicorn gave up', () => {
    expect(value('haproxy-server-down.prom', 'haproxy_backend_active_servers{proxy="app"}')).toEqual(['0']);
    expect(value('hello-api-faults.prom', 'gunicorn_worker_abort_total ').map(Number)[0]).toBeGreaterThan(0);
  });
  test('a pool of two that eight want: some wait, some gave up', () => {
    expect(Number(value('spring-pool-waiting.prom', 'hikaricp_connections_pending{pool="main"}')[0])).toBeGreaterThan(
      0,
    );
    expect(Number(value('spring-faults.prom', 'hikaricp_connections_timeout_total{pool="main"}')[0])).toBeGreaterThan(
      0,
    );
  });
  const CLIENTS = 'spring-clients';
  const sumOf = (state: string, metric: string): number =>
    value(`${CLIENTS}${state}.prom`, `${metric}{`).reduce((sum, one) => sum + Number(one), 0);

  test('clients of Kafka and MongoDB that are well: no error, nobody waits, one rebalance', () => {
    expect(sumOf('', 'kafka_producer_record_error_total')).toBe(0);
    expect(sumOf('', 'mongodb_driver_pool_waitqueuesize')).toBe(0);
    expect(sumOf('', 'mongodb_driver_pool_checkoutfailed_total')).toBe(0);
    expect(sumOf('', 'kafka_consumer_coordinator_rebalance_total')).toBe(1);
  });
  test('a consumer that its group throws out again and again', () => {
    expect(sumOf('-rebalancing', 'kafka_consumer_coordinator_rebalance_total')).toBeGreaterThan(10);
  });
  test("MongoDB's pool of two that eight want while the database hangs: some wait, then give up", () => {
    expect(sumOf('-pool-waiting', 'mongodb_driver_pool_waitqueuesize')).toBeGreaterThan(0);
    expect(sumOf('-checkout-failed', 'mongodb_driver_pool_waitqueuesize')).toBe(0);
    expect(sumOf('-checkout-failed', 'mongodb_driver_pool_checkoutfailed_total')).toBeGreaterThan(0);
  });
  test('a database that is gone fails no checkout: the pool is not asked, and empties', () => {
    const failed = 'mongodb_driver_pool_checkoutfailed_total';
    expect(sumOf('-database-killed', failed)).toBe(sumOf('-checkout-failed', failed));
    expect(sumOf('-database-killed', 'mongodb_driver_pool_size')).toBe(0);
  });
  test('records that were sent to a broker that is gone', () => {
    expect(sumOf('-broker-killed', 'kafka_producer_record_error_total')).toBe(5);
  });
  describe('MongoDB', () => {
    /** Value of the one series of a state that has these labels. */
    const told = (state: string, metric: string, labels: Readonly<Record<string, string>> = {}): number => {
      const series = recorded(`mongodb-${state}.prom`).samples.get(metric) ?? [];
      const found = series.filter((one) => Object.entries(labels).every(([name, is]) => one.labels.get(name) === is));
      expect([metric, labels, found.length]).toEqual([metric, labels, 1]);
      return found[0]!.value;
    };
    const names = (state: string): string[] =>
      [...recorded(`mongodb-${state}.prom`).samples.keys()].filter((one) => one.startsWith('mongodb_')).sort();
    const member = (index: number) => ({ member_idx: `mongodb-${index}.cimiento.internal:27017` });
    const health = (state: string): number[] =>
      [1, 2, 3].map((one) => told(state, 'mongodb_members_health', member(one)));

    test.each(['killed', 'hanging', 'signed-out'])(
      'a member that is %s: mongodb_up is 0, and all else ends',
      (state) => {
        expect(told(state, 'mongodb_up')).toBe(0);
        expect(names(state)).toEqual(['mongodb_up']);
      },
    );
    test.each(['denied', 'stuck'])('a member that is up and says nothing of itself: %s', (state) => {
      expect(told(state, 'mongodb_up')).toBe(1);
      expect(names(state)).toEqual(['mongodb_up', 'mongodb_version_info']);
    });
    test('a set that is well: one primary, told by primary and secondary alike', () => {
      expect(told('primary', 'mongodb_myState')).toBe(1);
      expect(told('secondary', 'mongodb_myState')).toBe(2);
      for (const state of ['primary', 'secondary']) {
        expect(health(state)).toEqual([1, 1, 1]);
        expect([1, 2, 3].map((one) => told(state, 'mongodb_members_state', member(one)))).toEqual([1, 2, 2]);
      }
    });
    test('a member that is down, and a set without a majority', () => {
      expect(health('member-down')).toEqual([1, 1, 0]);
      expect(told('member-down', 'mongodb_members_optimeDate', member(3))).toBe(0);
      expect(health('no-primary')).toEqual([0, 0, 1]);
      expect([1, 2, 3].map((one) => told('no-primary', 'mongodb_members_state', member(one)))).toEqual([8, 8, 2]);
    });
    test('secondaries left behind: one is late, one has given up and is as healthy as any', () => {
      const [head, late, stale] = [1, 2, 3].map((one) => told('overloaded', 'mongodb_members_optimeDate', member(one)));
      expect([head! - late!, head! - stale!]).toEqual([600_000, 9 * 3_600_000]);
      expect(told('overloaded', 'mongodb_members_health', { ...member(3), member_state: 'RECOVERING' })).toBe(1);
    });
    test('connections, queues, tickets and the cache of a server that is asked for too much', () => {
      const connections = (state: string, of: string): number =>
        told(state, 'mongodb_ss_connections', { conn_type: of });
      expect(connections('overloaded', 'current')).toBeGreaterThan(4 * connections('overloaded', 'available'));
      expect(told('overloaded', 'mongodb_ss_globalLock_currentQueue', { count_type: 'readers' })).toBe(70);
      expect(told('overloaded', 'mongodb_ss_wt_concurrentTransactions_available', { txn_rw: 'read' })).toBe(0);
      expect(told('overloaded', 'mongodb_ss_wt_cache_tracked_dirty_bytes_in_the_cache')).toBeGreaterThan(
        0.2 * told('overloaded', 'mongodb_ss_wt_cache_maximum_bytes_configured'),
      );
    });
    test('an oplog that is full, and one of a set too young to have filled it', () => {
      const used = (state: string): number =>
        told(state, 'mongodb_oplog_stats_storageStats_size') / told(state, 'mongodb_oplog_stats_storageStats_maxSize');
      const hours = (state: string): number =>
        (told(state, 'mongodb_mongod_replset_oplog_head_timestamp') -
          told(state, 'mongodb_mongod_replset_oplog_tail_timestamp')) /
        3600;
      expect([used('overloaded'), hours('overloaded')]).toEqual([1, 8]);
      expect(used('primary')).toBeLessThan(0.2);
      expect(hours('primary')).toBeLessThan(24);
    });
    test('both shapes that 8.0 has for what it notes of itself come to the same names, but for when it did', () => {
      const noted = ['mongodb_end', 'mongodb_instance_local_time', 'mongodb_start'];
      expect(names('secondary')).toEqual(names('primary').filter((one) => !noted.includes(one)));
    });
  });

  test('an open circuit breaker', () => {
    expect(
      value('spring-faults.prom', 'resilience4j_circuitbreaker_state{name="pay",state="open"}').map(Number),
    ).toEqual([1]);
  });
  test.each([
    ['kube-state-metrics', /^kube_pod_container_status_last_terminated_reason\{.*pod="oom".*"OOMKilled"\} 1$/],
    ['kube-state-metrics', /^kube_pod_container_status_waiting_reason\{.*pod="crash".*"CrashLoopBackOff"\} 1$/],
    ['kube-state-metrics', /^kube_pod_status_unschedulable\{.*pod="homeless-.*\} 1$/],
    ['kube-state-metrics', /^kube_deployment_spec_replicas\{.*deployment="homeless"\} 1$/],
    ['kube-state-metrics', /^kube_deployment_status_replicas_available\{.*deployment="homeless"\} 0$/],
    ['cadvisor', /^container_cpu_cfs_throttled_periods_total\{container="app".*pod="throttled-.*\} [1-9]/],
    ['kubelet', /^kubelet_volume_stats_available_bytes\{.*persistentvolumeclaim="data-keeper-0"\} [1-9]/],
    ['argocd', /^argocd_app_info\{.*name="synced".*sync_status="Synced"\} 1$/],
    ['argocd', /^argocd_app_info\{.*name="waiting".*sync_status="OutOfSync"\} 1$/],
  ])('Kubernetes and Argo CD: %s, %s', (file, line) => {
    const text = readFileSync(join(RECORDINGS, `${file}.prom`), 'utf8').split('\n');
    expect(text.filter((one) => line.test(one))).toHaveLength(1);
  });
  test('a notification that failed', () => {
    const failed = value('alertmanager.prom', 'alertmanager_notifications_failed_total{integration="webhook"').map(
      Number,
    );
    expect(Math.max(...failed)).toBeGreaterThan(0);
  });
});

test('mongodb_exporter was recorded in the version that members install', () => {
  const { version } = EXPORTERS.mongodb_exporter;
  expect(mongodbArtifacts('8.0', 'arm64').exporter.url).toContain(`/v${version}/`);
  const pinned = readFileSync(join(RECORDINGS, '../mongodb/go.mod'), 'utf8');
  expect(pinned).toContain(`github.com/percona/mongodb_exporter v${version} `);
});

test('the text format: labels with commas and quotes, declared types', () => {
  const { samples, types } = parseExposition(['# TYPE a counter\na{b="x,\\"y\\"",c=""} 1 1700000000\nd 2\n']);
  expect(types.get('a')).toBe('counter');
  expect([...samples.get('a')![0]!.labels]).toEqual([
    ['b', 'x,\\"y\\"'],
    ['c', ''],
  ]);
  expect(samples.get('d')).toHaveLength(1);
});

test('rate and increase are asked of counters, deriv and delta of gauges', () => {
  const wrong: string[] = [];
  for (const signal of SIGNALS) {
    const types = seenBy(signal)?.types ?? new Map<string, string>();
    for (const [, name, metric] of signal.expr.matchAll(/\b(rate|increase|deriv|delta|predict_linear)\((\w+)/g)) {
      const family = [metric!, metric!.replace(/_(total|sum|count|bucket)$/, '')]
        .map((one) => types.get(one))
        .find((one) => one !== undefined);
      const counter = name === 'rate' || name === 'increase';
      if (family === undefined || family === 'unknown' || family === 'untyped') continue;
      if (counter !== (family === 'counter' || family === 'histogram' || family === 'summary'))
        wrong.push(`${signal.alert}: ${name}(${metric}) of a ${family}`);
    }
  }
  expect(wrong).toEqual([]);
});

test('the recorded state of each file is more than nothing', () => {
  for (const file of readdirSync(RECORDINGS)) expect(recorded(file).samples.size).toBeGreaterThan(5);
});
