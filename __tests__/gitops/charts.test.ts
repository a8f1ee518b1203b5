/** Upstream charts cannot be had offline: what we set is held against the value paths that were read in the pinned versions. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { TARGETS } from '../../modules/bridge';
import { children, type Manifest, ROOT } from './render';

interface Recorded {
  readonly version: string;
  /** Value path → kind of its default; `{}` takes any keys. */
  readonly values: Readonly<Record<string, string>>;
}

const recorded = (chart: string): Recorded =>
  JSON.parse(readFileSync(join(ROOT, `__tests__/fixtures/charts/${chart}.values.json`), 'utf8')) as Recorded;

/** Charts inside kube-prometheus-stack, by the key under which their values lie. */
const SUBCHARTS: Readonly<Record<string, string>> = {
  grafana: 'grafana',
  'kube-state-metrics': 'kube-state-metrics',
  'prometheus-node-exporter': 'prometheus-node-exporter',
};

/** Maps that the chart copies whole, though it has defaults in them: Argo CD's ConfigMaps, exporters' modules, limits of Loki, resources of a container. */
const OPEN = ['configs.cm', 'configs.params', 'config.modules', 'resources', 'loki.limits_config'];

/** Commented out in the chart's values.yaml, so in no list of defaults; seen when the real chart was run, 2026-11-23. */
const OPTIONAL = ['alertmanager.alertmanagerSpec.configSecret'];

function leaves(value: unknown, path: readonly string[] = []): string[][] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [[...path]];
  return Object.entries(value).flatMap(([key, part]) => leaves(part, [...path, key]));
}

/** Paths that the chart does not have. */
function unknown(values: unknown, { values: known }: Recorded, subcharts = SUBCHARTS): string[] {
  return leaves(values).flatMap((path) => {
    const chart = subcharts[path[0]!];
    const inner = chart === undefined ? [] : ([path.slice(1), recorded(chart)] as const);
    const exists = (parts: readonly string[], paths: Recorded['values']) =>
      parts.join('.') in paths ||
      OPTIONAL.includes(parts.join('.')) ||
      OPEN.some((open) => parts.join('.').startsWith(`${open}.`)) ||
      parts.some((_, length) => paths[parts.slice(0, length).join('.')] === '{}');
    const found = exists(path, known) || (inner.length === 2 && exists(inner[0], inner[1].values));
    return found ? [] : [path.join('.')];
  });
}

const upstream = TARGETS.flatMap((target) =>
  children(target)
    .filter(({ spec }) => spec.source.chart !== undefined)
    .map((child) => [target, child['spec'].source.chart as string, child] as const),
);

test.each(upstream)(
  '%s: %s is pinned to the version that was read, and has every value that we set',
  (_, chart, child) => {
    const { targetRevision, helm } = child['spec'].source;
    expect(targetRevision).toBe(recorded(chart).version);
    expect(unknown(helm.valuesObject, recorded(chart), chart === 'kube-prometheus-stack' ? SUBCHARTS : {})).toEqual([]);
  },
);

const argocd = parse(readFileSync(join(ROOT, 'gitops/argocd/values.yaml'), 'utf8')) as Manifest;

test('Argo CD’s chart has every value that we set, and its three health checks', () => {
  expect(unknown(argocd, recorded('argo-cd'))).toEqual([]);
  const prefix = 'resource.customizations.health.';
  const checks = Object.keys(argocd['configs'].cm).filter((key) => key.startsWith(prefix));
  const files = readdirSync(join(ROOT, 'gitops/argocd/health')).map((file) => prefix + file.replace(/\.lua$/, ''));
  expect(checks.sort()).toEqual(files.sort());
  expect(files).toHaveLength(3);
});

test('a value that no chart has is found', () => {
  const { version, values } = recorded('metrics-server');
  expect(unknown({ replicas: 1, replica: 1, podLabels: { any: 'key' } }, { version, values })).toEqual(['replica']);
});

describe.each(['eks', 'minikube'] as const)('kube-prometheus-stack on %s', (target) => {
  const child = children(target).find(({ metadata }) => metadata.name === 'kube-prometheus-stack')!;
  const values = child['spec'].source.helm.valuesObject as Manifest;

  test('selects rules, monitors, probes and scrape configs of every namespace, whatever their labels', () => {
    for (const kind of ['rule', 'serviceMonitor', 'podMonitor', 'probe', 'scrapeConfig']) {
      expect(values['prometheus'].prometheusSpec[`${kind}SelectorNilUsesHelmValues`]).toBe(false);
      expect(values['prometheus'].prometheusSpec).not.toHaveProperty(`${kind}Selector`);
    }
    expect(values['grafana'].sidecar.dashboards).toEqual({ enabled: true, searchNamespace: 'ALL' });
  });

  test('does not watch what cannot be scraped, and waits for no Secret that nobody makes', () => {
    for (const part of ['kubeEtcd', 'kubeScheduler', 'kubeControllerManager', 'kubeProxy']) {
      expect(values[part]).toEqual({ enabled: false });
    }
    const { admissionWebhooks, tls } = values['prometheusOperator'];
    expect([admissionWebhooks.enabled, tls.enabled]).toEqual([false, false]);
  });

  test('makes up no password', () => {
    expect(values['grafana'].admin).toEqual({
      existingSecret: 'grafana-admin',
      userKey: 'admin-user',
      passwordKey: 'admin-password',
    });
  });
});
