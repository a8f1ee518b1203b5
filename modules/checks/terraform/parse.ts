import type { Expression, Step, SyntaxFault } from './expression';
import { readPlainTemplate } from './plain-template';

/** Every template of a project, read once. A text without `${` or `%{` is no template and is not in it. */
export type Templates = ReadonlyMap<string, Expression | SyntaxFault>;

export const isTemplate = (text: string): boolean => text.includes('${') || text.includes('%{');

/** A node as @cdktf/hcl2json gives it. */
interface Node {
  readonly type: string;
  readonly children: readonly Node[] | null;
  readonly meta?: Readonly<Record<string, unknown>>;
  readonly range: { readonly start: { readonly byte: number }; readonly end: { readonly byte: number } };
}

/** Reads all templates; HCL's parser is loaded only when one of them needs it. */
export async function parseTemplates(texts: Iterable<string>): Promise<Templates> {
  const templates = new Map<string, Expression | SyntaxFault>();
  const rest: string[] = [];
  for (const text of texts) {
    if (templates.has(text)) continue;
    const plain = readPlainTemplate(text);
    templates.set(text, plain ?? PENDING);
    if (plain === undefined) rest.push(text);
  }
  for (let at = 0; at < rest.length; at += BATCH) {
    const batch = rest.slice(at, at + BATCH);
    (await parseBatch(batch)).forEach((read, i) => templates.set(batch[i] as string, read));
  }
  return templates;
}

const PENDING: SyntaxFault = { kind: 'fault', message: 'not read' };
/** A call costs 0.3 ms beyond its work; in batches this size it no longer counts, and one fault costs little to single out. */
const BATCH = 64;

/** Parses with HCL, the templates as elements of one tuple; a batch with a fault in it is halved until the fault is alone. */
export async function parseBatch(texts: readonly string[]): Promise<(Expression | SyntaxFault)[]> {
  // Imported late: the parser is WebAssembly and takes 0.3 s to start.
  const { getExpressionAst } = await import('@cdktf/hcl2json');
  const alone = texts.length === 1;
  const source = alone ? heredoc(texts[0] as string) : `[${texts.map(heredoc).join(',')}]`;
  try {
    const read = (await getExpressionAst('template', source)) as unknown as Node;
    const bytes = Buffer.from(source);
    return (alone ? [read] : (read.children ?? [])).map((node) => templateOf(convert(node, { bytes })));
  } catch (error) {
    if (alone) return [{ kind: 'fault', message: faultOf(error as Error) }];
    const half = Math.ceil(texts.length / 2);
    return [...(await parseBatch(texts.slice(0, half))), ...(await parseBatch(texts.slice(half)))];
  }
}

/** A here document is the one form in which text needs no escapes, as in JSON. Its last line break is not the template's. */
const heredoc = (text: string): string => `<<CIMIENTO\n${text}\nCIMIENTO\n`;

function templateOf(expression: Expression): Expression {
  const parts = expression.kind === 'template' ? [...expression.parts] : [expression];
  const last = parts.pop();
  if (last?.kind !== 'literal' || typeof last.value !== 'string') return expression;
  const trimmed = last.value.replace(/\n$/, '');
  if (trimmed !== '') parts.push({ kind: 'literal', value: trimmed });
  return parts.length === 1 ? (parts[0] as Expression) : { kind: 'template', parts: joinLiterals(parts) };
}

/** HCL cuts a literal at every line end; one literal is one part. */
function joinLiterals(parts: readonly Expression[]): Expression[] {
  const joined: Expression[] = [];
  for (const part of parts) {
    const before = joined.at(-1);
    if (part.kind === 'literal' && before?.kind === 'literal')
      joined[joined.length - 1] = { kind: 'literal', value: `${String(before.value)}${String(part.value)}` };
    else joined.push(part);
  }
  return joined;
}

/** `…on input string '…': template:2,21-22: Missing argument separator; A comma is required …, and 2 other diagnostic(s)` */
function faultOf(error: Error): string {
  const at = error.message.lastIndexOf(': template:');
  const words = at === -1 ? error.message : error.message.slice(at + ': template:'.length).replace(/^[\d,-]+: /, '');
  return (words.split('\n\n')[0] as string).replace(/, and \d+ other diagnostic\(s\)/, '').trim();
}

interface Context {
  readonly bytes: Buffer;
}

function convert(node: Node, context: Context): Expression {
  const nodes = node.children ?? [];
  const all = () => nodes.map((child) => convert(child, context));
  const child = (i: number): Expression => {
    const one = nodes[i];
    return one === undefined ? { kind: 'literal', value: null } : convert(one, context);
  };
  const meta = node.meta ?? {};
  switch (node.type) {
    case 'literalValue':
      return { kind: 'literal', value: literalOf(meta, textOf(node, context)) };
    case 'template': {
      const quoted = String(meta.value).startsWith('"');
      const parts = all().map((part) => (part.kind === 'literal' ? unescaped(part.value, quoted) : part));
      if (quoted && parts.length === 0) return { kind: 'literal', value: '' };
      const joined = joinLiterals(parts);
      return quoted && joined.length === 1 && joined[0]?.kind === 'literal'
        ? joined[0]
        : { kind: 'template', parts: joined };
    }
    case 'templateWrap':
      return child(0);
    case 'scopeTraversal': {
      const [root, ...steps] = stepsOf(meta);
      return { kind: 'traversal', root: String(root), steps };
    }
    case 'relativeTraversal':
      return { kind: 'relative', source: child(0), steps: stepsOf(meta) };
    case 'index':
      return { kind: 'index', collection: child(0), key: child(1) };
    case 'splat':
      return { kind: 'splat', source: child(0), each: nodes.length > 1 ? child(1) : { kind: 'item' } };
    case 'function':
      return { kind: 'call', name: String(meta.name), args: all(), expand: meta.expandedFinalArgument === true };
    case 'conditional':
      return { kind: 'conditional', condition: child(0), yes: child(1), no: child(2) };
    case 'unaryOp':
    case 'binaryOp':
      return { kind: 'operation', operator: String(meta.operator), operands: all() };
    case 'tuple':
      return { kind: 'tuple', items: all() };
    case 'object':
      return { kind: 'object', entries: entriesOf(nodes, context) };
    case 'for':
      return forOf(nodes, meta, context);
    default:
      // Parentheses and `%{for}` have one child, a splat's current element has none; HCL names none of the three.
      if (nodes.length === 1 && !textOf(node, context).startsWith('%{')) return child(0);
      return nodes.length === 0 ? { kind: 'item' } : { kind: 'opaque', parts: all() };
  }
}

const textOf = ({ range }: Node, { bytes }: Context): string =>
  bytes.subarray(range.start.byte, range.end.byte).toString('utf8');

function literalOf(meta: Readonly<Record<string, unknown>>, source: string): string | number | boolean | null {
  if (meta.type === 'number') return Number(meta.value);
  if (meta.type === 'bool') return meta.value === 'true';
  if (meta.type === 'string') return String(meta.value);
  return source === 'null' ? null : source === 'true' ? true : source === 'false' ? false : source;
}

function unescaped(value: unknown, quoted: boolean): Expression {
  const raw = String(value).replaceAll('$${', '${').replaceAll('%%{', '%{');
  if (!quoted || !raw.includes('\\')) return { kind: 'literal', value: raw };
  const escapes: Record<string, string> = { n: '\n', r: '\r', t: '\t', '"': '"', '\\': '\\' };
  const text = raw.replace(/\\(u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|.)/g, (whole, code: string) =>
    code.length > 1 ? String.fromCodePoint(parseInt(code.slice(1), 16)) : (escapes[code] ?? whole),
  );
  return { kind: 'literal', value: text };
}

function stepsOf(meta: Readonly<Record<string, unknown>>): Step[] {
  const parts = (meta.traversal ?? []) as readonly { readonly type: string; readonly segment: string }[];
  return parts.map(({ type, segment }) => {
    if (type !== 'indexTraversal') return segment;
    return segment.startsWith('"') ? (JSON.parse(segment) as string) : Number(segment);
  });
}

/** Keys and values alternate; a bare key is its own name, one in parentheses an expression. */
function entriesOf(nodes: readonly Node[], context: Context): (readonly [Expression, Expression])[] {
  const entries: (readonly [Expression, Expression])[] = [];
  for (let i = 0; i + 1 < nodes.length; i += 2) {
    const [key, value] = [nodes[i] as Node, nodes[i + 1] as Node];
    const bare = (key.children ?? []).length === 0 && key.type === '';
    const name: Expression = bare ? { kind: 'literal', value: textOf(key, context) } : convert(key, context);
    entries.push([name, convert(value, context)]);
  }
  return entries;
}

/** Children come in the order collection, key, value, condition, each only when written. */
function forOf(nodes: readonly Node[], meta: Readonly<Record<string, unknown>>, context: Context): Expression {
  const parts = nodes.map((node) => convert(node, context));
  const has = (name: string) => typeof meta[name] === 'string' && meta[name] !== '';
  const next = () => parts.shift() ?? { kind: 'literal' as const, value: null };
  const collection = next();
  const key = has('keyExpression') ? { key: next() } : {};
  const value = next();
  const condition = has('conditionalExpression') ? { condition: next() } : {};
  const keyName = has('keyVar') ? { keyName: String(meta.keyVar) } : {};
  return {
    kind: 'for',
    ...keyName,
    valueName: String(meta.valVar),
    collection,
    ...key,
    value,
    ...condition,
    grouped: meta.groupedValue === true,
  };
}
