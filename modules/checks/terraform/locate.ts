/** Turns a path into a file's JSON (`resource`, `aws_vpc`, `main`, `cidr_block`) into a line, by skipping over what comes before. */
import { hclLineOf, isHcl } from './locate-hcl';

/** 1-based line of the value that the path leads to, or of the deepest ancestor that exists. */
export function lineOf(source: string, path: readonly (string | number)[]): number {
  if (isHcl(source)) return hclLineOf(source, path);
  return lineAt(source, offsetOf(source, path));
}

/**
 * `lineOf` for many paths of one file: what an object holds is found once, so that a thousand findings in ten thousand
 * resources do not read the file a thousand times.
 */
export class Locator {
  private readonly members = new Map<number, ReadonlyMap<string, number>>();
  private readonly newlines: readonly number[];

  constructor(private readonly source: string) {
    const newlines: number[] = [];
    for (let at = source.indexOf('\n'); at !== -1; at = source.indexOf('\n', at + 1)) newlines.push(at);
    this.newlines = newlines;
  }

  lineOf(path: readonly (string | number)[]): number {
    if (isHcl(this.source)) return hclLineOf(this.source, path);
    let at = skipBlank(this.source, 0);
    for (const step of path) {
      const found = typeof step === 'number' ? elementAt(this.source, at, step) : this.membersOf(at).get(step);
      if (found === undefined) break;
      at = found;
    }
    return this.newlinesBefore(at) + 1;
  }

  private membersOf(object: number): ReadonlyMap<string, number> {
    const known = this.members.get(object) ?? membersOf(this.source, object);
    this.members.set(object, known);
    return known;
  }

  private newlinesBefore(offset: number): number {
    let [low, high] = [0, this.newlines.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.newlines[middle] as number) < offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** 1-based line of a character offset. */
export function lineAt(source: string, offset: number): number {
  let line = 1;
  for (let at = source.indexOf('\n'); at !== -1 && at < offset; at = source.indexOf('\n', at + 1)) line++;
  return line;
}

function offsetOf(source: string, path: readonly (string | number)[]): number {
  let at = skipBlank(source, 0);
  for (const step of path) {
    const found = typeof step === 'number' ? elementAt(source, at, step) : memberAt(source, at, step);
    if (found === undefined) return at;
    at = found;
  }
  return at;
}

function memberAt(source: string, object: number, name: string): number | undefined {
  return membersOf(source, object, name).get(name);
}

/** Offsets of an object's values by name, up to the one that is looked for. */
function membersOf(source: string, object: number, upTo?: string): Map<string, number> {
  const members = new Map<string, number>();
  if (source[object] !== '{') return members;
  let at = skipBlank(source, object + 1);
  while (source[at] === '"') {
    const end = skipString(source, at);
    const name = JSON.parse(source.slice(at, end)) as string;
    at = skipBlank(source, skipBlank(source, end) + 1);
    members.set(name, at);
    if (name === upTo) break;
    at = skipBlank(source, skipValue(source, at));
    if (source[at] === ',') at = skipBlank(source, at + 1);
  }
  return members;
}

function elementAt(source: string, array: number, index: number): number | undefined {
  if (source[array] !== '[') return undefined;
  let at = skipBlank(source, array + 1);
  for (let i = 0; at < source.length && source[at] !== ']'; i++) {
    if (i === index) return at;
    at = skipBlank(source, skipValue(source, at));
    if (source[at] === ',') at = skipBlank(source, at + 1);
  }
  return undefined;
}

function skipBlank(source: string, from: number): number {
  let at = from;
  while (at < source.length && ' \n\r\t'.includes(source.charAt(at))) at++;
  return at;
}

/** The source has been parsed before, so it is known to be well-formed. */
function skipValue(source: string, from: number): number {
  let depth = 0;
  for (let at = from; at < source.length; at++) {
    const char = source[at];
    if (char === '"') {
      at = skipString(source, at) - 1;
      if (depth === 0) return at + 1;
    } else if (char === '{' || char === '[') depth++;
    else if (char === '}' || char === ']') {
      if (depth === 0) return at;
      if (--depth === 0) return at + 1;
    } else if (depth === 0 && char === ',') return at;
  }
  return source.length;
}

function skipString(source: string, from: number): number {
  let at = from + 1;
  while (at < source.length && source[at] !== '"') at += source[at] === '\\' ? 2 : 1;
  return at + 1;
}
