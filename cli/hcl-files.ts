/** Hand-written Terraform beside the synthesized: `x.tf` is read as `x.tf.json`. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readHcl } from '../modules/checks/terraform/hcl';
import { readTerraformFiles } from './terraform-files';

/**
 * Every `*.tf.json` and every `*.tf` under a folder, the latter converted.
 *
 * @throws Rejection when there is no such folder, or for what is no HCL
 */
export async function readTerraform(folder: string): Promise<Map<string, string>> {
  const files = readTerraformFiles(folder);
  // A synthesized folder has a manifest that says what is in it, and no HCL.
  if (files.has('manifest.json')) return files;
  const written = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((path) => path.replaceAll('\\', '/'));
  for (const path of written.sort()) {
    if (!path.endsWith('.tf') || /(^|\/)(\.terraform|node_modules|\.git)\//.test(path)) continue;
    const file = join(folder, path);
    files.set(`${path}.json`, await readHcl(file, readFileSync(file, 'utf8')));
  }
  return files;
}
