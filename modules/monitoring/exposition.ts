/** The Prometheus text format, as far as rules need it: series with their labels. */

export interface Sample {
  readonly metric: string;
  readonly labels: ReadonlyMap<string, string>;
  readonly value: number;
}

/** The series of one scrape or of several, by metric name. Families that were declared but had no sample are named too. */
export interface Exposition {
  readonly samples: ReadonlyMap<string, readonly Sample[]>;
  /** Family to the type that its `# TYPE` line says. */
  readonly types: ReadonlyMap<string, string>;
}

/** Name, labels, value; what follows is a time or an exemplar with labels of its own. A brace in a label's value ends nothing. */
const LINE =
  /^([a-zA-Z_:][\w:]*)\s*(?:\{((?:[^"{}]|"(?:[^"\\]|\\.)*")*)\}\s*|\s)([+-]?[\d.]\S*|[+-]?inf(?:inity)?|nan)(?:\s|$)/i;
/** A name beyond letters, digits and underscores stands among the labels, in quotes; no rule asks for one. */
const QUOTED = /^\{\s*"/;
const LABEL = /(\w+)="((?:[^"\\]|\\.)*)"/g;

/** Whether a metric only grows, as its own `# TYPE` says, or that of the family whose `_total`, `_sum`, `_count` or `_bucket` it is. */
export function isCounter({ types }: Exposition, metric: string): boolean {
  const own = types.get(metric);
  if (own !== undefined) return own === 'counter';
  const family = metric.replace(/_(total|sum|count|bucket)$/, '');
  return family !== metric && ['counter', 'histogram', 'summary'].includes(types.get(family) ?? '');
}

export function parseExposition(texts: readonly string[]): Exposition {
  const samples = new Map<string, Sample[]>();
  const types = new Map<string, string>();
  for (const line of texts.flatMap((text) => text.split('\n'))) {
    const type = /^# TYPE (\S+) (\w+)/.exec(line);
    if (type !== null) types.set(type[1]!, type[2]!);
    const sample = line.startsWith('#') ? null : LINE.exec(line);
    if (sample === null) continue;
    const labels = new Map([...(sample[2] ?? '').matchAll(LABEL)].map(([, name, value]) => [name!, value!]));
    const list = samples.get(sample[1]!) ?? [];
    list.push({ metric: sample[1]!, labels, value: Number(sample[3]!.replace(/inf(inity)?$/i, 'Infinity')) });
    samples.set(sample[1]!, list);
  }
  return { samples, types };
}

/** The first line that is neither a sample nor a comment, with its number from 1: what is there is no exposition, or half of one. */
export function strayLine(text: string): { readonly line: number; readonly text: string } | undefined {
  const lines = text.split('\n').map((one) => one.trim());
  const line = lines.findIndex((one) => one !== '' && !one.startsWith('#') && !LINE.test(one) && !QUOTED.test(one));
  return line < 0 ? undefined : { line: line + 1, text: lines[line]! };
}
