/** What an alert compares, read from its expression: the query that a panel draws, and the threshold to draw in it. */
import { parser } from '@prometheus-io/lezer-promql';
import type { Signal, Unit } from './signal';

export interface Measured {
  readonly query: string;
  readonly threshold?: { readonly at: number; readonly above: boolean };
}

const COMPARISONS = ['Gtr', 'Gte', 'Lss', 'Lte', 'Eql', 'Neq'];

/** The left side of the first comparison, and the number on the right. */
export function measured(expression: string): Measured {
  let node = parser.parse(expression).topNode.firstChild;
  while (node !== null) {
    const comparison = COMPARISONS.map((name) => node!.getChild(name)).find((one) => one !== null);
    const [left, right] = [node.firstChild, node.lastChild];
    if (node.name === 'BinaryExpr' && left !== null && right !== null) {
      if (comparison !== undefined && comparison !== null) {
        const at = product(expression.slice(right.from, right.to));
        const query = zeroWithoutEvents(expression.slice(left.from, left.to).trim());
        if (at === undefined) return { query };
        const operator = expression.slice(comparison.from, comparison.to);
        // `== 0` is bad at and below, `== 1` at and above; of `!= 1` less than it is what happens.
        const above = operator === '==' ? at > 0 : operator.startsWith('>');
        return { query, threshold: { at, above } };
      }
      if (node.getChild('And') !== null || node.getChild('Unless') !== null) {
        node = left;
        continue;
      }
    }
    if (node.name === 'ParenExpr') {
      node = node.firstChild;
      continue;
    }
    break;
  }
  return { query: (node === null ? expression : expression.slice(node.from, node.to)).trim() };
}

/** `14.4 * 0.001` as a number; nothing when there is more in it than numbers. */
function product(expression: string): number | undefined {
  const factors = expression.split('*').map((one) => Number(one.trim()));
  return factors.some(Number.isNaN) ? undefined : Number(factors.reduce((all, one) => all * one, 1).toPrecision(6));
}

/**
 * A share of events whose kind has not happened yet: a service without an error exposes no series of errors, and `nothing / all`
 * is nothing. The panel of a service without errors shows 0.
 */
function zeroWithoutEvents(query: string): string {
  const parts =
    /^(sum by (\([^)]*\)) \(rate\(\w+\{[^}]*\}\[\w+\]\)\)) \/ (sum by (\([^)]*\)) \(rate\(\w+\[\w+\]\)\))$/.exec(query);
  if (parts === null || parts[2] !== parts[4]) return query;
  return `(${parts[1]} or 0 * ${parts[3]}) / ${parts[3]}`;
}

/** What the panel of a signal draws, and how its axis is named. */
export function drawn({ expr, panel }: Signal): Measured & { readonly unit: Unit; readonly bare: string } {
  const found = measured(expr);
  const bare = panel?.query ?? found.query;
  const query = panel?.noneYet === true ? `${bare} or vector(0)` : bare;
  return { ...found, query, bare, unit: panel?.unit ?? unitOf(bare) };
}

/** Grafana's unit of a query, read from the names that Prometheus' conventions give. */
export function unitOf(query: string): Unit {
  if (/^(deriv|predict_linear)/.test(query)) return 'short';
  if (/_latency\b.*_ops\b/.test(query)) return 'µs';
  if (query.includes(') /') || query.includes(' / ') || /idlepercent|usage_after_gc|probe_success/.test(query)) {
    return 'percentunit';
  }
  if (/\brate\(\w+_seconds_sum/.test(query)) return 'percentunit';
  if (/_seconds(_max)?\b(?!.*rate)|tx_duration/.test(query)) return 's';
  if (/totaltimems|lag_ms/.test(query)) return 'ms';
  if (/_bytes\b/.test(query)) return 'bytes';
  return 'short';
}
