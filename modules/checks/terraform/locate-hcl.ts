/** The same for Terraform's own language, by the first lines of blocks and the names of arguments. */

/** Terraform JSON is an object; HCL never begins with a brace. */
export const isHcl = (source: string): boolean => !/^\s*\{/.test(source);

/** Where any top-level block begins. */
const BLOCK =
  /^[ \t]*(?:terraform|provider|resource|data|variable|locals|output|module|moved|import|removed|check)\b[^=\n]*\{/gm;

/**
 * 1-based line of what a path into the converted JSON leads to (`resource`, `aws_vpc`, `main`, 0, `cidr_block`), or of the
 * deepest ancestor that is found.
 */
export function hclLineOf(source: string, path: readonly (string | number)[]): number {
  const first = path.findIndex((step) => typeof step === 'number');
  const labels = path.slice(0, first === -1 ? undefined : first).map(String);
  const header = labels.map((label, i) => (i === 0 ? label : `"?${escaped(label)}"?`)).join('[ \\t]+');
  const begin = occurrence(source, new RegExp(`^[ \\t]*${header}[ \\t]*\\{`, 'gm'), Number(path[first] ?? 0), 0);
  if (begin === undefined) return 1;
  BLOCK.lastIndex = begin.end;
  const body = source.slice(0, BLOCK.exec(source)?.index);
  let at = begin;
  for (const [i, step] of path.entries()) {
    if (i <= first || typeof step === 'number') continue;
    const after = path[i + 1];
    // Blocks of one name follow each other; of a list's elements the argument is told.
    const name = new RegExp(`(?:^|[{\\s])"?${escaped(step)}"?[ \\t]*[={]`, 'gm');
    const found =
      occurrence(body, name, typeof after === 'number' ? after : 0, at.end) ?? occurrence(body, name, 0, at.end);
    if (found === undefined) break;
    at = found;
  }
  return source.slice(0, at.start).split('\n').length;
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

function occurrence(
  source: string,
  pattern: RegExp,
  nth: number,
  from: number,
): { start: number; end: number } | undefined {
  pattern.lastIndex = from;
  for (let i = 0, match = pattern.exec(source); match !== null; match = pattern.exec(source), i++) {
    const start = match.index + match[0].search(/\S/);
    // The character before a name in the same line is a brace, not the name.
    if (i === nth) return { start, end: match.index + match[0].length - 1 };
  }
  return undefined;
}
