/** What Argo CD would apply, rendered as it renders: by the real helm and kustomize, offline. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { type BridgeValues, localBridgeValues, type Target } from '../../modules/bridge';
import { DEFAULT_PLATFORM } from '../fixtures/platform';
import { helm4, kubectl } from './binaries';

export const ROOT = join(__dirname, '../..');

/** The commit that the root is said to be at. */
export const REVISION = '0123456789abcdef0123456789abcdef01234567';

/** A manifest, as far as tests look into it. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- most kinds have no types here; a wrong path fails its test
export type Manifest = Record<string, any>;

const PLATFORM = { ...DEFAULT_PLATFORM, name: 'the-platform' };

/** Values of the bridge as Terraform would hand them over; each leaf is recognisable in what is rendered. */
export const BRIDGE: Readonly<Record<Target, BridgeValues>> = {
  eks: {
    ...localBridgeValues('lab', PLATFORM),
    target: 'eks',
    cluster: {
      name: 'the-cluster',
      region: 'us-east-2',
      vpcId: 'vpc-0abc',
      targetGroupArn: 'arn:aws:elb:target-group',
    },
    endpoints: {
      kafka: ['kafka-1:9094', 'kafka-2:9094'],
      postgres: 'postgres:5432',
      mongodb: ['mongodb-1:27017'],
      entry: 'https://the-balancer/',
    },
    scrape: {
      kafka: ['kafka-1:9404'],
      mongodb: ['mongodb-1:9216'],
      node: ['kafka-1:9100'],
      'service-nodes': ['svc-1:9100'],
    },
    secrets: { 'postgres-app': 'arn:aws:secretsmanager:postgres-app' },
  },
  minikube: localBridgeValues('minikube', PLATFORM),
  lab: localBridgeValues('lab', PLATFORM),
};

function run(command: string, args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: ROOT, encoding: 'utf8', maxBuffer: 64 * 2 ** 20 });
  if (status !== 0) throw new Error(`${args.join(' ')}: ${stderr}`);
  return stdout;
}

/** `a/b` sorted by kind, namespace and name: helm 3 and 4 order documents differently. */
export function identity({ apiVersion, kind, metadata }: Manifest): string {
  return `${apiVersion.replace(/\/?v[^/]*$/, '')}/${kind}/${metadata.namespace ?? ''}/${metadata.name}`;
}

function documents(text: string): Manifest[] {
  return parseAllDocuments(text)
    .map((document) => document.toJS() as Manifest | null)
    .filter((manifest) => manifest !== null)
    .sort((one, other) => (identity(one) < identity(other) ? -1 : 1));
}

/** @param files values files below the project's root */
export function helmTemplate(
  chart: string,
  values: unknown,
  files: readonly string[] = [],
  helm = helm4(),
): Manifest[] {
  const folder = mkdtempSync(join(tmpdir(), 'cimiento-helm-'));
  try {
    const own = join(folder, 'values.json');
    writeFileSync(own, JSON.stringify(values));
    const more = [...files, own].flatMap((file) => ['--values', file]);
    return documents(run(helm, ['template', 'release', chart, '--kube-version', '1.35.0', ...more]));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export function bootstrap(target: Target, helm?: string): Manifest[] {
  return helmTemplate('gitops/bootstrap', BRIDGE[target], [], helm);
}

/** The root's children, as the root Application of bootstrap has them rendered. */
export function children(target: Target, bridge: BridgeValues = BRIDGE[target], helm?: string): Manifest[] {
  const [root] = helmTemplate('gitops/bootstrap', bridge, [], helm).filter(({ kind }) => kind === 'Application');
  const { path, helm: source } = root!['spec'].source;
  const files = (source.valueFiles as string[]).map((file) => `${path}/${file}`);
  return helmTemplate(path, { ...source.valuesObject, revision: REVISION }, files, helm);
}

/** What a child deploys. Undefined for an upstream chart: those cannot be had offline. */
export function deployed(child: Manifest, helm?: string): Manifest[] | undefined {
  const { chart, path, helm: source } = child['spec'].source;
  if (chart !== undefined) return undefined;
  if (source !== undefined) return helmTemplate(path, source.valuesObject, [], helm);
  return documents(run(kubectl(), ['kustomize', path]));
}

/** Every object of a target that can be rendered here, with the wave and name of its child. */
export function rendered(
  target: Target,
): { readonly child: string; readonly wave: number; readonly manifest: Manifest }[] {
  return children(target).flatMap((child) =>
    (deployed(child) ?? []).map((manifest) => ({ child: child['metadata'].name, wave: waveOf(child), manifest })),
  );
}

export function waveOf(child: Manifest): number {
  return Number(child['metadata'].annotations['argocd.argoproj.io/sync-wave']);
}
