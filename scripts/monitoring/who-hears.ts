/**
 * Whom an alert should reach and what should keep it quiet, written down by hand. Nothing here reads modules/monitoring/alertmanager.ts,
 * whose configuration routing.ts holds against this: who changes the one says so in the other, or the test fails.
 */
import type { Severity } from '../../modules/monitoring';

export type Labels = Readonly<Record<string, string>>;

export interface Receiver {
  readonly name: string;
  /** How long it waits until it tells again what goes on. */
  readonly again: string;
  /** Whether it tells that it is over. */
  readonly over: boolean;
}

/** By the severity of an alert of the catalogue. */
export const RECEIVERS: Readonly<Record<Severity, Receiver | 'nobody'>> = {
  critical: { name: 'pager', again: '1h', over: true },
  warning: { name: 'tickets', again: '12h', over: true },
  info: 'nobody',
  // Whoever waits for the beat would take its end for one more.
  none: { name: 'dead-man', again: '1m', over: false },
};

/** The receiver that tells nobody. */
export const SILENT = 'silent';

/**
 * Alerts that the rules of kube-prometheus-stack 88.5.3 raise (its templates/prometheus/rules-1.14): their labels are a severity and
 * those of the series. None of them pages, and its Watchdog does not stand in for ours.
 */
export const OF_THE_CHART: readonly { readonly labels: Labels; readonly to: 'tickets' | typeof SILENT }[] = [
  {
    labels: { alertname: 'KubeAPIErrorBudgetBurn', severity: 'critical', long: '1h', short: '5m' },
    to: 'tickets',
  },
  {
    labels: { alertname: 'KubePersistentVolumeErrors', severity: 'critical', namespace: 'shop', phase: 'Failed' },
    to: 'tickets',
  },
  {
    labels: { alertname: 'PrometheusRuleFailures', severity: 'critical', namespace: 'monitoring', pod: 'prometheus-0' },
    to: 'tickets',
  },
  { labels: { alertname: 'TargetDown', severity: 'warning', namespace: 'shop', job: 'orders' }, to: 'tickets' },
  { labels: { alertname: 'CPUThrottlingHigh', severity: 'info', namespace: 'shop', pod: 'orders-0' }, to: SILENT },
  { labels: { alertname: 'InfoInhibitor', severity: 'none', namespace: 'shop' }, to: SILENT },
  { labels: { alertname: 'Watchdog', severity: 'none' }, to: SILENT },
];

/** The chart has some alerts twice, worse and less bad. */
const filling = (severity: 'critical' | 'warning'): Labels => ({
  alertname: 'KubePersistentVolumeFillingUp',
  severity,
  namespace: 'shop',
  job: 'kubelet',
});

/** While `cause` fires, `silent` are told to nobody where these labels are the same; where one of them differs, they are. */
export interface Silenced {
  readonly cause: string | Labels;
  readonly silent: readonly (string | Labels)[];
  readonly same: readonly string[];
}

export const SILENCED: readonly Silenced[] = [
  {
    cause: 'KafkaActiveControllerCount',
    silent: [
      'KafkaOfflinePartitions',
      'KafkaUnderMinIsr',
      'KafkaUnderReplicated',
      'KafkaMetadataStale',
      'KafkaBrokerFenced',
    ],
    same: ['namespace', 'kafka_cluster'],
  },
  {
    cause: 'KafkaUnderMinIsr',
    silent: ['KafkaUnderReplicated', 'KafkaBrokerFenced', 'KafkaProduceLatencyHigh'],
    same: ['namespace', 'kafka_cluster'],
  },
  { cause: 'MongoNoPrimary', silent: ['MongoMemberUnhealthy', 'MongoReplicationLag'], same: ['namespace', 'rs_nm'] },
  { cause: 'PostgresConnectionsExhausted', silent: ['PostgresConnectionsHigh'], same: ['instance'] },
  {
    cause: 'HaproxyNoServer',
    silent: ['HaproxyErrorBudgetFastBurn', 'HaproxyErrorBudgetSlowBurn', 'HaproxyRetries', 'HaproxyQueueing'],
    same: ['namespace'],
  },
  { cause: 'PvcAlmostFull', silent: ['PvcFillingUp'], same: ['namespace', 'persistentvolumeclaim'] },
  { cause: filling('critical'), silent: [filling('warning')], same: ['namespace'] },
  // A lost node has no label that its pods' alerts have.
  { cause: 'NodeNotReady', silent: ['DeploymentReplicasMissing', 'PodCrashLooping', 'PodNotScheduled'], same: [] },
];
