/** What a new version of an exporter would kill: two recordings of it compared through the eyes of every rule and panel. */
import { closest, distance } from 'fastest-levenshtein';
import type { Exposition } from './exposition';
import { hasMatch } from './liveness';
import { drawn } from './measured';
import { alternatives, groupingLabels, satisfies, selectors, type Selector } from './promql';
import type { Component } from './signal';
import type { ComponentSignals } from './signals';

/** A rule or a panel that saw something in the old recording and would see less or nothing in the new one. */
export interface Casualty {
  readonly kind: 'rule' | 'panel';
  readonly component: Component;
  /** The alert whose rule or panel it is. */
  readonly alert: string;
  /** As it stands in the query: `name{label="value"}`. */
  readonly selector: string;
  readonly why: 'metric gone' | 'label or value gone' | 'type changed';
  /** What it is likely called now, or which types it had and has. */
  readonly hint?: string;
}

export interface UpgradeReport {
  readonly casualties: readonly Casualty[];
  /** Metric names that only one of the two has. */
  readonly gone: readonly string[];
  readonly added: readonly string[];
  /** Rules that look at this exporter at all. */
  readonly looked: number;
}

export function compareExpositions(
  before: Exposition,
  after: Exposition,
  catalogue: readonly ComponentSignals[],
): UpgradeReport {
  const [old, now] = [before, after].map((one) => [...one.samples.keys()].sort()) as [string[], string[]];
  const gone = old.filter((one) => !after.samples.has(one));
  const added = now.filter((one) => !before.samples.has(one));
  const casualties: Casualty[] = [];
  let looked = 0;
  const examine = (kind: Casualty['kind'], component: Component, alert: string, query: string): void => {
    const seen = selectors(query).filter(({ metric }) => before.samples.has(metric));
    if (kind === 'rule' && seen.length > 0) looked++;
    const enough = alternatives(query);
    const spared = ({ metric }: Selector): boolean =>
      enough.some((names) => names.includes(metric) && names.some((name) => after.samples.has(name)));
    const groups = groupingLabels(query);
    const found = new Map<string, Casualty>();
    for (const selector of seen) {
      if (spared(selector)) continue;
      const loss = lossOf(selector, groups, before, after, added);
      const text = written(selector);
      if (loss !== undefined) found.set(text, { kind, component, alert, selector: text, ...loss });
    }
    casualties.push(...found.values());
  };
  for (const { component, signals } of catalogue) {
    for (const signal of signals) {
      examine('rule', component, signal.alert, signal.expr);
      examine('panel', component, signal.alert, drawn(signal).bare);
    }
  }
  return { casualties, gone, added, looked };
}

type Loss = Pick<Casualty, 'why' | 'hint'>;

/** Without what it excludes: that a healthy system has only what a rule excludes is no reason to be blind. */
const asked = ({ metric, matchers }: Selector): Selector => ({
  metric,
  matchers: matchers.filter(({ operator }) => !operator.startsWith('!')),
});

/** What a selector that saw something before would miss: its metric, a label, a value of a label, or the type it was written for. */
function lossOf(
  selector: Selector,
  groups: readonly string[],
  before: Exposition,
  after: Exposition,
  added: readonly string[],
): Loss | undefined {
  const { metric, matchers } = selector;
  if (!after.samples.has(metric)) return { why: 'metric gone', ...hinted(likely(metric, added)) };
  const valuesIn = ({ samples }: Exposition, label: string): string[] =>
    [...new Set((samples.get(metric) ?? []).map((one) => one.labels.get(label) ?? ''))].filter((one) => one !== '');
  // Without its label, a matcher that excludes excludes nothing, and `by` puts everything into one.
  const lost = [...matchers.map((one) => one.label), ...groups].find(
    (label) => valuesIn(before, label).length > 0 && valuesIn(after, label).length === 0,
  );
  if (lost !== undefined) return { why: 'label or value gone', hint: `no label ${lost}` };
  for (const one of asked(selector).matchers) {
    const [had, has] = [valuesIn(before, one.label), valuesIn(after, one.label)];
    // Of `a|b` each is meant, of any other pattern whatever it finds.
    const meant = LITERALS.test(one.value) ? one.value.split('|').filter((it) => had.includes(it)) : [];
    const missed = meant.filter((it) => !has.includes(it));
    if (missed.length > 0 || (had.some((it) => satisfies(one, it)) && !has.some((it) => satisfies(one, it))))
      return { why: 'label or value gone', hint: `${one.label} is ${has.slice(0, 5).join(', ')}` };
  }
  // Each label has a value that is asked for, but no series has them together.
  if (hasMatch(asked(selector), before) && !hasMatch(asked(selector), after))
    return { why: 'label or value gone', hint: 'no series has these labels together' };
  const [was, is] = [before, after].map((one) => one.types.get(metric)).filter((one) => !UNTYPED.has(one ?? ''));
  if (was === undefined || is === undefined || was === is) return undefined;
  return { why: 'type changed', hint: `${was}, now ${is}` };
}

/** A pattern that is nothing but words to choose from. */
const LITERALS = /^[\w -]+(\|[\w -]+)*$/;

/** PromQL does not ask for types: who names none, has not said that a counter is none. */
const UNTYPED = new Set(['', 'untyped', 'unknown']);

const hinted = (hint: string | undefined): { hint?: string } => (hint === undefined ? {} : { hint });

const written = ({ metric, matchers }: Selector): string =>
  metric +
  (matchers.length === 0
    ? ''
    : `{${matchers.map(({ label, operator, value }) => `${label}${operator}"${value}"`).join(',')}}`);

/** The new name that is nearest to a lost one, if it is near at all. */
function likely(metric: string, added: readonly string[]): string | undefined {
  if (added.length === 0) return undefined;
  const near = closest(metric, [...added]);
  return distance(metric, near) <= metric.length / 2 ? `likely ${near}` : undefined;
}
