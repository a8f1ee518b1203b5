/** platform.yaml → Platform: read the YAML, each value by its leaf, then the whole by the rules; all problems at once. */
import type { core } from 'zod';
import { assemble } from './assemble';
import { readDocument } from './document';
import type { Facts } from './facts';
import { isMapping } from './leaf';
import { didYouMean, nearest } from './nearest';
import type { Platform } from './platform';
import { printPath, rejections, show, touches } from './problems';
import type { Path, Problem } from './problems';
import { RULES } from './rules';
import { platformSchema } from './schema';
import { keysAt } from './schema-keys';

/**
 * @param source the text of the file
 * @param options.file its name as it is to stand in messages
 * @param options.facts what the catalogue knows, and the day of the run
 * @throws Rejections with every problem of the file, in the order of its lines
 */
export function parsePlatform(source: string, { file, facts }: { file: string; facts: Facts }): Platform {
  const document = readDocument(source, file);
  const { platform, problems, refused } = readValues(document.value);
  const ruled = RULES.flatMap((rule) => rule({ platform, facts, writes: document.writes })).filter(
    ({ path, restsOn = [] }) => ![path, ...restsOn].some((one) => refused.some((other) => touches(one, other))),
  );
  const all = [...problems, ...ruled];
  if (all.length > 0) throw rejections(file, all, document.positionOf);
  return platform;
}

interface Reading {
  /** Complete; where a value was refused, its default stands in. */
  readonly platform: Platform;
  readonly problems: Problem[];
  /** Where a default stands in: nothing that rests on it is to be judged. */
  readonly refused: Path[];
}

interface ValueProblem extends Problem {
  /** The value that goes with it: the leaf, when a part of it is wrong. */
  readonly of: Path;
}

/** Reads, and reads again without what was refused, so that the rules can judge the rest. */
function readValues(value: Record<string, unknown>): Reading {
  const problems: Problem[] = [];
  const refused: Path[] = [];
  const rest = structuredCopy(value) as Record<string, unknown>;
  for (;;) {
    const { success, data, error } = platformSchema.safeParse(rest);
    if (success) return { platform: assemble(data), problems, refused };
    const found = error.issues.flatMap((issue) => problemsOf(issue, rest));
    problems.push(...found);
    for (const { of } of found) {
      refused.push(of);
      leaveOut(rest, of);
    }
  }
}

function problemsOf(issue: core.$ZodIssue, file: unknown): ValueProblem[] {
  const path = issue.path.filter((step): step is string | number => typeof step !== 'symbol');
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => {
        const known = keysAt(path);
        const where = path.length === 0 ? 'platform.yaml' : printPath(path);
        const fix =
          nearest(key, known) === undefined ? `the keys here are ${known.join(', ')}` : didYouMean(key, known);
        return {
          path: [...path, key],
          of: [...path, key],
          problem: `${show(key)} is not a key of ${where}`,
          fix,
          atKey: true,
        };
      });
    case 'invalid_type':
      return [{ ...wrongKind(path, issue.expected, valueAt(file, path)), of: withDefault(path) }];
    case 'too_small':
      return [
        {
          path,
          of: withDefault(path),
          problem: 'the list is empty',
          fix: 'name at least one, or remove the key to take the default',
        },
      ];
    case 'too_big':
      return [{ path, of: withDefault(path), problem: 'the list is too long', fix: `at most ${issue.maximum}` }];
    case 'custom': {
      const { fix, below } = issue.params as { fix?: string; below: number };
      return [{ path, of: withDefault(path.slice(0, path.length - below)), problem: issue.message, fix }];
    }
    default:
      return [{ path, of: withDefault(path), problem: issue.message }];
  }
}

function wrongKind(path: Path, expected: string, value: unknown): Problem {
  if (value === null) return { path, problem: 'it is empty', fix: 'fill it, or remove the key to take the default' };
  const [wanted, example] =
    expected === 'array' ? ['a list', '[ … ]'] : ['a mapping', `{ ${keysAt(path).slice(0, 2).join(': …, ')}: … }`];
  return { path, problem: `${show(value)} is not ${wanted}`, fix: `write it like ${example}` };
}

function valueAt(file: unknown, path: Path): unknown {
  return path.reduce((value, step) => (value as Record<string | number, unknown> | undefined)?.[step], file);
}

/** Lists have defaults, their elements have none, nor has a budget: what is refused in them takes the whole with it. */
function withDefault(path: Path): Path {
  if (path[0] === 'budget') return ['budget'];
  const index = path.findIndex((step) => typeof step === 'number');
  return index < 0 ? path : path.slice(0, index);
}

/** What stands in for a name that was refused; it has no default. */
const NAMELESS = 'nameless';

function leaveOut(value: Record<string, unknown>, path: Path): void {
  const last = path.at(-1)!;
  if (path.length === 1 && last === 'name') {
    value.name = NAMELESS;
    return;
  }
  const holder = valueAt(value, path.slice(0, -1));
  if (isMapping(holder)) delete holder[last];
}

function structuredCopy(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(structuredCopy);
  if (!isMapping(value)) return value;
  const copy: Record<string, unknown> = Object.create(null);
  for (const [key, inner] of Object.entries(value)) copy[key] = structuredCopy(inner);
  return copy;
}
