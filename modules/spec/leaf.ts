/**
 * How one value of the file is read. A leaf takes whatever YAML gave and returns what the platform needs, or says why not;
 * zod carries it, so that defaults, nesting and the JSON Schema come from the same line.
 */
import { z } from 'zod';
import { didYouMean, nearest } from './nearest';
import { show } from './problems';
import type { Path } from './problems';

/** Thrown by a leaf that does not take a value; caught where the leaf was called, with the place added. */
export class Refused extends Error {
  constructor(
    readonly problem: string,
    readonly fix?: string,
    /** Below the leaf's own path. */
    readonly below: Path = [],
  ) {
    super(problem);
  }
}

export type Read<T> = (value: unknown) => T;

/** What the JSON Schema says of a leaf, for editors. */
export type LeafSchema = Readonly<Record<string, unknown>> & { readonly description: string };

export function leaf<T>(read: Read<T>, schema: LeafSchema) {
  return z
    .unknown()
    .transform((value, context): T => {
      try {
        return read(value);
      } catch (refused) {
        if (!(refused instanceof Refused)) throw refused;
        const { problem, fix, below } = refused;
        context.addIssue({ code: 'custom', message: problem, path: [...below], params: { fix, below: below.length } });
        return z.NEVER;
      }
    })
    .meta(schema);
}

/** What is said of a value that is not there or is of another kind. */
export function otherKind(value: unknown, wanted: string, example: string): Refused {
  if (value === undefined) return new Refused('it is missing', `give it ${wanted}, such as ${example}`);
  if (value === null) return new Refused('it is empty', `give it ${wanted}, such as ${example}, or remove the key`);
  const meant = typeof value === 'string' ? unquoted(value) : undefined;
  if (meant !== undefined && typeof meant === typeof unquoted(example))
    return new Refused(`${show(value)} is text, not ${wanted}`, `remove the quotes: ${meant}`);
  return new Refused(`${show(value)} is not ${wanted}`, `write it like ${example}`);
}

/** The number or the boolean that a text would be without its quotes. */
function unquoted(text: string): number | boolean | undefined {
  if (/^(true|false)$/.test(text.trim())) return text.trim() === 'true';
  const number = text.trim() === '' ? NaN : Number(text);
  return Number.isFinite(number) ? number : undefined;
}

/** Text. Quotes alone make a number or a boolean no block and no name, so that they are not advised. */
export function readText(value: unknown, wanted: string, example: string): string {
  if (typeof value === 'string' && value !== '') return value;
  if (typeof value === 'number' || typeof value === 'boolean') {
    throw new Refused(`${value} is a ${typeof value}, not ${wanted}`, `write it like ${example}`);
  }
  throw otherKind(value === '' ? null : value, wanted, example);
}

/** Text of a given form. */
export function text(wanted: string, example: string, check: (value: string) => void = () => {}): Read<string> {
  return (value) => {
    const read = readText(value, wanted, example);
    check(read);
    return read;
  };
}

/** One of a few words. */
export function oneOf<const T extends string>(words: readonly T[]): Read<T> {
  return (value) => {
    const known = words.find((word) => word === value);
    if (known !== undefined) return known;
    if (typeof value !== 'string' || value === '') throw otherKind(value, `one of ${words.join(', ')}`, words[0]!);
    const meant = nearest(value, words);
    throw new Refused(
      `${show(value)} is not one of ${words.join(', ')}`,
      meant === undefined ? 'choose one of them' : `did you mean ${meant}?`,
    );
  };
}

/** A whole number between bounds, both included. */
export function whole(what: string, least: number, most: number, example: string): Read<number> {
  return (value) => {
    if (typeof value !== 'number') {
      throw otherKind(value, what, example);
    }
    if (!Number.isInteger(value)) throw new Refused(`${value} is not a whole number`, `write it like ${example}`);
    if (value < least) throw new Refused(`${value} is too few`, `at least ${least}`);
    if (value > most) throw new Refused(`${value} is too many`, `at most ${most}`);
    return value;
  };
}

/** A mapping whose keys are known. */
export function mapping(
  value: unknown,
  keys: readonly string[],
  wanted: string,
  example: string,
): Record<string, unknown> {
  if (!isMapping(value)) throw otherKind(value, wanted, example);
  for (const key of Object.keys(value)) {
    if (!keys.includes(key)) throw new Refused(`${show(key)} is not a key of ${wanted}`, didYouMean(key, keys), [key]);
  }
  return value;
}

export function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
