/**
 * The expressions that cdktf writes: traversals, and calls of functions with traversals, texts, numbers, lists, objects and further
 * calls in them. Undefined for everything else: the parser of HCL reads that.
 */
import type { Expression, Step } from './expression';

export interface Read<T extends Expression = Expression> {
  readonly read: T;
  /** Where the text goes on behind it. */
  readonly end: number;
}

export type Traversal = Expression & { readonly kind: 'traversal' };

/** An expression that begins at a place of the text. */
export function readPlainExpression(source: string, at: number): Read | undefined {
  const first = source.charAt(at);
  if (first === '"') return readText(source, at + 1);
  if (first === '[') return readList(source, at + 1);
  if (first === '{') return readObject(source, at + 1);
  if (isDigit(first)) return readNumber(source, at);
  const name = nameAt(source, at);
  if (name === '') return undefined;
  const end = at + name.length;
  if (source[end] === '(') return readCall(source, name, end + 1);
  if (name === 'true' || name === 'false') return { read: { kind: 'literal', value: name === 'true' }, end };
  return name === 'null' ? undefined : readSteps(source, name, end);
}

/** A whole text that is a traversal: `name(.name | [digits] | ["text"])*` without blanks. */
export function readTraversal(source: string): Traversal | undefined {
  const root = nameAt(source, 0);
  // A keyword alone is a literal, not a name.
  if (root === '' || root === 'true' || root === 'false' || root === 'null') return undefined;
  const found = readSteps(source, root, root.length);
  return found?.end === source.length ? found.read : undefined;
}

function readSteps(source: string, root: string, from: number): Read<Traversal> | undefined {
  const steps: Step[] = [];
  let end = from;
  for (;;) {
    if (source[end] === '.') {
      const name = nameAt(source, end + 1);
      if (name === '') return undefined;
      steps.push(name);
      end += 1 + name.length;
    } else if (source[end] === '[') {
      const close = source.indexOf(']', end);
      const key = close === -1 ? undefined : keyOf(source.slice(end + 1, close));
      if (key === undefined) return undefined;
      steps.push(key);
      end = close + 1;
    } else return { read: { kind: 'traversal', root, steps }, end };
  }
}

function keyOf(source: string): Step | undefined {
  if (source.length > 2 && source.startsWith('"') && source.endsWith('"')) {
    const inner = source.slice(1, -1);
    return [...inner].every((char) => isNamePart(char) || '/. :@+'.includes(char)) ? inner : undefined;
  }
  const digits = source.length > 0 && source.length < 10 && [...source].every(isDigit);
  return digits ? Number(source) : undefined;
}

function readCall(source: string, name: string, from: number): Read | undefined {
  const list = readItems(source, from, ')');
  return list && { read: { kind: 'call', name, args: list.items, expand: false }, end: list.end };
}

function readList(source: string, from: number): Read | undefined {
  const list = readItems(source, from, ']');
  return list && { read: { kind: 'tuple', items: list.items }, end: list.end };
}

/** What stands between commas, up to the bracket that closes it. */
function readItems(source: string, from: number, close: string): { items: Expression[]; end: number } | undefined {
  const items: Expression[] = [];
  let at = blanks(source, from);
  if (source[at] === close) return { items, end: at + 1 };
  for (;;) {
    const item = readPlainExpression(source, at);
    if (item === undefined) return undefined;
    items.push(item.read);
    at = blanks(source, item.end);
    if (source[at] === close) return { items, end: at + 1 };
    if (source[at] !== ',') return undefined;
    at = blanks(source, at + 1);
  }
}

/** `{"name" = value, "other" = value}` */
function readObject(source: string, from: number): Read | undefined {
  const entries: (readonly [Expression, Expression])[] = [];
  let at = blanks(source, from);
  while (source[at] !== '}') {
    const key = source[at] === '"' ? readText(source, at + 1) : undefined;
    const sign = key && blanks(source, key.end);
    if (key?.read.kind !== 'literal' || sign === undefined || source[sign] !== '=') return undefined;
    const value = readPlainExpression(source, blanks(source, sign + 1));
    if (value === undefined) return undefined;
    entries.push([key.read, value.read]);
    at = blanks(source, value.end);
    if (source[at] === ',') at = blanks(source, at + 1);
    else if (source[at] !== '}') return undefined;
  }
  return { read: { kind: 'object', entries }, end: at + 1 };
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '"': '"', '\\': '\\' };

/** A text in quotes, with `${…}` in it or not; `from` is behind the opening quote. */
function readText(source: string, from: number): Read | undefined {
  const parts: Expression[] = [];
  let literal = '';
  let at = from;
  for (;;) {
    const char = source.charAt(at);
    if (char === '"') break;
    if (char === '' || char < ' ' || char > '~') return undefined;
    if (char === '\\') {
      const meant = ESCAPES[source.charAt(at + 1)];
      if (meant === undefined) return undefined;
      literal += meant;
      at += 2;
    } else if (char === '$' || char === '%') {
      // Signs in a row may be escapes, a `%{` a directive: the parser's business.
      if (source[at + 1] === char || (char === '%' && source[at + 1] === '{')) return undefined;
      if (source[at + 1] !== '{') literal += char;
      const inner = source[at + 1] === '{' ? readPlainExpression(source, at + 2) : { end: at, read: undefined };
      if (inner === undefined) return undefined;
      if (inner.read !== undefined) {
        if (source[inner.end] !== '}' || inner.read.kind === 'literal') return undefined;
        if (literal !== '') parts.push({ kind: 'literal', value: literal });
        literal = '';
        parts.push(inner.read);
      }
      at = inner.end + 1;
    } else {
      literal += char;
      at++;
    }
  }
  if (literal !== '' || parts.length === 0) parts.push({ kind: 'literal', value: literal });
  const [only] = parts;
  return { read: parts.length === 1 && only !== undefined ? only : { kind: 'template', parts }, end: at + 1 };
}

function readNumber(source: string, from: number): Read | undefined {
  let end = from;
  while (isDigit(source.charAt(end))) end++;
  if (end - from > 15 || isNamePart(source.charAt(end)) || source[end] === '.') return undefined;
  return { read: { kind: 'literal', value: Number(source.slice(from, end)) }, end };
}

function blanks(source: string, from: number): number {
  let at = from;
  while (source[at] === ' ') at++;
  return at;
}

function nameAt(source: string, from: number): string {
  if (!isNameStart(source.charAt(from))) return '';
  let to = from + 1;
  while (to < source.length && isNamePart(source.charAt(to))) to++;
  return source.slice(from, to);
}

const isDigit = (char: string): boolean => char >= '0' && char <= '9';

const isNameStart = (char: string): boolean =>
  (char >= 'a' && char <= 'z') || (char >= 'A' && char <= 'Z') || char === '_';

const isNamePart = (char: string): boolean => isNameStart(char) || isDigit(char) || char === '-';
