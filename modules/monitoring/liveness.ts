/**
 * Can a rule see what it is for? Each selector of each rule is looked up in what the real exporter was recorded to expose.
 *
 * `live`: every metric is there with the labels that the rule asks for. `empty-by-design`: it is not, and the signal says why a
 * healthy system has none. `dead`: anything else.
 */
import type { Exposition } from './exposition';
import { alternatives, satisfies, selectors, type Selector } from './promql';
import type { Signal } from './signal';

export type Liveness = 'live' | 'empty-by-design' | 'dead';

export interface Verdict {
  readonly alert: string;
  readonly liveness: Liveness;
  /** What is missing, or why that is right. */
  readonly reason?: string;
}

/** Labels that Prometheus adds to every series of a target; no exporter exposes them. */
const TARGET_LABELS = new Set(['job', 'instance', 'namespace', 'service', 'pod', 'kafka_cluster', 'container']);

/** @param recording what the signal's exporters exposed, all their states together; nothing when none was ever recorded */
export function liveness(signal: Signal, recording: Exposition | undefined): Verdict {
  const { alert } = signal;
  const asked = selectors(signal.expr);
  if (asked.length === 0) return { alert, liveness: 'live', reason: 'asks for no series' };
  if (recording === undefined) return { alert, liveness: 'dead', reason: `no recording of ${signal.exporter}` };
  const enough = alternatives(signal.expr);
  const spared = ({ metric }: Selector): boolean =>
    enough.some(
      (names) => names.includes(metric) && asked.some((it) => names.includes(it.metric) && hasMatch(it, recording)),
    );
  const missing = asked.filter((one) => !hasMatch(one, recording) && !spared(one));
  if (missing.length === 0) return { alert, liveness: 'live' };
  const reason = missing.map((one) => one.metric).join(', ');
  if (signal.emptyByDesign !== undefined) return { alert, liveness: 'empty-by-design', reason: signal.emptyByDesign };
  return { alert, liveness: 'dead', reason: `the recording lacks ${reason}` };
}

/** Whether a selector finds a series. A recording may hold only the healthy value of a label: then its name must be there. */
export function hasMatch(selector: Selector, { samples }: Exposition): boolean {
  const series = samples.get(selector.metric) ?? [];
  return series.some(({ labels }) =>
    selector.matchers.every(
      (one) => (TARGET_LABELS.has(one.label) && !labels.has(one.label)) || satisfies(one, labels.get(one.label)),
    ),
  );
}
