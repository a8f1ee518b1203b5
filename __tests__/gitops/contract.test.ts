/** The bridge both ways: what is consumed is produced, what is produced is consumed; and the same for charts of this repository. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BRIDGE_SCHEMA } from '../../modules/bridge';
import { BRIDGE, children, deployed, helmTemplate, ROOT } from './render';

const templates = (chart: string): string =>
  readdirSync(join(ROOT, chart, 'templates'))
    .map((file) => readFileSync(join(ROOT, chart, 'templates', file), 'utf8'))
    .join('\n');

/** Paths that templates read below a prefix. */
const read = (text: string, prefix: string): string[] =>
  [...text.matchAll(new RegExp(`${prefix.replaceAll('.', '\\.')}\\.([a-zA-Z.]+)`, 'g'))].map(([, path]) => path!);

const lookup = (values: unknown, path: string): unknown =>
  path.split('.').reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], values);

function leaves(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [String(value)];
  return Object.values(value).flatMap(leaves);
}

const apps = children('eks');

test('what the tests hand over is what the bridge’s schema says', () => {
  for (const values of Object.values(BRIDGE)) expect(BRIDGE_SCHEMA.parse(values)).toEqual(values);
});

test('nothing is consumed that is not produced', () => {
  const paths = [
    ...read(templates('gitops/root'), '.Values.bridge'),
    ...read(templates('gitops/bootstrap'), '.Values'),
  ];
  expect(paths.length).toBeGreaterThan(10);
  for (const path of paths) expect([path, lookup(BRIDGE.eks, path) !== undefined]).toEqual([path, true]);
});

test('nothing is produced that is not consumed: each value arrives in what is deployed', () => {
  const text = JSON.stringify(
    apps.map((child) =>
      child['spec'].source.chart === undefined
        ? [child['spec'].source.path, child['spec'].source.repoURL, child['spec'].source.kustomize, deployed(child)]
        : child,
    ),
  );
  // The revision is what the root is at: Argo CD resolves it, and children carry the commit.
  const { git, ...rest } = BRIDGE.eks;
  for (const value of [
    git.repository,
    ...leaves(rest).flatMap((one) => (one === 'postgres:5432' ? ['"host":"postgres"', '"port":"5432"'] : [one])),
  ]) {
    expect([value, text.includes(value)]).toEqual([value, true]);
  }
});

test('charts of this repository get the values that they read, and no others', () => {
  const own = apps.filter(({ spec }) => spec.source.chart === undefined && spec.source.helm !== undefined);
  expect(own.map(({ metadata }) => metadata.name).sort()).toEqual(['entry', 'postgres-login', 'secrets', 'targets']);
  for (const { spec } of own) {
    const used = read(templates(spec.source.path), '.Values').map((path) => path.split('.')[0]!);
    expect([...new Set(used)].sort()).toEqual(Object.keys(spec.source.helm.valuesObject).sort());
  }
});

test('helm refuses values that are not the bridge’s', () => {
  const { cluster, ...without } = BRIDGE.eks as { cluster: unknown };
  expect(cluster).toBeDefined();
  expect(() => helmTemplate('gitops/bootstrap', without)).toThrow();
  expect(() => helmTemplate('gitops/bootstrap', { ...BRIDGE.lab, password: 'secret' })).toThrow();
});
