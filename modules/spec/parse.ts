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

/** Reads, and reads again without what was refused, so that the rules can judge the rest. */
function readValues(value: Record<string, unknown>): Reading {
  const problems: Problem[] = [];
  const refused: Path[] = [];
  const rest = structuredCopy(value) as Record<string, unknown>;
  for (;;) {
    const { success, data, error } = platformSchema.safeParse(rest);
    if (success) return { platform: assemble(data), problems, refused };
    const found = error.issues.flatMap(problemsOf);
    problems.push(...found);
    refused.push(...found.filter(({ atKey }) => atKey !== true).map(({ path }) => withDefault(path)));
    for (const problem of found) leaveOut(rest, problem);
  }
}

function problemsOf(issue: core.$ZodIssue): Problem[] {
  const path = issue.path.filter((step): step is string | number => typeof step !== 'symbol');
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => {
        const known = keysAt(path);
        const where = path.length === 0 ? 'platform.yaml' : printPath(path);
        const fix =
          nearest(key, known) === undefined ? `the keys here are ${known.join(', ')}` : didYouMean(key, known);
        return { path: [...path, key], problem: `${show(key)} is not a key of ${where}`, fix, atKey: true };
      });
    case 'invalid_type':
      return [wrongKind(path, issue)];
    case 'too_small':
      return [{ path, problem: 'the list is empty', fix: 'name at least one, or remove the key to take the default' }];
    case 'too_big':
      return [{ path, problem: 'the list is too long', fix: `at most ${issue.maximum}` }];
    case 'custom':
      return [{ path, problem: issue.message, fix: issue.params?.fix as string | undefined }];
    default:
      return [{ path, problem: issue.message }];
  }
}

function wrongKind(path: Path, issue: core.$ZodIssueInvalidType): Problem {
  const wanted = issue.expected === 'array' ? 'a list' : 'a mapping';
  if (issue.input === null)
    return { path, problem: 'it is empty', fix: 'fill it, or remove the key to take the default' };
  const example = issue.expected === 'array' ? '[ … ]' : `{ ${keysAt(path).slice(0, 2).join(': …, ')}: … }`;
  return { path, problem: `${show(issue.input)} is not ${wanted}`, fix: `write ${wanted}: ${example}` };
}

/** Lists have defaults, their elements have none, nor has a budget: what is refused in them takes the whole with it. */
function withDefault(path: Path): Path {
  if (path[0] === 'budget') return ['budget'];
  const index = path.findIndex((step) => typeof step === 'number');
  return index < 0 ? path : path.slice(0, index);
}

/** What stands in for a name that was refused; it has no default. */
const NAMELESS = 'nameless';

function leaveOut(value: Record<string, unknown>, { path, atKey }: Problem): void {
  const way = atKey ? path : withDefault(path);
  const last = way.at(-1)!;
  if (way.length === 1 && last === 'name') {
    value.name = NAMELESS;
    return;
  }
  let holder: unknown = value;
  for (const step of way.slice(0, -1)) holder = (holder as Record<string | number, unknown> | undefined)?.[step];
  if (isMapping(holder)) delete holder[last];
}

function structuredCopy(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(structuredCopy);
  if (!isMapping(value)) return value;
  const copy: Record<string, unknown> = Object.create(null);
  for (const [key, inner] of Object.entries(value)) copy[key] = structuredCopy(inner);
  return copy;
}
