/**
 * `cimiento gitops bootstrap`: from a clean cluster to Argo CD with the root application; everything else comes from git. Each step
 * looks before it writes, so that a second run changes nothing and says so.
 */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { Application, AppProject } from '@kubernetes-models/argo-cd/argoproj.io/v1alpha1';
import type { Command } from 'commander';
import { parse, parseAllDocuments } from 'yaml';
import {
  APPLICATION,
  ARGO_CD_CHART,
  ARGOCD_NAMESPACE,
  type Cluster,
  codeOf,
  type Manifest,
  messageOf,
  type Outcome,
} from '../../modules/argocd';
import type { BridgeValues, Target } from '../../modules/bridge';
import { Rejection } from '../../modules/rejection';
import { bridgeFor, type BridgeOptions } from '../bridge-values';
import { paint } from '../paint';
import { PLATFORM_FILE } from '../platform';
import { progress, progressDone } from '../progress';
import { connect, type Connection, type ConnectOptions, writing } from './connect';
import { helm } from './helm';

interface BootstrapOptions extends ConnectOptions, BridgeOptions {
  readonly target: Target;
  readonly repositoryPasswordStdin?: boolean;
}

export interface Step {
  readonly name: string;
  readonly outcome: Outcome;
}

const GITOPS = join(__dirname, '../../gitops');
const ARGO_CD_VALUES = join(GITOPS, 'argocd/values.yaml');
const SECRET = { apiVersion: 'v1', kind: 'Secret', type: 'Opaque' } as const;
/** The Secret by which Argo CD reads a private repository. */
export const REPOSITORY_SECRET = 'repository-platform';
/** Where a token is read from, so that it stands in no argument list and no shell history. */
const PASSWORD = 'CIMIENTO_REPOSITORY_PASSWORD';
const USERNAME = 'CIMIENTO_REPOSITORY_USERNAME';

export function registerBootstrap(gitops: Command): void {
  writing(gitops.command('bootstrap'))
    .description('install Argo CD and the root application into a clean cluster; again: no change')
    .option('-p, --platform <file>', 'the platform file', PLATFORM_FILE)
    .option('--values <file>', "the bridge's values instead of those from platform.yaml or Terraform; - is stdin")
    .option('--repository-password-stdin', `a private repository's token, otherwise from $${PASSWORD}`)
    .action(bootstrap);
}

async function bootstrap(options: BootstrapOptions): Promise<void> {
  const { target } = options;
  const bridge = bridgeFor(target, options);
  const password = options.repositoryPasswordStdin === true ? readFileSync(0, 'utf8').trim() : process.env[PASSWORD];
  const root = await renderRoot(bridge);
  const connection = await connect(options, true);
  const { cluster } = connection;
  const steps: Step[] = [];
  const step = async (name: string, work: () => Promise<Outcome>): Promise<void> => {
    progress(name);
    const outcome = await work();
    progressDone();
    steps.push({ name, outcome });
    if (options.json !== true) process.stdout.write(`${mark(outcome)}  ${name}\n`);
  };

  await step(`namespace ${ARGOCD_NAMESPACE}`, () => cluster.ensure(namespace(ARGOCD_NAMESPACE)));
  if (target === 'lab') await step("Argo CD's configuration", () => configure(cluster));
  else await step(`Argo CD (chart ${ARGO_CD_CHART.chart} ${ARGO_CD_CHART.version})`, () => install(connection));
  // On EKS external-secrets makes it (gitops/secrets).
  if (target !== 'eks') {
    await step('namespace monitoring', () => cluster.ensure(namespace('monitoring')));
    await step('Secret monitoring/grafana-admin', () => cluster.ensure(grafanaAdmin()));
  }
  if (password !== undefined && password !== '') {
    const secret = repositorySecret(bridge.git.repository, process.env[USERNAME] ?? 'git', password);
    await step(`Secret ${ARGOCD_NAMESPACE}/${REPOSITORY_SECRET}`, () => apply(cluster, secret));
  }
  for (const manifest of root) {
    await step(`${manifest.kind} ${ARGOCD_NAMESPACE}/${manifest.metadata.name}`, () => apply(cluster, manifest));
  }

  const changed = steps.some(({ outcome }) => outcome !== 'unchanged');
  const next = `cimiento gitops wait --target ${target}`;
  process.stdout.write(
    options.json === true
      ? `${JSON.stringify({ context: connection.context, changed, steps }, null, 2)}\n`
      : changed
        ? `the rest comes from ${bridge.git.repository} (${bridge.git.revision}): ${next}\n`
        : 'no change: everything was there\n',
  );
}

function mark(outcome: Outcome): string {
  const word = outcome.padEnd('unchanged'.length);
  return outcome === 'unchanged' ? paint.dim(word) : paint.green(word);
}

const namespace = (name: string): Manifest => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });

const encoded = (fields: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(fields).map(([key, text]) => [key, Buffer.from(text).toString('base64')]));

/** Made up here, once: it stands in no file, no argument list and no log. */
function grafanaAdmin(): Manifest {
  const data = encoded({ 'admin-user': 'admin', 'admin-password': randomBytes(24).toString('base64url') });
  return { ...SECRET, metadata: { name: 'grafana-admin', namespace: 'monitoring' }, data };
}

function repositorySecret(url: string, username: string, password: string): Manifest {
  const labels = { 'argocd.argoproj.io/secret-type': 'repository' };
  const metadata = { name: REPOSITORY_SECRET, namespace: ARGOCD_NAMESPACE, labels };
  return { ...SECRET, metadata, data: encoded({ type: 'git', url, username, password }) };
}

/** AppProject and root Application, as the chart that Terraform installs on EKS renders them. */
async function renderRoot(bridge: BridgeValues): Promise<Manifest[]> {
  const args = ['template', ROOT_RELEASE, join(GITOPS, 'bootstrap'), '--namespace', ARGOCD_NAMESPACE, '--values', '-'];
  const text = await helm(args, JSON.stringify(bridge));
  const manifests = parseAllDocuments(text).map((one) => one.toJS() as Manifest | null);
  const found = manifests.filter((one) => one !== null);
  for (const one of found) {
    const typed = one.kind === APPLICATION.kind ? new Application(one as never) : new AppProject(one as never);
    typed.validate();
  }
  // The project first: without it Argo CD refuses the Application, and looks again only minutes later.
  return found.sort((one, other) => Number(one.kind === APPLICATION.kind) - Number(other.kind === APPLICATION.kind));
}
const ROOT_RELEASE = 'root';

/** Argo CD by its chart, unless this version runs with these values. */
async function install({ cluster, context }: Connection): Promise<Outcome> {
  const { release, chart, version, repository } = ARGO_CD_CHART;
  const there = ['--namespace', ARGOCD_NAMESPACE, '--kube-context', context];
  const listed = JSON.parse(await helm(['list', ...there, '--filter', `^${release}$`, '--output', 'json'])) as {
    chart: string;
    status: string;
  }[];
  const values: unknown = parse(readFileSync(ARGO_CD_VALUES, 'utf8'));
  if (listed[0]?.chart === `${chart}-${version}` && listed[0].status === 'deployed') {
    const used: unknown = JSON.parse(await helm(['get', 'values', release, ...there, '--output', 'json']));
    if (isDeepStrictEqual(used, JSON.parse(JSON.stringify(values)))) return 'unchanged';
  }
  const from = [release, chart, '--repo', repository, '--version', version, '--values', ARGO_CD_VALUES];
  await helm(['upgrade', '--install', ...from, ...there, '--wait', '--timeout', '10m']);
  if ((await cluster.get({ apiVersion: 'v1', kind: 'ConfigMap' }, 'argocd-cm', ARGOCD_NAMESPACE)) === undefined) {
    throw new Rejection(
      `context ${context}`,
      'helm installed Argo CD into another cluster',
      'is KUBECONFIG the same for both?',
    );
  }
  return listed.length === 0 ? 'made' : 'changed';
}

/** On the lab Argo CD runs as processes: of the chart's values only those for argocd-cm are used, the health checks among them. */
export function configuration(): Manifest {
  const { configs } = parse(readFileSync(ARGO_CD_VALUES, 'utf8')) as { configs: { cm: Record<string, string> } };
  const labels = { 'app.kubernetes.io/part-of': 'argocd' };
  const metadata = { name: 'argocd-cm', namespace: ARGOCD_NAMESPACE, labels };
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: configs.cm };
}

async function configure(cluster: Cluster): Promise<Outcome> {
  const crd = { apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition' };
  if ((await cluster.get(crd, 'applications.argoproj.io')) === undefined) {
    throw new Rejection('target lab', 'Argo CD is not in this cluster', 'is it the lab? `lab/lab up` brings it');
  }
  return apply(cluster, configuration());
}

/** @throws Rejection when a field has another owner, such as Terraform */
async function apply(cluster: Cluster, manifest: Manifest): Promise<Outcome> {
  try {
    return await cluster.apply(manifest);
  } catch (error) {
    if (codeOf(error) === undefined) throw error;
    const { kind, metadata } = manifest;
    const fix =
      codeOf(error) === 409
        ? 'what Terraform installed, Terraform changes: npx cdktf deploy gitops'
        : 'the API server refused it';
    throw new Rejection(`${kind} ${metadata.namespace}/${metadata.name}`, messageOf(error).replace(/\s+/g, ' '), fix);
  }
}
