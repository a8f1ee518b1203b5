/** YAML text → plain values, each with the place where it stands. */
import { isAlias, isMap, isNode, isScalar, isSeq, LineCounter, parseAllDocuments, visit } from 'yaml';
import type { Document, ErrorCode, Node, Pair, YAMLError, YAMLMap } from 'yaml';
import { codePoint, rejections, show } from './problems';
import type { Path, Position, Problem } from './problems';

/** A platform of ten thousand nodes is far smaller; what is larger is not a platform.yaml. */
const LARGEST_FILE_BYTES = 1024 * 1024;

interface Fault {
  readonly problem: string;
  readonly fix?: string;
  readonly offset: number;
}

export interface SourceDocument {
  /** Mappings have no prototype; a version (`1.30`) is the text as written, not the number 1.3. */
  readonly value: Record<string, unknown>;
  positionOf(problem: Problem): Position;
  /** Whether the file itself says something at this path, or a default speaks. */
  writes(path: Path): boolean;
}

/**
 * Reads one YAML document whose root is a mapping.
 *
 * @throws Rejections for anything that is not plain YAML: syntax, tabs, a key twice, a second document, tags, aliases
 * (every value has one place, which the messages name, and no file can unfold into gigabytes)
 */
export function readDocument(source: string, file: string): SourceDocument {
  const lines = new LineCounter();
  // What is missing at the end is missing from the last line that says anything.
  const end = Math.max(source.trimEnd().length - 1, 0);
  const at = (offset: number): Position => {
    const { line, col } = lines.linePos(Math.min(offset, end));
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const refuseAll = (faults: readonly Fault[]): never => {
    const offsets = new Map<Problem, number>(
      faults.map(({ problem, fix, offset }) => [{ path: [], problem, fix }, offset]),
    );
    throw rejections(file, [...offsets.keys()], (problem) => at(offsets.get(problem)!));
  };
  const refuse = (problem: string, fix: string, offset = 0): never => refuseAll([{ problem, fix, offset }]);

  if (source.length > LARGEST_FILE_BYTES) refuse('the file is larger than 1 MiB', 'is this a platform.yaml?');
  const unreadable = /(?![\t\n\r\u0085])[\p{Cc}\ufffd]/u.exec(source);
  if (unreadable !== null) {
    lines.lineStarts = lineStarts(source);
    const [character] = unreadable;
    if (character === '\ufffd') refuse('this is not UTF-8 text', 'save the file as UTF-8', unreadable.index);
    refuse(`a control character (${codePoint(character)}) stands here`, 'remove it', unreadable.index);
  }
  let documents: Document.Parsed[];
  try {
    const parsed = parseAllDocuments(source, { lineCounter: lines, prettyErrors: false, logLevel: 'silent' });
    documents = 'empty' in parsed ? [] : parsed;
  } catch (error) {
    if (error instanceof RangeError) return refuse(...TOO_DEEP, tooDeep(source));
    throw error;
  }
  const [document, second] = documents;
  if (document === undefined) return refuse('the file is empty', 'start with a line such as name: cimiento');
  const faults = [...document.errors, ...document.warnings];
  if (faults.length > 0) refuseAll(yamlFaults(source, faults));
  if (second !== undefined) {
    return refuse('a second YAML document begins here', 'keep one platform a file', second.range[0]);
  }
  const indirect = indirections(document);
  if (indirect.length > 0) refuseAll(indirect);
  const root = document.contents;
  if (root === null || (isScalar(root) && root.value === null)) {
    return refuse('the file is empty', 'start with a line such as name: cimiento');
  }
  if (!isMap(root)) {
    return refuse(
      `the file holds ${described(root)}, not a mapping`,
      'start with a line such as name: cimiento',
      root.range?.[0],
    );
  }

  return {
    value: plain(root, undefined) as Record<string, unknown>,
    positionOf: ({ path, atKey }) => at(offsetOf(root, path, atKey ?? false)),
    writes: (path) => find(root, path).length === path.length,
  };
}

const lineStarts = (source: string) => [0, ...Array.from(source.matchAll(/\n/g), ({ index }) => index + 1)];

function described(node: Node): string {
  return isSeq(node) ? 'a list' : isScalar(node) ? `the single value ${show(node.value)}` : 'an alias';
}

/** Mappings and lists around a value: `network.allow[0]["a -> b"][0]`. */
const DEEPEST = 5;
const TOO_DEEP = ['the values are nested too deeply', `nothing in platform.yaml lies deeper than ${DEEPEST}`] as const;

const TAG = ['a YAML tag (!…) stands here', 'remove it: plain values are enough'] as const;

/** What a person would say for yaml's error codes; its own words serve for the rest. */
const PLAIN_WORDS: Partial<Record<ErrorCode, readonly [problem: string, fix?: string]>> = {
  TAB_AS_INDENT: ['a tab indents this line', 'indent with spaces'],
  BAD_INDENT: [
    'this line is not indented like its neighbours, or a bracket above it is not closed',
    'align it, or close the bracket',
  ],
  MISSING_CHAR: [
    'a closing quote or bracket, or a colon, is missing',
    'look at this line and above for what is left open',
  ],
  BLOCK_IN_FLOW: ['a list or mapping begins inside of a bracket', 'close the bracket first'],
  BLOCK_AS_IMPLICIT_KEY: ['a value holds a colon', 'quote the value, or give the inner key a line of its own'],
  MULTILINE_IMPLICIT_KEY: ['a key spreads over two lines', 'is a colon or a closing quote missing?'],
  TAG_RESOLVE_FAILED: TAG,
};

/** Where values go deeper than any key does: by brackets, else by indentation. How far the parser came depends on its stack. */
function tooDeep(source: string): number {
  let open = 0;
  for (const { 0: bracket, index } of source.matchAll(/[[\]{}]/g)) {
    open += bracket === '[' || bracket === '{' ? 1 : -1;
    if (open > DEEPEST) return index;
  }
  const indents: number[] = [];
  for (const { 1: spaces, index } of source.matchAll(/^([ -]*)[^\s#-]/gm)) {
    while (indents.length > 0 && indents.at(-1)! >= spaces!.length) indents.pop();
    indents.push(spaces!.length);
    if (indents.length > DEEPEST) return index + spaces!.length;
  }
  return 0;
}

/** A key that stands twice is reported each time; of other faults only the first: those after it usually follow from it. */
function yamlFaults(source: string, faults: readonly YAMLError[]): Fault[] {
  const twice = faults.filter(({ code }) => code === 'DUPLICATE_KEY');
  if (twice.length < faults.length) {
    const { code, message, pos } = faults.find((one) => !twice.includes(one))!;
    if (/call stack/.test(message)) return [{ problem: TOO_DEEP[0], fix: TOO_DEEP[1], offset: tooDeep(source) }];
    const inOurWords = PLAIN_WORDS[code] ?? [
      `not valid YAML: ${message[0]!.toLowerCase()}${message.slice(1)}`,
      'write this line as plain YAML',
    ];
    return [{ problem: inOurWords[0], fix: inOurWords[1], offset: pos[0] }];
  }
  return twice.map(({ pos: [offset] }) => {
    const key = /^[^\s:,{}[\]]+/.exec(source.slice(offset))?.[0] ?? 'this key';
    return { problem: `${show(key)} stands here a second time`, fix: 'keep one of the two', offset };
  });
}

/** The first alias and the first explicit tag; a bomb has millions. */
function indirections(document: Document.Parsed): Fault[] {
  const found = new Map<string, Fault>();
  const note = (kind: string, problem: string, fix: string, node: Node) =>
    found.has(kind) || found.set(kind, { problem, fix, offset: node.range?.[0] ?? 0 });
  visit(document, (_key, node) => {
    if (isAlias(node))
      note('alias', `*${show(node.source)} is an alias`, 'write the value out: every value has one place', node);
    else if (isNode(node) && node.tag !== undefined) note('tag', ...TAG, node);
  });
  return [...found.values()];
}

/** A version is read as it is written: the number 1.30 would be 1.3, and the commit 5e12345 infinite. */
const AS_WRITTEN: readonly (string | undefined)[] = ['version', 'revision'];

function plain(node: unknown, key: string | undefined): unknown {
  if (isMap(node)) {
    const value: Record<string, unknown> = Object.create(null);
    for (const pair of node.items) value[keyOf(pair)] = plain(pair.value, keyOf(pair));
    return value;
  }
  if (isSeq(node)) return node.items.map((item) => plain(item, undefined));
  if (!isScalar(node)) return null;
  return AS_WRITTEN.includes(key) && typeof node.value === 'number' ? (node.source ?? String(node.value)) : node.value;
}

/** A key as text, whatever it is: what is no word is no key of ours, and is refused as unknown under this name. */
function keyOf(pair: Pair): string {
  return isScalar(pair.key) ? String(pair.key.value) : String(pair.key);
}

type Found = { readonly key?: Node; readonly value: Node | null };

/** The nodes from below the root down to the path's end, or as far as the file goes. */
function find(root: YAMLMap, path: Path): Found[] {
  const trail: Found[] = [];
  let node: Node | null = root;
  for (const step of path) {
    if (isMap(node)) {
      const pair: Pair | undefined = node.items.find((item) => keyOf(item) === step);
      if (pair === undefined) break;
      trail.push({ key: pair.key as Node, value: (node = pair.value as Node | null) });
    } else if (isSeq(node) && typeof step === 'number' && step < node.items.length) {
      trail.push({ value: (node = node.items[step] as Node | null) });
    } else break;
  }
  return trail;
}

function offsetOf(root: YAMLMap, path: Path, atKey: boolean): number {
  const trail = find(root, path);
  const last = trail.at(-1);
  if (last === undefined) return root.range?.[0] ?? 0;
  // Something is missing inside of it: point at the name of what lacks it.
  const toKey = atKey || trail.length < path.length;
  const node = toKey ? (last.key ?? last.value) : (last.value ?? last.key);
  // `kafka:` without a value has an empty node after the colon; its key is the better place.
  const empty = isScalar(node) && node.value === null && last.key !== undefined;
  return (empty ? last.key : node)?.range?.[0] ?? 0;
}
