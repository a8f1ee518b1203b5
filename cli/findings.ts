/** Resolves a project and gathers everything that the checks find in it. */
import type { Finding } from '../modules/checks/finding';
import { checkReferences } from '../modules/checks/references';
import { resolveWith, templatesOf, type ResolvedProject, type TerraformProject } from '../modules/checks/terraform';
import { parseTemplates } from '../modules/checks/terraform/parse';
import { schemasInUse } from './provider-schema';

export interface Judged {
  readonly resolved: ResolvedProject;
  readonly findings: readonly Finding[];
}

export async function judge(project: TerraformProject): Promise<Judged> {
  const templates = await parseTemplates(templatesOf(project));
  const resolved = resolveWith(project, templates);
  return { resolved, findings: checkReferences({ resolved, templates, ...schemasInUse(project) }) };
}
