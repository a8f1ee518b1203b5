/**
 * Writes every generated file that is committed. `--check` writes nothing and fails when one is stale; a test does the same.
 * A generator is a path and a function from nothing to its content.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { GENERATED } from './generated';

const root = join(__dirname, '..');
const check = process.argv.includes('--check');
let stale = 0;

async function main(): Promise<void> {
  for (const { path, content } of GENERATED) {
    const file = join(root, path);
    const text = await content();
    if (existsSync(file) && readFileSync(file, 'utf8') === text) continue;
    stale++;
    if (!check) {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
    }
    process.stdout.write(`${check ? 'stale  ' : 'written'} ${path}\n`);
  }
  if (stale === 0) process.stdout.write('every generated file is up to date\n');
  process.exitCode = check && stale > 0 ? 1 : 0;
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 2;
});
