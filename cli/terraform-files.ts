/** Reads a folder of Terraform from disk, as `loadTerraform` takes it. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { Rejection } from '../modules/rejection';
import { readHcl } from '../modules/checks/terraform/hcl';

/** Folders that hold copies of what is elsewhere, or nothing of Terraform's. */
const SKIPPED = new Set(['node_modules', '.terraform', '.git']);

/**
 * Every `manifest.json`, `*.tf.json` and `*.tf` below a folder, by path relative to it; `x.tf` is converted and named
 * `x.tf.json`.
 *
 * @throws Rejection when there is no such folder
 */
export async function readTerraformFiles(directory: string): Promise<Map<string, string>> {
  if (!existsSync(directory)) {
    throw new Rejection(directory, 'there is no such folder', 'run npm run synth first, or name another');
  }
  if (!statSync(directory).isDirectory()) {
    throw new Rejection(directory, 'is a file', 'name the folder that it is in');
  }
  const files = new Map<string, string>();
  for (const path of paths(directory)) {
    const name = relative(directory, path).split(sep).join('/');
    const text = readFileSync(path, 'utf8');
    if (name.endsWith('.tf')) files.set(`${name}.json`, await readHcl(join(directory, name), text));
    else files.set(name, text);
  }
  return files;
}

function paths(directory: string): string[] {
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) return SKIPPED.has(entry.name) ? [] : paths(path);
    return /(^manifest\.json|\.tf\.json|\.tf)$/.test(entry.name) ? [path] : [];
  });
}
