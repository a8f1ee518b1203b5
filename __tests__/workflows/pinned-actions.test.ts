/** Others' code runs in the workflows as it was when it was looked at: a tag may be moved (trivy-action's were, CVE-2026-33634). */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const WORKFLOWS = join(__dirname, '../../.github/workflows');

/** Every `uses:` of a workflow, with the comment after it. */
const used = (file: string): string[] =>
  [...readFileSync(join(WORKFLOWS, file), 'utf8').matchAll(/\buses:\s*(.+)$/gm)].map(([, reference]) =>
    reference!.trim(),
  );

const FILES = readdirSync(WORKFLOWS);

test.each(FILES)('%s: each action by its commit, and the release that it is', (file) => {
  expect(used(file).length).toBeGreaterThan(0);
  expect(used(file).filter((reference) => !/^[\w-]+\/[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(reference))).toEqual(
    [],
  );
});

test('one release of each action', () => {
  const releases = new Map<string, Set<string>>();
  for (const reference of FILES.flatMap(used)) {
    const [action, release] = reference.split('@') as [string, string];
    releases.set(action, (releases.get(action) ?? new Set()).add(release));
  }
  expect([...releases].filter(([, several]) => several.size > 1)).toEqual([]);
});
