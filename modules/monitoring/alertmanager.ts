/**
 * Alertmanager's routing: the catalogue's critical alerts page, whatever else is critical or warning makes tickets, info is only
 * shown, the catalogue's watchdog goes out of the cluster.
 * Inhibition: a cause that explains others silences them, so that one incident is one page.
 */
import { stringify } from 'yaml';

/** While `source` fires, `targets` of the same labels are not sent. */
interface Inhibition {
  readonly source: string;
  readonly targets: string;
  readonly equal: readonly string[];
  readonly why: string;
}

export const INHIBITIONS: readonly Inhibition[] = [
  {
    source: 'severity="critical"',
    targets: 'severity=~"warning|info"',
    equal: ['alertname', 'namespace'],
    why: 'the same alert, worse',
  },
  {
    source: 'alertname="KafkaActiveControllerCount"',
    targets:
      'alertname=~"KafkaOfflinePartitions|KafkaUnderMinIsr|KafkaUnderReplicated|KafkaMetadataStale|KafkaBrokerFenced"',
    equal: ['namespace', 'kafka_cluster'],
    why: 'without a quorum every other gauge is frozen',
  },
  {
    source: 'alertname="KafkaUnderMinIsr"',
    targets: 'alertname=~"KafkaUnderReplicated|KafkaBrokerFenced|KafkaProduceLatencyHigh"',
    equal: ['namespace', 'kafka_cluster'],
    why: 'the worse state of the same loss',
  },
  {
    source: 'alertname="MongoNoPrimary"',
    targets: 'alertname=~"MongoMemberUnhealthy|MongoReplicationLag"',
    equal: ['namespace', 'rs_nm'],
    why: 'no primary explains them',
  },
  {
    source: 'alertname="PostgresConnectionsExhausted"',
    targets: 'alertname="PostgresConnectionsHigh"',
    equal: ['instance'],
    why: 'the same, worse',
  },
  {
    source: 'alertname="HaproxyNoServer"',
    targets: 'alertname=~"HaproxyErrorBudget.*|HaproxyRetries|HaproxyQueueing"',
    equal: ['namespace'],
    why: 'the service is dead: its errors follow',
  },
  {
    source: 'alertname="NodeNotReady"',
    targets: 'alertname=~"DeploymentReplicasMissing|PodCrashLooping|PodNotScheduled"',
    equal: [],
    why: 'pods of a lost node',
  },
  {
    source: 'alertname="PvcAlmostFull"',
    targets: 'alertname="PvcFillingUp"',
    equal: ['namespace', 'persistentvolumeclaim'],
    why: 'the same, worse',
  },
];

/**
 * What every rule of the catalogue carries (`ruleOf`), and none that came with a chart: kube-prometheus-stack 88.5.3 has 139 alerts,
 * some of them `critical`, none with a runbook here. Such a one is a ticket. Its Watchdog must not answer for ours either: it would
 * keep the dead-man's switch quiet while the catalogue's rules are not even loaded.
 */
const OURS = ['component=~".+"', 'team=~".+"', 'kind=~".+"'];

/** Alertmanager's configuration. Receivers are webhooks whose addresses come from mounted secrets, never from git. */
export function alertmanagerConfig(): string {
  const webhook = (name: string, resolved = true): unknown => ({
    name,
    webhook_configs: [{ url_file: `/etc/alertmanager/secrets/receivers/${name}`, send_resolved: resolved }],
  });
  const notes = INHIBITIONS.map((one) => `#   ${one.source} over ${one.targets}: ${one.why}`).join('\n');
  return `# Generated from modules/monitoring; do not edit. Inhibitions, and why:\n${notes}\n${stringify(
    {
      route: {
        receiver: 'tickets',
        group_by: ['alertname', 'namespace', 'service', 'kafka_cluster'],
        group_wait: '30s',
        group_interval: '5m',
        repeat_interval: '12h',
        routes: [
          {
            matchers: ['alertname="Watchdog"', ...OURS],
            receiver: 'dead-man',
            group_wait: '0s',
            group_interval: '1m',
            repeat_interval: '1m',
          },
          { matchers: ['severity="critical"', ...OURS], receiver: 'pager', repeat_interval: '1h' },
          // `none`: the chart's Watchdog, and its InfoInhibitor, which is a means of silencing others and asks for a null receiver.
          { matchers: ['severity=~"info|none"'], receiver: 'silent' },
        ],
      },
      inhibit_rules: INHIBITIONS.map(({ source, targets, equal }) => ({
        source_matchers: [source],
        target_matchers: [targets],
        ...(equal.length === 0 ? {} : { equal }),
      })),
      receivers: [webhook('pager'), webhook('tickets'), webhook('dead-man', false), { name: 'silent' }],
    },
    { lineWidth: 0 },
  )}`;
}
