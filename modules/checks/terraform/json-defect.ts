/** What `JSON.parse` takes and cannot be meant: a key that one object has twice, of which it reads the last alone, and bottomless nesting. */

const TOKEN = /"(?:[^"\\]|\\.)*"(\s*:)?|[{}[\]]/g;

/** Nobody writes, and no program means, what is deeper; all that reads a value follows its nesting. */
const DEEPEST = 500;

interface Defect {
  readonly offset: number;
  readonly problem: string;
  readonly fix: string;
}

/** The first defect in a text that is known to be JSON. */
export function jsonDefect(source: string): Defect | undefined {
  const open: Set<string>[] = [];
  for (const { 0: token, 1: colon, index: offset } of source.matchAll(TOKEN)) {
    if (token === '{' || token === '[') {
      if (open.push(new Set()) > DEEPEST)
        return { offset, problem: `is nested more than ${DEEPEST} deep`, fix: 'synthesize anew' };
    } else if (token === '}' || token === ']') open.pop();
    else if (colon !== undefined) {
      const key = token.slice(1, token.lastIndexOf('"'));
      const keys = open.at(-1);
      // Comments may be as many as there are.
      if (keys?.has(key) && key !== '//')
        return {
          offset,
          problem: `"${key}" is given twice in one object`,
          fix: 'rename one, or write both in an array',
        };
      keys?.add(key);
    }
  }
  return undefined;
}
