/** Prometheus rules from the catalogue, as PrometheusRule objects of the operator. */
import { stringify } from 'yaml';
import { runbookUrl } from './runbooks';
import type { Signal } from './signal';
import type { ComponentSignals } from './signals';

export interface AlertingRule {
  readonly alert: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/** The rule of a signal. `for: 0m` is Prometheus' default and left out. */
export function ruleOf(signal: Signal, component: string): AlertingRule {
  return {
    alert: signal.alert,
    expr: signal.expr,
    ...(signal.for === '0m' ? {} : { for: signal.for }),
    labels: { severity: signal.severity, component, team: signal.actor, kind: signal.kind },
    annotations: {
      summary: `${signal.signal} (${signal.threshold})`,
      description: signal.why,
      runbook_url: runbookUrl(signal),
    },
  };
}

const object = (name: string, groups: readonly unknown[]): string =>
  `# Generated from modules/monitoring; do not edit. \`npm run generate\` writes it, a test refuses a stale one.\n${stringify(
    {
      apiVersion: 'monitoring.coreos.com/v1',
      kind: 'PrometheusRule',
      metadata: {
        name: `cimiento-${name}`,
        // Without `release` kube-prometheus-stack's Prometheus does not select it (helm-charts#1911).
        labels: { 'app.kubernetes.io/part-of': 'cimiento', release: 'kube-prometheus-stack' },
      },
      spec: { groups },
    },
    { lineWidth: 0, aliasDuplicateObjects: false },
  )}`;

/** File name (without folder) to content: an object a component. */
export function prometheusRules(catalogue: readonly ComponentSignals[]): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  for (const { component, signals } of catalogue)
    files.set(`rules-${component}.yaml`, object(component, [group({ component, signals })]));
  return files;
}

const group = ({ component, signals }: Pick<ComponentSignals, 'component' | 'signals'>): unknown => ({
  name: `cimiento-${component}`,
  rules: signals.map((signal) => ruleOf(signal, component)),
});
