/** Terraform JSON as a test states it: one object a stack, read as `loadTerraform` reads files. */
import {
  loadTerraform,
  resolveProject,
  type ResolvedProject,
  type TerraformProject,
} from '../../../modules/checks/terraform';

export type Blocks = Readonly<Record<string, unknown>>;

export const filesOf = (stacks: Readonly<Record<string, Blocks>>): Map<string, string> =>
  new Map(Object.entries(stacks).map(([name, json]) => [`stacks/${name}/cdk.tf.json`, JSON.stringify(json, null, 2)]));

export const load = (stacks: Readonly<Record<string, Blocks>>): TerraformProject => loadTerraform(filesOf(stacks));

export const resolve = (stacks: Readonly<Record<string, Blocks>>): Promise<ResolvedProject> =>
  resolveProject(load(stacks));

/** A project of one stack with nothing but resources. */
export const resources = (resource: Blocks): Promise<ResolvedProject> => resolve({ main: { resource } });
