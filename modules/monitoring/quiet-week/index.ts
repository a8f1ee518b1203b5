/**
 * A quiet week of the whole platform, series by series: the labels that the real programs were recorded with, moved through a
 * week of traffic, rollouts, a drained node, replaced machines, a failover and nightly backups. Nobody may be paged in it.
 *
 * The same series, with a fault on Friday, are the control: then exactly the pages of that fault.
 */
import type { ExporterName } from '../exporters';
import { onlyGrows } from '../counting';
import type { Exposition } from '../exposition';
import { drawn } from '../measured';
import { satisfies, selectors } from '../promql';
import type { Component } from '../signal';
import { CATALOGUE } from '../signals';
import { BEHAVIOUR, faultAt, type Moment } from './behaviour';
import { WRITTEN_BY_HAND } from './written-by-hand';
import { scraped, TARGETS, type Target } from './targets';
import { WEEK } from './week';

export { notation, seriesName } from './notation';
export { WRITTEN_BY_HAND } from './written-by-hand';
export { FAULTS, TICKETS, type PlannedFault } from './faults';
export { CONTROL, WEEK } from './week';

export interface Trace {
  readonly metric: string;
  readonly labels: Readonly<Record<string, string>>;
  /** A value a minute from `from` on; `undefined`: no sample. */
  readonly values: readonly (number | undefined)[];
}

export type RecordingOf = (exporter: ExporterName) => Exposition | undefined;

/** Minutes of the week. */
export interface Span {
  readonly from: number;
  readonly to: number;
  /** Seconds since 1970 at its beginning; 0, as promtool has it, unless given. */
  readonly began?: number;
}

/** Labels whose recorded values are the recording machine's own. */
const RENAMED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'two@localhost': { peer: 'rabbit@rabbit-1' },
  'rabbit@localhost': { peer: 'rabbit@rabbit-2' },
};

/**
 * Every series that the rules and panels of a component ask for.
 *
 * @param also expressions that ask for more of the same exporters
 */
export function quietWeek(
  component: Component,
  recordingOf: RecordingOf,
  { from, to, began = 0 }: Span = { from: 0, to: WEEK },
  fault?: string,
  also: readonly string[] = [],
): Trace[] {
  const signals = CATALOGUE.find((one) => one.component === component)!.signals;
  const exporters = [...new Set(signals.map((one) => one.exporter))];
  const traces: Trace[] = [];
  const seen = new Set<string>();
  for (const exporter of exporters) {
    const recording = recordingOf(exporter);
    const own = signals
      .filter((one) => one.exporter === exporter)
      .flatMap((one) => selectors(`${one.expr} or ${drawn(one).bare}`));
    const asked = [...own, ...also.flatMap(selectors)];
    for (const metric of new Set(asked.map((one) => one.metric))) {
      if (metric === 'up') continue;
      const isOwn = metric in WRITTEN_BY_HAND && own.some((one) => one.metric === metric);
      // A rule may look at another exporter's metric beside its own.
      const home = recording?.samples.has(metric) === true || isOwn ? exporter : homeOf(metric);
      if (home === undefined) continue;
      for (const { labels, recorded, counter } of labelSets(metric, recordingOf(home))) {
        for (const target of TARGETS[home]) {
          const all: Readonly<Record<string, string>> = { ...target.labels, ...labels };
          const key = `${metric} ${JSON.stringify(all)}`;
          const wanted = asked.some(
            (one) => one.metric === metric && one.matchers.every((it) => satisfies(it, all[it.label])),
          );
          if (!wanted || seen.has(key)) continue;
          seen.add(key);
          traces.push({ metric, labels: all, values: values(metric, labels, target, recorded, counter) });
        }
      }
    }
  }
  if (component === 'meta') traces.push(...ups());
  return traces.filter((one) => one.values.some((value) => value !== undefined));

  function homeOf(metric: string): ExporterName | undefined {
    const all = Object.keys(TARGETS) as ExporterName[];
    return all.find((one) => TARGETS[one].length > 0 && recordingOf(one)?.samples.has(metric));
  }

  function values(
    metric: string,
    labels: Readonly<Record<string, string>>,
    target: Target,
    recorded: number,
    counter: boolean,
  ): (number | undefined)[] {
    const behaviour = BEHAVIOUR[metric] ?? (() => (counter ? 0 : recorded));
    const found: (number | undefined)[] = [];
    let sum = 0;
    // A counter starts with its process, or with the part that is looked at.
    for (let minute = from; minute < to; minute++) {
      const moment: Moment = {
        labels,
        target,
        minute,
        time: began + 60 * (minute - from),
        fault: faultAt(fault, minute),
      };
      const value = behaviour(moment);
      if (minute >= target.from && value !== undefined) sum += value;
      found.push(value === undefined || !scraped(target, minute) ? undefined : counter ? sum : value);
    }
    return found;
  }

  /** `up` of every target of the platform. */
  function ups(): Trace[] {
    return Object.values(TARGETS).flatMap((targets) =>
      targets.flatMap((target): Trace[] => {
        const key = JSON.stringify(target.labels);
        if (seen.has(key)) return [];
        seen.add(key);
        const found = Array.from({ length: to - from }, (_, index) => {
          const minute = from + index;
          if (minute < target.from || minute >= target.to) return undefined;
          const blind = fault === 'targets blind' && target.labels['job'] === 'orders';
          return scraped(target, minute) && !(blind && faultAt(fault, minute) !== undefined) ? 1 : 0;
        });
        return [{ metric: 'up', labels: target.labels, values: found }];
      }),
    );
  }
}

interface LabelSet {
  readonly labels: Readonly<Record<string, string>>;
  readonly recorded: number;
  readonly counter: boolean;
}

/** Labels that change with what happens. A series was recorded with some of their values, and has the others in its time. */
const CHANGING = ['member_idx', 'member_state', 'rs_state'];

function labelSets(metric: string, recording: Exposition | undefined): LabelSet[] {
  const samples = recording?.samples.get(metric) ?? [];
  const valuesOf = (label: string): string[] => [...new Set(samples.flatMap((one) => one.labels.get(label) ?? []))];
  const counter = onlyGrows(metric, recording);
  const byHand = (WRITTEN_BY_HAND[metric] ?? []).map((labels) => ({ labels, recorded: 0, counter }));
  const recorded = samples.flatMap((one) => {
    const labels = Object.fromEntries(one.labels);
    const renamed = { ...labels, ...RENAMED[labels['peer'] ?? ''] };
    return CHANGING.reduce(
      (sets, label) =>
        label in labels ? sets.flatMap((set) => valuesOf(label).map((value) => ({ ...set, [label]: value }))) : sets,
      [renamed],
    ).map((set) => ({ labels: set, recorded: one.value, counter }));
  });
  return [...recorded, ...byHand];
}
