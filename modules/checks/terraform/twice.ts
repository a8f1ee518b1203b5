/** Keys that one JSON object has twice: Terraform reads both, `JSON.parse` the last alone. */

const TOKEN = /"(?:[^"\\]|\\.)*"(\s*:)?|[{}[\]]/g;

/** The first such key and its offset in a text that is known to be JSON. */
export function keyGivenTwice(source: string): { readonly key: string; readonly offset: number } | undefined {
  const open: Set<string>[] = [];
  for (const { 0: token, 1: colon, index } of source.matchAll(TOKEN)) {
    if (token === '{' || token === '[') open.push(new Set());
    else if (token === '}' || token === ']') open.pop();
    else if (colon !== undefined) {
      const key = token.slice(1, token.lastIndexOf('"'));
      const keys = open.at(-1);
      // Comments may be as many as there are.
      if (keys?.has(key) && key !== '//') return { key, offset: index };
      keys?.add(key);
    }
  }
  return undefined;
}
