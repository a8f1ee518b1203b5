/** Mistakes put into a rule, one at a time: a suite that lets one live would let the same mistake of ours live. */
import { parser } from '@prometheus-io/lezer-promql';
import type { Signal } from './signal';

export interface Mutant {
  readonly operator:
    | 'operator flipped'
    | 'threshold x1000'
    | 'metric renamed'
    | 'window 1 s'
    | 'guard dropped'
    | 'label dropped'
    | 'for x10';
  /** What was changed, to be read: `> to <`. */
  readonly change: string;
  readonly expr: string;
  readonly for: string;
}

const FLIPPED: Readonly<Record<string, string>> = { Gtr: '<', Gte: '<', Lss: '>', Lte: '>', Eql: '!=', Neq: '==' };

/** Every mutant of a signal's rule. Changes without effect (a threshold of 0 times 1000) are not made. */
export function mutantsOf(signal: Signal): Mutant[] {
  const { expr } = signal;
  const found: Mutant[] = [];
  const cut = (operator: Mutant['operator'], from: number, to: number, by: string): void => {
    const change = `${expr.slice(from, to).slice(0, 60)} to ${by === '' ? 'nothing' : by}`;
    found.push({ operator, change, expr: expr.slice(0, from) + by + expr.slice(to), for: signal.for });
  };
  parser.parse(expr).iterate({
    enter({ name, from, to, node }) {
      const text = expr.slice(from, to);
      const flipped = FLIPPED[name];
      if (flipped !== undefined && node.parent?.name === 'BinaryExpr') cut('operator flipped', from, to, flipped);
      if (name === 'NumberDurationLiteral' && Number(text) !== 0 && isThreshold(node))
        cut('threshold x1000', from, to, String(Number(text) * 1000));
      if (name === 'Identifier' && node.parent?.name === 'VectorSelector')
        cut('metric renamed', from, to, `${text}_renamed`);
      if (name === 'MatrixSelector') cut('window 1 s', expr.lastIndexOf('[', to), to, '[1s]');
      if (name === 'BinaryExpr') {
        const guard = node.getChild('And') ?? node.getChild('Unless');
        const left = node.firstChild;
        if (guard !== null && left !== null) {
          cut('guard dropped', left.to, to, '');
          if (guard.name === 'And') {
            const right = node.lastChild!;
            cut('guard dropped', from, right.from, '');
          }
        }
      }
      if (name === 'UnquotedLabelMatcher') {
        const comma = /^\s*,/.exec(expr.slice(to));
        cut('label dropped', from, to + (comma?.[0].length ?? 0), '');
      }
    },
  });
  const minutes = /^(\d+)([smhd])$/.exec(signal.for);
  if (minutes !== null && Number(minutes[1]) > 0) {
    found.push({
      operator: 'for x10',
      change: `for ${signal.for}`,
      expr,
      for: `${Number(minutes[1]) * 10}${minutes[2]}`,
    });
  }
  return found;
}

/** A number on the right of a comparison, alone or as a product. */
function isThreshold(node: {
  parent: { name: string; getChild(name: string): unknown; parent: unknown } | null;
}): boolean {
  let parent = node.parent;
  while (parent !== null && parent.name === 'BinaryExpr') {
    if (Object.keys(FLIPPED).some((operator) => parent!.getChild(operator) !== null)) return true;
    parent = parent.parent as typeof parent;
  }
  return false;
}
