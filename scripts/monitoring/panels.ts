/**
 * Every query of every panel of every committed dashboard, asked of a real Prometheus as Grafana would ask it. A panel without data
 * on a healthy platform fails by name; so does one that does not show its alert's fault beyond the line that it draws.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parser } from '@prometheus-io/lezer-promql';
import { catalogueFor, drawn, prometheusRules, SIGNALS } from '../../modules/monitoring';
import type { Outcome } from './promtool';
import { withReplay, type Replay } from './replay';

export const DASHBOARDS = join(__dirname, '../../gitops/monitoring/dashboards');

export interface DashboardPanel {
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly datasource?: { readonly type: string; readonly uid: string };
  readonly targets?: readonly { readonly expr: string; readonly legendFormat?: string }[];
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly fieldConfig?: {
    readonly defaults: {
      readonly unit?: string;
      readonly mappings?: readonly { readonly options: Readonly<Record<string, { text: string; color: string }>> }[];
      readonly thresholds?: { readonly steps: readonly { readonly value: number | null; readonly color: string }[] };
    };
  };
}

export interface Dashboard {
  readonly title: string;
  readonly uid: string;
  readonly panels: readonly DashboardPanel[];
  readonly templating: {
    readonly list: readonly { readonly type: string; readonly name: string; readonly query: string }[];
  };
}

/** With variables at their default, as they are when a dashboard is opened; the data source stays one. */
export const dashboards = (): Dashboard[] =>
  committed().map((board) => {
    const defaults = new Map(
      board.templating.list.filter((one) => one.type === 'textbox').map((one) => [one.name, one.query]),
    );
    const filled = (expr: string): string =>
      expr.replace(/\$\{?(\w+)\}?/g, (text, name: string) => defaults.get(name) ?? text);
    const panels = board.panels.map((panel) =>
      panel.targets === undefined
        ? panel
        : { ...panel, targets: panel.targets.map((one) => ({ ...one, expr: filled(one.expr) })) },
    );
    return { ...board, panels };
  });

/** What the panels ask of Prometheus. */
const queries = (): string[] =>
  dashboards()
    .flatMap((one) => one.panels)
    .filter((one) => one.datasource?.type === 'prometheus')
    .flatMap((one) => (one.targets ?? []).map(({ expr }) => expr));

const committed = (): Dashboard[] =>
  readdirSync(DASHBOARDS)
    .sort()
    .map((file) => JSON.parse(readFileSync(join(DASHBOARDS, file), 'utf8')) as Dashboard);

export interface Drawn {
  readonly labels: Readonly<Record<string, string>>;
  /** Seconds since 1970, value. */
  readonly points: readonly (readonly [number, number])[];
}

/** What a dashboard shows by default. */
export const RANGE = 3 * 3600;

/** @returns the series of a query, or Prometheus' words why not */
export async function series({ url }: Replay, expr: string, from: number, to: number): Promise<Drawn[] | string> {
  const query = new URLSearchParams({ query: expr, start: String(from), end: String(to), step: '60' });
  const answer = (await (await fetch(`${url}/api/v1/query_range`, { method: 'POST', body: query })).json()) as {
    status: string;
    error?: string;
    data: { result: { metric: Record<string, string>; values: [number, string][] }[] };
  };
  if (answer.status !== 'success') return answer.error ?? 'no success';
  return answer.data.result.map((one) => ({
    labels: one.metric,
    points: one.values
      .map(([time, value]) => [time, Number(value)] as const)
      .filter(([, value]) => !Number.isNaN(value)),
  }));
}

const empty = (found: Drawn[] | string): string | undefined =>
  typeof found === 'string' ? found : found.some((one) => one.points.length > 0) ? undefined : 'returns nothing';

export function panelOutcomes(): Promise<Outcome[]> {
  return withDashboards(async (replay) => [
    ...(await ruleHealth(replay)),
    ...(await healthy(replay)),
    ...(await inFault(replay)),
  ]);
}

/** A Prometheus with the rules, and with the series that the dashboards ask for. */
export const withDashboards = <T>(use: (replay: Replay) => Promise<T>): Promise<T> =>
  withReplay(prometheusRules(catalogueFor('ec2')), queries(), use);

async function ruleHealth({ url }: Replay): Promise<Outcome[]> {
  const { data } = (await (await fetch(`${url}/api/v1/rules`)).json()) as {
    data: { groups: { name: string; rules: { name: string; health: string; lastError?: string }[] }[] };
  };
  const rules = data.groups.flatMap((one) => one.rules);
  const wrong = rules.filter((one) => one.health !== 'ok').map((one) => `${one.name}: ${one.lastError ?? one.health}`);
  return [
    { name: `Prometheus evaluates all ${rules.length} rules`, passed: wrong.length === 0, output: wrong.join('\n') },
  ];
}

async function healthy(replay: Replay): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const { title, panels, templating } of dashboards()) {
    const names = templating.list.filter((one) => one.type === 'datasource').map((one) => `\${${one.name}}`);
    for (const panel of panels) {
      if (panel.type === 'row' || panel.datasource?.type === 'loki') continue;
      const faults: string[] = [];
      if (!names.includes(panel.datasource?.uid ?? ''))
        faults.push(`its data source ${panel.datasource?.uid} is no variable`);
      for (const { expr } of panel.targets ?? []) {
        const found = await series(replay, expr, replay.now - RANGE, replay.now);
        const fault = empty(found) ?? red(panel, found as Drawn[]);
        if (fault !== undefined) faults.push(`${fault}: ${expr}`);
      }
      if ((panel.targets ?? []).length === 0) faults.push('it asks nothing');
      outcomes.push({ name: `${title}: ${panel.title}`, passed: faults.length === 0, output: faults.join('\n') });
    }
    for (const variable of templating.list.filter((one) => one.type === 'query')) {
      const fault = empty(await series(replay, asSelector(variable.query), replay.now - RANGE, replay.now));
      outcomes.push({ name: `${title}: variable ${variable.name}`, passed: fault === undefined, output: fault ?? '' });
    }
  }
  return outcomes;
}

/** What is fine must not look as if it were not: a series that is in the red most of the time. */
function red(panel: DashboardPanel, found: readonly Drawn[]): string | undefined {
  const steps = panel.fieldConfig?.defaults.thresholds?.steps ?? [];
  const isRed = (value: number): boolean =>
    steps.filter((one) => one.value === null || value >= one.value).at(-1)?.color === 'red';
  const worst = found.find(({ points }) => points.filter(([, value]) => isRed(value)).length > points.length / 2);
  return worst && `is in the red at ${worst.points.at(-1)![1]} with ${JSON.stringify(worst.labels)}`;
}

/** `label_values(up, job)` has values when `up` has series with that label. */
function asSelector(query: string): string {
  const parts = /^label_values\((?:(.+),\s*)?(\w+)\)$/.exec(query);
  if (parts === null) return query;
  return `count by (${parts[2]}) (${parts[1] ?? `{${parts[2]}!=""}`})`;
}

/** The panel of an alert shows the fault under which the alert fires, on the bad side of its line. */
async function inFault(replay: Replay): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const signal of SIGNALS.filter((one) => one.severity !== 'none')) {
    const { bare, threshold } = drawn(signal);
    const at = replay.cases + signal.fires[0]!.minute * 60;
    const found = await series(replay, ofCase(bare, signal.alert), at, at);
    let fault = empty(found);
    if (fault === undefined && threshold !== undefined) {
      const values = (found as Drawn[]).flatMap((one) => one.points.map(([, value]) => value));
      const bad = (value: number): boolean => (threshold.above ? value >= threshold.at : value <= threshold.at);
      if (!values.some(bad)) fault = `shows ${values.join(', ')}, all on the good side of ${threshold.at}`;
    }
    const name = `${signal.alert}: its panel shows the fault`;
    outcomes.push({ name, passed: fault === undefined, output: fault === undefined ? '' : `${fault}: ${bare}` });
  }
  return outcomes;
}

/** A query that sees the series of one case only. */
export function ofCase(query: string, alert: string): string {
  const cuts: number[] = [];
  parser.parse(query).iterate({
    enter({ name, to, node }) {
      if (name === 'VectorSelector') cuts.push(query[to - 1] === '}' ? to - 1 : -node.firstChild!.to);
    },
  });
  return cuts.reduceRight(
    (text, cut) =>
      cut > 0
        ? `${text.slice(0, cut)},case="${alert}"${text.slice(cut)}`
        : `${text.slice(0, -cut)}{case="${alert}"}${text.slice(-cut)}`,
    query,
  );
}
