/**
 * Reads the templates that cdktf writes, without the HCL parser: that takes 0.3 s to start and 0.2 ms a template, this 1 µs. By the
 * ten thousand they are text with bare traversals in it (`${aws_s3_bucket.logs.arn}/*`); now and then a call of a function with
 * texts, numbers, lists and objects. Whatever else is in a template goes to the parser, and a test holds the two to the same answer.
 */
import type { Expression } from './expression';
import { readPlainExpression } from './plain-expression';

/** Undefined: not of that form, ask the parser. */
export function readPlainTemplate(source: string): Expression | undefined {
  const parts: Expression[] = [];
  let literal = '';
  let at = 0;
  for (let open = nextBrace(source, 0); open !== -1; open = nextBrace(source, at)) {
    const sign = source[open] as string;
    if (source[open - 1] === sign && open > at) {
      // `$${` is the text `${`; three signs in a row are for the parser to judge.
      if (source[open - 2] === sign) return undefined;
      literal += source.slice(at, open) + '{';
      at = open + 2;
      continue;
    }
    const inner = sign === '%' ? undefined : readPlainExpression(source, open + 2);
    // A literal in braces is joined with what stands around it: the parser's business.
    if (inner === undefined || source[inner.end] !== '}' || inner.read.kind === 'literal') return undefined;
    literal += source.slice(at, open);
    if (literal !== '') parts.push({ kind: 'literal', value: literal });
    literal = '';
    parts.push(inner.read);
    at = inner.end + 1;
  }
  literal += source.slice(at);
  if (literal !== '') parts.push({ kind: 'literal', value: literal });
  const [only] = parts;
  return parts.length === 1 && only !== undefined ? only : { kind: 'template', parts };
}

/** Where the next `${` or `%{` is. */
function nextBrace(source: string, from: number): number {
  for (let at = source.indexOf('{', from + 1); at !== -1; at = source.indexOf('{', at + 1)) {
    const sign = source[at - 1];
    if (sign === '$' || sign === '%') return at - 1;
  }
  return -1;
}
