/**
 * Kafka's two dialects. On machines of our own the brokers run jmx_exporter with our allow-list; Amazon MSK runs it with the names
 * it makes up by default, `domain_type_Attribute{name=…}`, on port 11001 (AWS, "Open monitoring with Prometheus for MSK").
 *
 * Signals are written once, in the first; this translates the names in a rule, in its panel and in its series. What is otherwise on
 * MSK than a name, a signal says itself (`onMsk`).
 */
import { parser } from '@prometheus-io/lezer-promql';
import { samples } from './promtool';
import type { Series, Signal } from './signal';
import { kafkaToolOnMsk } from './signals/kafka-tool';

/** Who runs the brokers: as in platform.yaml. */
export type KafkaEngine = 'ec2' | 'msk';

interface Name {
  readonly metric: string;
  readonly name?: string;
}

const NAMES: Readonly<Record<string, Name>> = {
  kafka_controller_kafkacontroller_offlinepartitionscount: {
    metric: 'kafka_controller_KafkaController_Value',
    name: 'OfflinePartitionsCount',
  },
  kafka_controller_kafkacontroller_activecontrollercount: {
    metric: 'kafka_controller_KafkaController_Value',
    name: 'ActiveControllerCount',
  },
  kafka_controller_kafkacontroller_fencedbrokercount: {
    metric: 'kafka_controller_KafkaController_Value',
    name: 'FencedBrokerCount',
  },
  kafka_controller_controllerstats_uncleanleaderelections_total: {
    metric: 'kafka_controller_ControllerStats_Count',
    name: 'UncleanLeaderElectionsPerSec',
  },
  kafka_server_replicamanager_underminisrpartitioncount: {
    metric: 'kafka_server_ReplicaManager_Value',
    name: 'UnderMinIsrPartitionCount',
  },
  kafka_server_replicamanager_underreplicatedpartitions: {
    metric: 'kafka_server_ReplicaManager_Value',
    name: 'UnderReplicatedPartitions',
  },
  kafka_server_replicamanager_isrshrinks_total: {
    metric: 'kafka_server_ReplicaManager_Count',
    name: 'IsrShrinksPerSec',
  },
  kafka_server_kafkarequesthandlerpool_requesthandleravgidlepercent: {
    metric: 'kafka_server_KafkaRequestHandlerPool_OneMinuteRate',
    name: 'RequestHandlerAvgIdlePercent',
  },
  kafka_log_logmanager_offlinelogdirectorycount: {
    metric: 'kafka_log_LogManager_Value',
    name: 'OfflineLogDirectoryCount',
  },
  kafka_network_requestmetrics_requestspersec_total: {
    metric: 'kafka_network_RequestMetrics_Count',
    name: 'RequestsPerSec',
  },
  // The quantile is in the name.
  kafka_network_requestmetrics_totaltimems: {
    metric: 'kafka_network_RequestMetrics_QUANTILEthPercentile',
    name: 'TotalTimeMs',
  },
  kafka_server_broker_metadata_metrics_last_applied_record_lag_ms: {
    metric: 'kafka_server_broker_metadata_metrics_last_applied_record_lag_ms',
  },
};

/** A signal of the brokers in the dialect of an engine; every other signal as it is. */
export function inDialect(signal: Signal, engine: KafkaEngine): Signal {
  if (engine === 'ec2' || signal.exporter !== 'jmx_exporter') return signal;
  const { onMsk, ...ours } = signal;
  const there: Signal = { ...ours, ...onMsk };
  const moved = (series: readonly Series[]): Series[] =>
    series.map(([selector, values]): Series => [translated(selector), values]);
  return {
    ...there,
    exporter: 'msk',
    runbook: there.runbook.map(kafkaToolOnMsk),
    expr: translated(there.expr),
    ...(there.panel?.query === undefined ? {} : { panel: { ...there.panel, query: translated(there.panel.query) } }),
    fires: there.fires.map((one) => ({ ...one, series: moved(one.series) })),
    quiet: there.quiet.map((one) => ({ ...one, series: withNeighbours(moved(one.series)) })),
  };
}

/** Beside each bean others of the same metric, idle and busy: a rule that forgets the label `name` would see them. */
function withNeighbours(series: readonly Series[]): Series[] {
  const neighbours = new Map<string, string>();
  for (const [selector, values] of series) {
    const last = samples(values) - 1;
    if (!selector.includes('name="')) continue;
    neighbours.set(selector.replace(/name="\w+"/, 'name="Idle"'), `0x${last}`);
    neighbours.set(selector.replace(/name="\w+"/, 'name="Busy"'), `0+5000x${last}`);
  }
  return [...series, ...neighbours];
}

/** Every vector selector of an expression renamed. A metric that MSK has no name for is an error, not a rule that never fires. */
function translated(expression: string): string {
  const cuts: { from: number; to: number; text: string }[] = [];
  parser.parse(expression).iterate({
    enter({ name, from, to, node }) {
      if (name !== 'VectorSelector') return;
      const metric = expression.slice(node.firstChild!.from, node.firstChild!.to);
      const known = NAMES[metric];
      if (known === undefined) throw new Error(`MSK has no name for ${metric}`);
      const matchers = /\{(.*)\}/s.exec(expression.slice(from, to))?.[1]?.split(',') ?? [];
      const kept = matchers.filter((one) => one !== '' && !one.startsWith('quantile='));
      const all = [...(known.name === undefined ? [] : [`name="${known.name}"`]), ...kept];
      const quantile = /quantile="0\.(\d+)"/.exec(expression.slice(from, to))?.[1] ?? '';
      const renamed = known.metric.replace('QUANTILE', quantile);
      cuts.push({ from, to, text: renamed + (all.length === 0 ? '' : `{${all.join(',')}}`) });
    },
  });
  return cuts.reduceRight((text, { from, to, text: by }) => text.slice(0, from) + by + text.slice(to), expression);
}
