import { schemasInUse } from '../../../../cli/provider-schema';
import type { Finding } from '../../../../modules/checks/finding';
import { checkReferences } from '../../../../modules/checks/references';
import { loadTerraform } from '../../../../modules/checks/terraform';
import { parseTemplates } from '../../../../modules/checks/terraform/parse';
import { resolveWith, templatesOf } from '../../../../modules/checks/terraform/resolve';

export async function link(files: ReadonlyMap<string, string>): Promise<Finding[]> {
  const project = loadTerraform(files);
  const templates = await parseTemplates(templatesOf(project));
  return checkReferences({ resolved: resolveWith(project, templates), templates, ...schemasInUse(project) });
}
