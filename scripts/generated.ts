/** The list of generated files: one line each. `npm run generate` writes them, a test refuses stale ones. */
import { bridgeJsonSchema } from '../modules/bridge';
import { jsonSchema, reference } from '../modules/spec';
import { argocdValues } from './argocd-health';
import { infrastructureAnswer } from './answers/infrastructure';
import { embeddedScripts } from './embed-cloud-init';
import { MONITORING_FILES } from './monitoring/generated';
import { addressPicture, platformPicture } from './pictures';
import { policiesPage } from './policies-page';
import { seriesBudget } from './series-budget';
import { trustedProxies } from './trusted-proxies';

export interface Generated {
  /** Relative to the project's root. */
  readonly path: string;
  content(): string | Promise<string>;
}

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

export const GENERATED: readonly Generated[] = [
  { path: 'gitops/argocd/values.yaml', content: argocdValues },
  { path: 'gitops/bootstrap/values.schema.json', content: () => json(bridgeJsonSchema()) },
  { path: 'gitops/hello-api/eks/trusted-proxies.yaml', content: trustedProxies },
  { path: 'modules/aws/cloud-init/scripts.json', content: () => json(embeddedScripts()) },
  { path: 'platform.schema.json', content: () => json(jsonSchema()) },
  { path: 'docs/platform.svg', content: platformPicture },
  { path: 'docs/addresses.svg', content: addressPicture },
  { path: 'docs/answers/2-infrastructure.es.md', content: () => infrastructureAnswer('es') },
  { path: 'docs/answers/2-infrastructure.md', content: () => infrastructureAnswer('en') },
  { path: 'docs/platform-yaml.md', content: () => reference() },
  { path: 'docs/policies.md', content: policiesPage },
  { path: 'docs/series-budget.md', content: seriesBudget },
  ...MONITORING_FILES,
];
