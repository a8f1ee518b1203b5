/** What a new version of an exporter would kill: two recordings of it compared through the eyes of every rule and panel. */
import { closest, distance } from 'fastest-levenshtein';
import type { Exposition } from './exposition';
import { hasMatch } from './liveness';
import { drawn } from './measured';
import { selectors, type Selector } from './promql';
import type { Component } from './signal';
import type { ComponentSignals } from './signals';

/** A rule or a panel that saw something in the old recording and would see nothing in the new one. */
export interface Casualty {
  readonly kind: 'rule' | 'panel';
  readonly component: Component;
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
  for (const { component, signals } of catalogue) {
    for (const signal of signals) {
      const queries = [
        ['rule', signal.expr],
        ['panel', drawn(signal).bare],
      ] as const;
      for (const [kind, query] of queries) {
        const seen = selectors(query).filter((one) => hasMatch(one, before));
        if (kind === 'rule' && seen.length > 0) looked++;
        const blind = seen.filter((one) => !hasMatch(one, after));
        // `a or b`: either name is enough.
        const spared = /\bor\b/.test(query) && selectors(query).some((one) => hasMatch(one, after));
        const found = new Map<string, Casualty>();
        for (const selector of spared ? [] : blind) {
          const text = written(selector);
          const metricGone = !after.samples.has(selector.metric);
          const hint = metricGone ? likely(selector.metric, added) : valuesOf(selector, after);
          found.set(text, {
            ...{ kind, component, alert: signal.alert, selector: text },
            why: metricGone ? 'metric gone' : 'label or value gone',
            ...(hint === undefined ? {} : { hint }),
          });
        }
        for (const selector of seen.filter((one) => !blind.includes(one))) {
          const [was, is] = [before.types.get(selector.metric), after.types.get(selector.metric)];
          if (was === undefined || is === undefined || was === is) continue;
          found.set(written(selector), {
            ...{ kind, component, alert: signal.alert, selector: written(selector), why: 'type changed' },
            hint: `${was}, now ${is}`,
          });
        }
        casualties.push(...found.values());
      }
    }
  }
  return { casualties, gone, added, looked };
}

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

/** What the label that no longer matches holds now. */
function valuesOf({ metric, matchers }: Selector, after: Exposition): string | undefined {
  const series = after.samples.get(metric) ?? [];
  for (const { label, operator, value } of matchers) {
    if (operator.startsWith('!')) continue;
    const values = [...new Set(series.map((one) => one.labels.get(label)))];
    const matches = (it: string | undefined): boolean =>
      operator === '=~' ? new RegExp(`^(?:${value})$`).test(it ?? '') : it === value;
    if (values.some(matches)) continue;
    const known = values.filter((one) => one !== undefined);
    return known.length === 0 ? `no label ${label}` : `${label} is ${known.slice(0, 5).join(', ')}`;
  }
  return undefined;
}
