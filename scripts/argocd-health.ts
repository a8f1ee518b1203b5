/** Puts the health checks of gitops/argocd/health into the values of the Argo CD chart; everything else there is written by hand. */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseDocument, Scalar } from 'yaml';

const FOLDER = join(__dirname, '../gitops/argocd');

/** gitops/argocd/values.yaml with every `health/GROUP_KIND.lua` under the key that Argo CD looks it up by. */
export function argocdValues(): string {
  const values = parseDocument(readFileSync(join(FOLDER, 'values.yaml'), 'utf8'));
  for (const file of readdirSync(join(FOLDER, 'health')).sort()) {
    const lua = new Scalar(readFileSync(join(FOLDER, 'health', file), 'utf8'));
    lua.type = Scalar.BLOCK_LITERAL;
    values.setIn(['configs', 'cm', `resource.customizations.health.${basename(file, '.lua')}`], lua);
  }
  return values.toString({ lineWidth: 0, flowCollectionPadding: true });
}
