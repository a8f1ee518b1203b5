/** Hand-written Terraform beside the synthesized: `x.tf` is read as `x.tf.json`. */
import { join } from 'node:path';
import { readHcl } from '../modules/checks/terraform/hcl';
import { readFiles, readTerraformFiles } from './terraform-files';

/**
 * Every `*.tf.json` and every `*.tf` under a folder, the latter converted.
 *
 * @throws Rejection when there is no such folder, one of them cannot be read, or is no HCL
 */
export async function readTerraform(folder: string): Promise<Map<string, string>> {
  const files = readTerraformFiles(folder);
  // A synthesized folder has a manifest that says what is in it, and no HCL.
  if (files.has('manifest.json')) return files;
  const written = readFiles(folder, (path) => path.endsWith('.tf'));
  for (const [path, text] of [...written].sort()) files.set(`${path}.json`, await readHcl(join(folder, path), text));
  return files;
}
