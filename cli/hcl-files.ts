/** Hand-written Terraform beside the synthesized: `x.tf` is converted, and keeps its name and its lines. */
import { join } from 'node:path';
import { loadTerraform, type TerraformProject } from '../modules/checks/terraform';
import { readHcl } from '../modules/checks/terraform/hcl';
import { readFiles, readTerraformFiles } from './terraform-files';

/**
 * The project that every `*.tf.json` and every `*.tf` under a folder make.
 *
 * @throws Rejection when there is no such folder, one of them cannot be read, or is neither JSON nor HCL
 */
export async function readTerraform(folder: string): Promise<TerraformProject> {
  const files = readTerraformFiles(folder);
  // A synthesized folder has a manifest that says what is in it, and no HCL.
  if (files.has('manifest.json')) return loadTerraform(files, folder);
  const written = readFiles(folder, (path) => path.endsWith('.tf'));
  for (const [path, text] of [...written].sort()) files.set(path, await readHcl(join(folder, path), text));
  return loadTerraform(files, folder, written);
}
