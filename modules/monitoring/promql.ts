/** PromQL as text and as a tree: a template tag that keeps long expressions readable in source, and what an expression selects. */
import { parser } from '@prometheus-io/lezer-promql';

/** One expression over several lines of source, with others in it, as one line of PromQL. */
export const promql = (text: TemplateStringsArray, ...parts: readonly string[]): string =>
  String.raw({ raw: text }, ...parts)
    .trim()
    .replace(/\s+/g, ' ')
    .replace(/\( /g, '(')
    .replace(/ \)/g, ')');

/** What a vector selector asks for. */
export interface Selector {
  readonly metric: string;
  readonly matchers: readonly {
    readonly label: string;
    readonly operator: '=' | '!=' | '=~' | '!~';
    readonly value: string;
  }[];
}

/** Whether a label's value is one that a matcher asks for; a label that is not there is empty. */
export function satisfies({ operator, value }: Selector['matchers'][number], has = ''): boolean {
  const matches = operator.includes('~') ? new RegExp(`^(?:${value})$`).test(has) : has === value;
  return operator.startsWith('!') ? !matches : matches;
}

/** The place of the first syntax error (offset in characters), or nothing. */
export function syntaxError(expression: string): number | undefined {
  let at: number | undefined;
  parser.parse(expression).iterate({
    enter(node) {
      if (node.type.isError) at ??= node.from;
    },
  });
  return at;
}

/** Every vector selector of an expression, in order. */
export function selectors(expression: string): Selector[] {
  const found: { metric: string; matchers: Selector['matchers'][number][] }[] = [];
  parser.parse(expression).iterate({
    enter(node) {
      const text = expression.slice(node.from, node.to);
      if (node.name === 'VectorSelector') found.push({ metric: '', matchers: [] });
      if (node.name === 'Identifier' && node.node.parent?.name === 'VectorSelector') found.at(-1)!.metric = text;
      if (node.name === 'UnquotedLabelMatcher') {
        const parts = /^(\w+)\s*(=~|!~|!=|=)\s*"(.*)"$/s.exec(text);
        if (parts !== null) {
          found.at(-1)!.matchers.push({ label: parts[1]!, operator: parts[2] as '=', value: parts[3]! });
        }
      }
    },
  });
  return found;
}

/** Names of which one is enough, `a or b`: an exporter's old name and its new one. Two conditions joined by `or` are none. */
export function alternatives(expression: string): string[][] {
  const found: string[][] = [];
  parser.parse(expression).iterate({
    enter({ node }) {
      const [left, right] = [node.firstChild, node.lastChild];
      if (node.getChild('Or') === null || left?.name !== 'VectorSelector' || right?.name !== 'VectorSelector') return;
      found.push([left, right].flatMap(({ from, to }) => metricNames(expression.slice(from, to))));
    },
  });
  return found;
}

/** The metric names of an expression, each once. */
export const metricNames = (expression: string): string[] => [
  ...new Set(selectors(expression).map((one) => one.metric)),
];

/** Labels by which an expression groups or matches: `by`, `on`. */
export function groupingLabels(expression: string): string[] {
  const labels = new Set<string>();
  parser.parse(expression).iterate({
    enter(node) {
      if (node.name === 'LabelName' && node.node.parent?.name === 'GroupingLabels') {
        labels.add(expression.slice(node.from, node.to));
      }
    },
  });
  return [...labels];
}
