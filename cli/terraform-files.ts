/** Reads a folder of synthesized Terraform JSON: what `cost`, `check` and `diff` are given, ours or anybody's. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, posix } from 'node:path';
import { Rejection } from '../modules/rejection';

/** Folders that Terraform and npm make for themselves. */
const PASSED_OVER = new Set(['node_modules', '.terraform', '.git']);

/**
 * Every `*.tf.json` and cdktf's `manifest.json` under a folder: text by path, relative, with `/`.
 *
 * @throws Rejection when there is no such folder or it cannot be read
 */
export const readTerraformFiles = (folder: string): Map<string, string> =>
  readFiles(folder, (path) => path === 'manifest.json' || path.endsWith('.tf.json'));

/**
 * The wanted files under a folder, as `readTerraformFiles` gives them.
 *
 * @param wants by path, relative, with `/`
 * @throws Rejection when there is no such folder, or one of them cannot be read
 */
export function readFiles(folder: string, wants: (path: string) => boolean): Map<string, string> {
  const files = new Map<string, string>();
  const walk = (relative: string) => {
    for (const entry of readdirSync(join(folder, relative), { withFileTypes: true })) {
      const path = posix.join(relative, entry.name);
      if (entry.isDirectory()) {
        if (!PASSED_OVER.has(entry.name)) walk(path);
      } else if (wants(path)) {
        files.set(path, readFileSync(join(folder, path), 'utf8'));
      }
    }
  };
  try {
    const found = statSync(folder, { throwIfNoEntry: false });
    if (found === undefined) throw new Rejection(folder, 'there is no such folder', 'npm start makes cdktf.out');
    if (!found.isDirectory()) throw new Rejection(folder, 'is a file', 'give the folder that it is in');
    walk('');
  } catch (error) {
    if (error instanceof Rejection) throw error;
    const { code, path } = error as NodeJS.ErrnoException;
    throw new Rejection(path ?? folder, `it cannot be read (${code})`, 'is it there, and may you read it?');
  }
  return files;
}
