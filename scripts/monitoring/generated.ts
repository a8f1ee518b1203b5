/** Every file that is made from the monitoring catalogue: what Argo CD reads, runbooks, and the answer to question 1. */
import { join } from 'node:path';
import { loadPlatform } from '../../cli/platform';
import {
  alertmanagerConfig,
  catalogueFor,
  componentDashboard,
  linesDashboard,
  overviewDashboard,
  prometheusRules,
  runbookPage,
  runbooksIndex,
} from '../../modules/monitoring';
import { metricsAnswer } from '../answers/metrics';
import { stringify } from 'yaml';

const FOLDER = 'gitops/monitoring';

/** In the dialect of whoever runs Kafka on the platform. */
const { platform } = loadPlatform({ platform: join(__dirname, '../../platform.yaml') }).inputs;
const CATALOGUE = catalogueFor(platform.kafka.engine);
const RULES = prometheusRules(CATALOGUE);

const dashboards: readonly { name: string; content: () => string }[] = [
  { name: 'overview', content: () => overviewDashboard(CATALOGUE) },
  { name: 'lines', content: linesDashboard },
  ...CATALOGUE.map((one) => ({ name: one.component as string, content: () => componentDashboard(one) })),
];

/** The sidecar of kube-prometheus-stack loads ConfigMaps with this label. */
const kustomization = (): string =>
  `# Generated from modules/monitoring; do not edit.\n${stringify({
    apiVersion: 'kustomize.config.k8s.io/v1beta1',
    kind: 'Kustomization',
    namespace: 'monitoring',
    resources: [...RULES.keys()],
    configMapGenerator: dashboards.map(({ name }) => ({
      name: `cimiento-dashboard-${name}`,
      files: [`dashboards/${name}.json`],
      options: { labels: { grafana_dashboard: '1' } },
    })),
    secretGenerator: [{ name: 'alertmanager-cimiento', files: ['alertmanager.yaml'] }],
    generatorOptions: { disableNameSuffixHash: true },
  })}`;

export const MONITORING_FILES: readonly { readonly path: string; content(): string }[] = [
  ...[...RULES.keys()].map((name) => ({
    path: `${FOLDER}/${name}`,
    content: () => RULES.get(name)!,
  })),
  { path: `${FOLDER}/alertmanager.yaml`, content: alertmanagerConfig },
  ...dashboards.map(({ name, content }) => ({ path: `${FOLDER}/dashboards/${name}.json`, content })),
  { path: `${FOLDER}/kustomization.yaml`, content: kustomization },
  ...CATALOGUE.map((one) => ({ path: `docs/runbooks/${one.component}.md`, content: () => runbookPage(one) })),
  { path: 'docs/runbooks/README.md', content: runbooksIndex },
  { path: 'docs/answers/1-metrics.es.md', content: () => metricsAnswer('es') },
  { path: 'docs/answers/1-metrics.md', content: () => metricsAnswer('en') },
];
