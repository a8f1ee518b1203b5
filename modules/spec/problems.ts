/** Problems while they are collected: a path into the file, what is wrong there, what most likely helps. */
import { Rejection, Rejections } from '../rejection';

/** From the root of the file to a value: `['nodes', 2, 'zone']` is `nodes[2].zone`. */
export type Path = readonly (string | number)[];

export interface Problem {
  readonly path: Path;
  readonly problem: string;
  readonly fix?: string;
  /** Point at the key itself, not at its value: it is the key that is wrong. */
  readonly atKey?: boolean;
  /** Other values that the judgement rests on; when one of them is itself refused, this problem is not reported. */
  readonly restsOn?: readonly Path[];
}

/** Line and column, both from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** `network.allow[0]["kubernetes -> production"]`: the way a person writes it. */
export function printPath(path: Path): string {
  return path
    .map((step, index) => {
      if (typeof step === 'number') return `[${step}]`;
      if (!/^[A-Za-z_][\w-]*$/.test(step)) return `[${JSON.stringify(shorten(step))}]`;
      return index === 0 ? step : `.${step}`;
    })
    .join('');
}

/** Whether one path is the other or lies above it. */
export function touches(one: Path, other: Path): boolean {
  const [shorter, longer] = one.length < other.length ? [one, other] : [other, one];
  return shorter.every((step, index) => step === longer[index]);
}

/** All problems as one error, in the order in which a reader of the file meets them. */
export function rejections(
  file: string,
  problems: readonly Problem[],
  positionOf: (problem: Problem) => Position,
): Rejections {
  const placed = problems
    .map((problem) => ({ ...problem, ...positionOf(problem) }))
    .sort((a, b) => a.line - b.line || a.column - b.column);
  const unique = new Map(
    placed.map(({ line, column, path, problem, fix }) => {
      const where = `${file}:${line}:${column}${path.length === 0 ? '' : ` ${printPath(path)}`}`;
      return [`${where}: ${problem}`, new Rejection(where, problem, fix)];
    }),
  );
  const [first, ...others] = unique.values();
  if (first === undefined) throw new Error('rejections() was called without a problem');
  return new Rejections([first, ...others]);
}

const LONGEST_SHOWN = 60;

function shorten(text: string): string {
  return text.length <= LONGEST_SHOWN ? text : `${text.slice(0, LONGEST_SHOWN)}…`;
}

/** What no eye tells from plain text, or does not see at all: other scripts' letters, spaces and dashes; controls are JSON's matter. */
const UNLIKE_ASCII = /[^\0-\x7f\p{Script=Latin}…]/u;

/** `U+200B` */
export function codePoint(character: string): string {
  return `U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`;
}

/** A value as it is quoted in a message: text as it stands when that is unmistakable, and never a page of it. */
export function show(value: unknown): string {
  if (typeof value === 'string') {
    const text = shorten(value);
    if (UNLIKE_ASCII.test(text)) {
      return JSON.stringify(text).replace(new RegExp(UNLIKE_ASCII, 'gu'), (character) => `<${codePoint(character)}>`);
    }
    return /^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?…?$/.test(text) ? text : JSON.stringify(text);
  }
  if (Array.isArray(value)) return 'a list';
  if (value === undefined) return 'nothing';
  return typeof value === 'object' && value !== null ? 'a mapping' : String(value);
}
