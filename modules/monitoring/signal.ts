/** What one alert is: its reason, its rule, its proof and what a person does. Rules, runbooks, dashboards and tests come from it. */
import type { ExporterName } from './exporters';

/** Who is woken or gets the ticket. */
export type Actor = 'service' | 'data' | 'platform';

/** The three questions of the overview, and causes, which only explain. */
export type Row = 'up' | 'fast' | 'full' | 'cause';

/** `critical` wakes somebody, `warning` is a ticket, `info` only annotates, `none` is the dead-man's switch. */
export type Severity = 'critical' | 'warning' | 'info' | 'none';

export type Component =
  | 'rest'
  | 'jvm'
  | 'mongodb'
  | 'kafka-brokers'
  | 'kafka-consumers'
  | 'kafka-clients'
  | 'rabbitmq'
  | 'postgresql'
  | 'flask'
  | 'kubernetes'
  | 'logs'
  | 'meta';

/** A series in promtool's notation, a sample a minute: `['up{job="a"}', '1x10 0x5']`. */
export type Series = readonly [selector: string, values: string];

/** Series under which the alert must fire, and at which minute first: one earlier it must not. */
export interface Firing {
  readonly minute: number;
  /** A later minute at which it still must: what is over quickly is told for a while. */
  readonly until?: number;
  /** The labels of each alert that fires, but for alertname and those that the rule adds. */
  readonly labels: readonly Readonly<Record<string, string>>[];
  readonly series: readonly Series[];
}

/** Series under which the alert must stay quiet, from a minute on. */
export interface Quiet {
  readonly from: number;
  readonly series: readonly Series[];
}

/** Grafana's names of units. */
export type Unit = 'short' | 'percentunit' | 's' | 'ms' | 'µs' | 'h' | 'bytes' | 'reqps' | 'bool_yes_no';

/** What a dashboard draws of a signal, where the left side of the rule's comparison is not what a person should see. */
export interface Panel {
  readonly query?: string;
  readonly unit?: Unit;
  /** Exporters make such a series only when the first of its events happens: until then there is nothing, which is none. */
  readonly noneYet?: true;
}

export interface Signal {
  readonly alert: string;
  /** What is watched, in a few words. */
  readonly signal: string;
  readonly kind: 'symptom' | 'saturation' | 'cause' | 'meta';
  readonly severity: Severity;
  readonly exporter: ExporterName;
  /** Another exporter, whose metrics the rule holds against those of its own. */
  readonly beside?: ExporterName;
  readonly actor: Actor;
  readonly row: Row;
  readonly why: string;
  /** A setting without which the metric does not exist. */
  readonly requires?: string;
  /** PromQL; the alert's `expr`. */
  readonly expr: string;
  /** The alert's `for`, as Prometheus writes durations. */
  readonly for: string;
  /** The threshold in words. */
  readonly threshold: string;
  /** What the person does, first thing first. */
  readonly runbook: readonly string[];
  /** How it is known that the metrics have these names; liveness tests it wherever there is a recording. */
  readonly evidence: string;
  /** How its panel differs from what the rule compares. */
  readonly panel?: Panel;
  /** What of it is otherwise where Amazon runs Kafka's brokers; in our names, as all of it (kafka-dialect.ts). */
  readonly onMsk?: Partial<Omit<Signal, 'onMsk' | 'alert' | 'exporter'>>;
  /** Why a healthy system may have none of these series. */
  readonly emptyByDesign?: string;
  readonly fires: readonly Firing[];
  readonly quiet: readonly Quiet[];
}
