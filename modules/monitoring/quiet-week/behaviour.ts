/**
 * How the series of a healthy platform move in the replayed week. What is not named here stays as it was recorded: a gauge keeps
 * its value, a counter does not grow. A fault, put in for a control run, changes what it would change.
 */
import type { Target } from './targets';
import { databaseUp } from './targets';
import {
  BATCH,
  DAY,
  DEPLOYS,
  DRAIN,
  FAULT,
  inBackup,
  inBatch,
  REPORT,
  ROLLINGS,
  traffic,
  within,
  wobble,
} from './week';

export interface Moment {
  readonly labels: Readonly<Record<string, string>>;
  readonly target: Target;
  readonly minute: number;
  /** Seconds since 1970 that the clocks of the platform show, which is what `time()` says. */
  readonly time: number;
  /** The name of the fault that a control run puts in, while it lasts. */
  readonly fault: string | undefined;
}

/** Of a gauge its value, of a counter its growth in this minute; `undefined`: no sample, as recorded. */
export type Behaviour = (moment: Moment) => number | undefined;

export const faultAt = (fault: string | undefined, minute: number): string | undefined =>
  within(minute, FAULT.at, FAULT.minutes) ? fault : undefined;

const calm = (base: number, spread: number, seed: string): Behaviour => {
  return ({ minute, target, labels }) =>
    Math.max(0, base + spread * wobble(minute, `${seed}${target.index}${Object.values(labels).join()}`));
};

/** Requests a minute and pod in the busiest hour. */
const REQUESTS = 600;
const young = ({ target, minute }: Moment): boolean => target.from > 0 && minute < target.from + 3;
const deploying = (service: keyof typeof DEPLOYS, minute: number): boolean =>
  DEPLOYS[service].some((start) => within(minute, start, 8));

/** The share of requests that fail: a few at any time, a few more while pods are replaced. */
const errorShare = ({ fault, minute }: Moment, service: keyof typeof DEPLOYS): number =>
  fault === 'errors' ? 0.2 : deploying(service, minute) ? 0.002 : 0.0001;

const requests = (moment: Moment): number => Math.round(REQUESTS * traffic(moment.minute));

const spring: Behaviour = (moment) => {
  const { status, uri } = moment.labels;
  const all = requests(moment);
  if (status === '200') return uri === '/orders/{id}' ? all : 2;
  if (status === '404') return 1;
  return Math.round(all * errorShare(moment, 'orders'));
};

const springSlow: Behaviour = (moment) => {
  const { le } = moment.labels;
  // Two of a thousand are slower than half a second; of the first requests of a new pod, five of a hundred.
  const slow = young(moment) ? 0.05 : 0.002;
  const all = spring(moment)!;
  // To the nearest: of five requests a minute at night one cut down would be a fifth.
  return le === '+Inf' ? all : Math.round(all * (1 - slow * (le === '0.05' ? 20 : le === '0.1' ? 5 : 1)));
};

const clients: Readonly<Record<string, Behaviour>> = {
  http_client_requests_seconds_count: (moment) =>
    moment.labels['outcome'] === 'SUCCESS' ? Math.round(requests(moment) / 2) : Math.round(requests(moment) / 4000),
};

const jvm: Readonly<Record<string, Behaviour>> = {
  http_server_requests_seconds_count: spring,
  http_server_requests_seconds_bucket: springSlow,
  ...clients,
  tomcat_threads_busy_threads: ({ minute }) => Math.round(2 + 60 * traffic(minute)),
  resilience4j_circuitbreaker_state: ({ labels }) => (labels['state'] === 'closed' ? 1 : 0),
  jvm_memory_usage_after_gc: calm(0.45, 0.1, 'old'),
  jvm_gc_pause_seconds_sum: (moment) => (young(moment) ? 4 : 0.3 + traffic(moment.minute)),
  jvm_gc_pause_seconds_max: (moment) => (young(moment) ? 0.4 : 0.08),
  jvm_threads_states_threads: ({ labels }) => (labels['state'] === 'blocked' ? 1 : 12),
  // Set here, as the rule requires; the recording was made without -XX:MaxMetaspaceSize and has -1.
  jvm_memory_max_bytes: ({ labels }) => (labels['id'] === 'Metaspace' ? 268435456 : 536870912),
  jvm_memory_used_bytes: ({ labels }) => (labels['id'] === 'Metaspace' ? 150000000 : 90000000),
  // A new pod's first requests wait for its pool to fill.
  hikaricp_connections_pending: ({ fault, target, minute }) =>
    fault === 'pool exhausted' ? 6 : Number(target.from > 0 && minute === target.from + 1),
  hikaricp_connections_timeout_total: ({ fault }) => (fault === 'pool exhausted' ? 4 : 0),
  mongodb_driver_pool_waitqueuesize: ({ fault, minute }) =>
    fault === "MongoDB's pool exhausted" ? 5 : minute % 60 === 0 ? 1 : 0,
  mongodb_driver_pool_checkoutfailed_total: ({ fault }) => (fault === "MongoDB's pool exhausted" ? 2 : 0),
  // Empty until the first request.
  mongodb_driver_pool_size: (moment) => (young(moment) ? 0 : 2),
  logback_events_total: (moment) =>
    moment.labels['level'] === 'error' ? (deploying('orders', moment.minute) ? 4 : minuteOf(moment, 20)) : 30,
};

/** One every so many minutes. */
const minuteOf = ({ minute }: Moment, every: number): number => (minute % every === 0 ? 1 : 0);

const rolling = (minute: number, starts: readonly number[], minutes: number): boolean =>
  starts.some((start) => within(minute, start, minutes));
const KAFKA = ROLLINGS.kafka;
const brokerAway = (minute: number): boolean => rolling(minute, KAFKA.at, KAFKA.away);
const brokerBehind = (minute: number): boolean => rolling(minute, KAFKA.at, KAFKA.away + KAFKA.catchesUp);
/** Who is the active controller: the first, from its machine's replacement to that of the last the last; nobody in those minutes (−1). */
const controller = (minute: number): number => {
  const [first, , last] = KAFKA.at;
  if (minute === first || minute === last) return -1;
  return minute < first || minute > last ? 0 : 2;
};

const brokers: Readonly<Record<string, Behaviour>> = {
  kafka_controller_kafkacontroller_offlinepartitionscount: ({ fault }) => (fault === 'quorum lost' ? 1 : 0),
  kafka_server_replicamanager_underminisrpartitioncount: () => 0,
  kafka_server_replicamanager_underreplicatedpartitions: ({ minute }) => (brokerBehind(minute) ? 17 : 0),
  kafka_controller_kafkacontroller_activecontrollercount: ({ minute, target, fault }) =>
    fault === 'quorum lost' ? 0 : Number(controller(minute) === target.index),
  kafka_controller_kafkacontroller_fencedbrokercount: ({ minute }) => Number(brokerAway(minute)),
  kafka_server_broker_metadata_metrics_last_applied_record_lag_ms: ({ minute, fault }) =>
    fault === 'quorum lost' ? 60_000 * (minute - FAULT.at + 1) : 300,
  kafka_log_logmanager_offlinelogdirectorycount: ({ fault, target }) =>
    Number(fault === 'disk lost' && target.index === 1),
  kafka_network_requestmetrics_totaltimems: ({ minute, labels }) =>
    (labels['quantile'] === '0.99' ? 25 : 3) * (brokerBehind(minute) ? 8 : inBackup(minute) ? 4 : 1),
  kafka_network_requestmetrics_requestspersec_total: ({ minute }) => Math.round(3000 * traffic(minute)),
  kafka_server_kafkarequesthandlerpool_requesthandleravgidlepercent: ({ minute }) => 1.9 - 0.3 * traffic(minute),
};

/** Messages a minute and partition. */
const produced = (minute: number): number => Math.round(400 * traffic(minute)) + (inBatch(minute) ? 3000 : 0);
/** The batch is read at two thirds of the speed at which it is written, and then for as long again. */
function lag(minute: number): number {
  const { from, to } = BATCH;
  const now = minute % DAY;
  if (now >= from && now < to) return (now - from + 1) * 1000;
  if (now >= to && now < to + 20) return (to - from) * 1000 - (now - to + 1) * 2000;
  return 20;
}

const consumers: Readonly<Record<string, Behaviour>> = {
  kafka_consumergroup_members: () => 2,
  kafka_consumergroup_lag: ({ minute, fault }) => (fault === 'stalled' ? 20 + 400 * (minute - FAULT.at) : lag(minute)),
  // A gauge: where the group is. Offsets of the past are the sum of what was produced, less the lag.
  kafka_consumergroup_current_offset: ({ minute, fault }) =>
    fault === 'stalled' ? offset(FAULT.at) : offset(minute) - lag(minute),
  kafka_topic_partition_oldest_offset: () => 0,
};

const offsets: number[] = [1_000_000];
/** The end of a partition's log. */
function offset(minute: number): number {
  for (let next = offsets.length; next <= minute; next++) offsets.push(offsets[next - 1]! + produced(next));
  return offsets[minute]!;
}

const kafkaClients: Readonly<Record<string, Behaviour>> = {
  kafka_producer_record_error_total: ({ fault }) => (fault === 'producer errors' ? 5 : 0),
  // Of the three pods one is replaced every two minutes, and leaves the group and joins it.
  kafka_consumer_coordinator_rebalance_total: ({ minute }) => Number(rolling(minute, DEPLOYS.orders, 6)),
};

const rabbit: Readonly<Record<string, Behaviour>> = {
  rabbitmq_alarms_free_disk_space_watermark: ({ fault, target }) =>
    Number(fault === 'disk alarm' && target.index === 0),
  rabbitmq_disk_space_available_bytes: calm(5e10, 2e9, 'disk'),
  rabbitmq_global_messages_redelivered_total: (moment) => minuteOf(moment, 5),
  rabbitmq_global_messages_delivered_total: ({ minute }) => Math.round(300 * traffic(minute)),
  rabbitmq_global_messages_confirmed_total: ({ minute }) => Math.round(300 * traffic(minute)),
  rabbitmq_global_messages_received_confirm_total: ({ minute }) => Math.round(300 * traffic(minute)),
  rabbitmq_global_messages_dead_lettered_rejected_total: (moment) => minuteOf(moment, 60),
  // A peer that is away is not listed; the peer is the one that is moved.
  erlang_vm_dist_node_state: ({ labels, minute, fault, target }) =>
    labels['peer'] === 'rabbit@rabbit-1' &&
    (within(minute, DRAIN.at + 1, 3) || (fault === 'peer lost' && target.index === 0))
      ? undefined
      : 3,
};

const queues: Readonly<Record<string, Behaviour>> = {
  rabbitmq_detailed_queue_consumers: ({ labels }) => (labels['queue']?.endsWith('.dlq') === true ? 0 : 4),
  rabbitmq_detailed_queue_messages_unacked: ({ minute, fault }) => (fault === 'consumers hang' ? 10 : 4 + (minute % 7)),
  rabbitmq_detailed_queue_messages_ready: ({ labels, minute, fault }) =>
    labels['queue']?.endsWith('.dlq') === true
      ? 2
      : fault === 'consumers hang'
        ? 300
        : inBatch(minute)
          ? 150
          : minute % 3,
};

const postgres: Readonly<Record<string, Behaviour>> = {
  pg_up: ({ minute, fault }) => Number(databaseUp(minute) && fault !== 'database down'),
  pg_stat_activity_count: ({ minute, labels }) =>
    labels['state'] === 'active' ? Math.round(traffic(minute)) : labels['state'] === 'idle' ? 1 : 0,
  pg_stat_activity_max_tx_duration: ({ minute, labels }) =>
    labels['state'] !== 'active' ? 0 : within(minute, REPORT.at, REPORT.minutes) ? 60 * (minute - REPORT.at + 1) : 2,
  pg_stat_database_xact_commit: ({ minute, labels }) =>
    labels['datname'] === 'postgres' ? Math.round(5000 * traffic(minute)) : 1,
  pg_stat_database_xact_rollback: ({ minute, labels }) =>
    labels['datname'] === 'postgres' ? Math.round(20 * traffic(minute)) : 0,
  pg_stat_database_blks_hit: ({ minute, labels }) =>
    labels['datname'] === 'postgres' ? Math.round(300_000 * traffic(minute)) : 10,
  pg_stat_database_blks_read: ({ minute, labels }) =>
    labels['datname'] === 'postgres' ? Math.round(3000 * traffic(minute)) + (inBackup(minute) ? 5000 : 0) : 0,
  pg_stat_user_tables_n_dead_tup: calm(2000, 1500, 'dead'),
};

const MONGODB = ROLLINGS.mongodb;
/** The states of a member, as a number and as a word. */
const [PRIMARY, SECONDARY, DOWN] = [
  { is: 1, called: 'PRIMARY' },
  { is: 2, called: 'SECONDARY' },
  { is: 8, called: '(not reachable/healthy)' },
];

/** The last machine to be replaced is the primary's: nobody is primary for a few seconds, and the first takes over. */
function memberState(member: number, { minute, fault }: Moment): typeof PRIMARY {
  const [last] = MONGODB.at.slice(-1);
  if (within(minute, MONGODB.at[member]!, MONGODB.away)) return DOWN!;
  if (fault === 'no primary' || minute === last) return SECONDARY!;
  return member === (minute < last! ? MONGODB.at.length - 1 : 0) ? PRIMARY : SECONDARY!;
}

const memberOf = ({ labels }: Moment): number => Number(/^mongodb-(\d)/.exec(labels['member_idx']!)![1]) - 1;

/** A member's state is a label of all that it says, and that of each member a label of what is said of it: then its series end. */
const inState =
  (behaviour: Behaviour): Behaviour =>
  (moment) => {
    const { rs_state: own, member_state: called } = moment.labels;
    if (own !== undefined && own !== String(memberState(moment.target.index, moment).is)) return undefined;
    if (called !== undefined && called !== memberState(memberOf(moment), moment).called) return undefined;
    return behaviour(moment);
  };

const member: Readonly<Record<string, Behaviour>> = {
  mongodb_myState: (moment) => memberState(moment.target.index, moment).is,
  mongodb_members_state: (moment) => memberState(memberOf(moment), moment).is,
  mongodb_members_health: (moment) => Number(memberState(memberOf(moment), moment) !== DOWN),
  mongodb_members_optimeDate: ({ time, labels }) => {
    if (labels['member_state'] === DOWN!.called) return 0;
    return 1000 * time - (labels['member_state'] === SECONDARY!.called ? 400 : 0);
  },
  mongodb_oplog_stats_storageStats_maxSize: () => 5e9,
  mongodb_oplog_stats_storageStats_size: () => 4.98e9,
  mongodb_ss_connections: ({ minute, labels }) =>
    labels['conn_type'] === 'current' ? Math.round(40 + 60 * traffic(minute)) : 1000,
  mongodb_ss_globalLock_currentQueue: ({ minute }) => (inBackup(minute) && minute % 10 === 0 ? 12 : 0),
  mongodb_ss_wt_cache_tracked_dirty_bytes_in_the_cache: ({ minute }) => (inBackup(minute) ? 9e7 : 4e7),
  mongodb_ss_wt_cache_maximum_bytes_configured: () => 1e9,
  mongodb_ss_metrics_queryExecutor_scannedObjects: ({ minute }) => Math.round(9000 * traffic(minute)),
  mongodb_ss_metrics_document: ({ minute }) => Math.round(3000 * traffic(minute)),
};

const mongo: Readonly<Record<string, Behaviour>> = {
  ...Object.fromEntries(Object.entries(member).map(([metric, behaviour]) => [metric, inState(behaviour)])),
  // Without a role it is that of a member that is down.
  mongodb_up: ({ labels }) => (labels['cluster_role'] === '' ? undefined : 1),
  mongodb_mongod_replset_oplog_head_timestamp: ({ time }) => time,
  mongodb_mongod_replset_oplog_tail_timestamp: ({ time }) => time - 90 * 3600,
  mongodb_ss_wt_concurrentTransactions_available: ({ minute }) => Math.round(128 - 20 * traffic(minute)),
  mongodb_ss_opLatencies_ops: ({ minute }) => Math.round(6000 * traffic(minute)),
  // Microseconds: 1 ms an operation, 6 ms while snapshots are taken.
  mongodb_ss_opLatencies_latency: ({ minute }) => Math.round(6000 * traffic(minute)) * (inBackup(minute) ? 6000 : 1000),
};

const edge: Behaviour = (moment) => {
  if (moment.labels['proxy'] === 'metrics') return moment.labels['code'] === '2xx' ? 8 : 0;
  const all = requests(moment);
  switch (moment.labels['code']) {
    case '2xx':
      return all;
    case '4xx':
      return 3;
    case '5xx':
      return Math.round(all * errorShare(moment, 'hello-api'));
    default:
      return 0;
  }
};

const hello: Readonly<Record<string, Behaviour>> = {
  haproxy_frontend_http_responses_total: edge,
  haproxy_backend_http_responses_total: edge,
  // The proxy of a new pod is there before its workers.
  haproxy_backend_active_servers: ({ target, minute, fault }) =>
    Number(!(target.from > 0 && minute === target.from + 1) && fault !== 'workers gone'),
  haproxy_backend_current_queue: ({ minute }) => (minute % 240 === 0 ? 3 : 0),
  haproxy_backend_retry_warnings_total: (moment) => (deploying('hello-api', moment.minute) ? 1 : minuteOf(moment, 30)),
  gunicorn_worker_abort_total: (moment) => (moment.fault === 'hang' ? minuteOf(moment, 2) : 0),
  gunicorn_threads_busy: ({ minute }) => Math.round(1 + 20 * traffic(minute)),
  flask_exceptions_total: () => 0,
  flask_http_request_duration_seconds_count: (moment) => (moment.labels['route'] === '/' ? requests(moment) : 4),
  flask_http_request_duration_seconds_bucket: (moment) => {
    const all = moment.labels['route'] === '/' ? requests(moment) : 4;
    const slow = young(moment) ? 0.02 : 0.001;
    return Number(moment.labels['le']) >= 0.5 || moment.labels['le'] === '+Inf'
      ? Math.round(all * (Number(moment.labels['le']) === 0.5 ? 1 - slow : 1))
      : Math.floor(all * 0.9);
  },
};

const drained = (minute: number, pod: string | undefined): boolean =>
  (pod ?? '').endsWith('b') && within(minute, DRAIN.at, 3);

const cluster: Readonly<Record<string, Behaviour>> = {
  container_memory_working_set_bytes: ({ minute, labels }) =>
    Math.round(3e8 * (1 + 0.4 * traffic(minute))) * (labels['container'] === '' ? 1.2 : 1),
  kube_pod_container_resource_limits: ({ labels }) => (labels['resource'] === 'memory' ? 536870912 : 2),
  kube_pod_container_status_restarts_total: () => 0,
  kube_pod_container_status_last_terminated_reason: () => 0,
  kube_pod_container_status_waiting_reason: () => 0,
  container_cpu_cfs_periods_total: () => 600,
  container_cpu_cfs_throttled_periods_total: ({ minute }) => (deploying('orders', minute) ? 200 : 12),
  kubelet_volume_stats_capacity_bytes: () => 5e10,
  // Blocks are written every two hours and deleted after retention: a saw about a level.
  kubelet_volume_stats_available_bytes: ({ minute }) => 2e10 - 1e6 * (minute % 120),
  kube_deployment_spec_replicas: ({ labels }) => (labels['deployment'] === 'orders' ? 3 : 2),
  kube_deployment_status_replicas_available: ({ labels, minute }) =>
    (labels['deployment'] === 'orders' ? 3 : 2) - Number(within(minute, DRAIN.at, 4)),
  kube_pod_status_unschedulable: ({ labels, minute }) => Number(drained(minute, labels['pod'])),
  kube_node_status_condition: ({ labels, minute, fault }) => {
    const gone = labels['node'] === DRAIN.node && (within(minute, DRAIN.at + 2, 2) || fault === 'node dead');
    return Number(gone === (labels['status'] === 'unknown'));
  },
};

const nodes: Readonly<Record<string, Behaviour>> = {
  node_memory_MemTotal_bytes: () => 8e9,
  node_memory_MemAvailable_bytes: ({ minute }) => (within(minute, DRAIN.at, 30) ? 1.2e9 : 3e9 - 5e8 * traffic(minute)),
};

const probes: Readonly<Record<string, Behaviour>> = {
  probe_success: ({ target, minute, fault }) => {
    const broker = /^kafka-(\d)/.exec(target.labels['instance']!);
    if (broker !== null) return Number(!within(minute, KAFKA.at[Number(broker[1]) - 1]!, KAFKA.away));
    return Number(fault !== 'entry down' && minute % 1000 !== 0);
  },
  // Eighty days from Monday.
  probe_ssl_earliest_cert_expiry: ({ minute, time }) => time - 60 * minute + 80 * 86_400,
};

const argo: Readonly<Record<string, Behaviour>> = {
  // Out of sync from the push to the end of the rollout.
  argocd_app_info: ({ labels, minute }) => {
    const syncing = deploying(labels['name'] === 'hello-api' ? 'hello-api' : 'orders', minute);
    return syncing === (labels['sync_status'] === 'OutOfSync') ? 1 : undefined;
  },
};

const lines: Readonly<Record<string, Behaviour>> = {
  // Two pods write, three collectors read, of the service and of its proxy alike.
  flask_log_lines_total: ({ labels }) => (labels['level'] === 'info' ? 300 : 0),
  otelcol_receiver_accepted_log_records: () => 200,
  otelcol_exporter_sent_log_records: () => 600,
  // A collector that never failed has no such series.
  otelcol_exporter_send_failed_log_records: () => undefined,
};

const itself: Readonly<Record<string, Behaviour>> = {
  alertmanager_notifications_total: ({ labels, minute }) =>
    labels['integration'] === 'webhook' ? 1 + (minute % 2) : 0,
  alertmanager_notifications_failed_total: ({ labels, fault }) =>
    fault === 'receiver refuses' && labels['integration'] === 'webhook' && labels['reason'] === 'other' ? 1 : 0,
  prometheus_notifications_dropped_total: () => 0,
};

export const BEHAVIOUR: Readonly<Record<string, Behaviour>> = {
  ...jvm,
  ...brokers,
  ...consumers,
  ...kafkaClients,
  ...rabbit,
  ...queues,
  ...postgres,
  ...mongo,
  ...hello,
  ...cluster,
  ...nodes,
  ...probes,
  ...argo,
  ...lines,
  ...itself,
};
