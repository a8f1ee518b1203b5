/**
 * Manifests against their schemas: Kubernetes' own kinds, and Argo CD's by its CRDs. The Prometheus operator's kinds are judged by the
 * API server of the lab with upstream's CRDs (`npm run e2e`), as far as its overlay has them. A field that no schema knows passes here.
 */
import { TARGETS } from '../../modules/bridge';
import { bootstrap, children, identity, type Manifest, rendered } from './render';

/** Groups whose schemas are not installed: of the operator, of EKS' controllers. */
const ELSEWHERE = ['monitoring.coreos.com', 'external-secrets.io', 'generators.external-secrets.io', 'elbv2.k8s.aws'];

type Models = Readonly<Record<string, new (manifest: Manifest) => { validate(): void }>>;

/** What is wrong with it; undefined when nothing is. */
function fault(manifest: Manifest): string | undefined {
  const { apiVersion, kind, data } = manifest as { apiVersion: string; kind: string; data?: Record<string, string> };
  const from = apiVersion.startsWith('argoproj.io/') ? '@kubernetes-models/argo-cd' : 'kubernetes-models';
  // Kustomize breaks base64 into lines, which the API server takes and the schema's pattern does not.
  const whole = Object.entries(data ?? {}).map(([key, text]) => [key, text.replaceAll('\n', '')]);
  try {
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- the manifest says which
    const Kind = (require(`${from}/${apiVersion}`) as Models)[kind]!;
    new Kind(kind === 'Secret' ? { ...manifest, data: Object.fromEntries(whole) } : manifest).validate();
    return undefined;
  } catch (error) {
    return `${identity(manifest)}: ${(error as Error).message}`;
  }
}

const judged = ({ apiVersion }: Manifest): boolean => !ELSEWHERE.includes(apiVersion.split('/')[0]);

test.each(TARGETS)('%s: every manifest is what its schema says', (target) => {
  const all = [...bootstrap(target), ...children(target), ...rendered(target).map(({ manifest }) => manifest)];
  expect(all.filter(judged).length).toBeGreaterThanOrEqual(30);
  expect(
    all
      .filter(judged)
      .map(fault)
      .filter((one) => one !== undefined),
  ).toEqual([]);
});

const child = () => children('lab')[0]!;
const deployment = () => rendered('lab').find(({ manifest }) => manifest['kind'] === 'Deployment')!.manifest;

test.each<[string, () => Manifest, (manifest: Manifest) => void, string]>([
  ['a limit that is text', child, ({ spec }) => (spec.syncPolicy.retry.limit = 'five'), 'limit'],
  ['no destination', child, ({ spec }) => delete spec.destination, 'destination'],
  ['no selector', deployment, ({ spec }) => delete spec.selector, 'selector'],
  [
    'a port that is text',
    deployment,
    ({ spec }) => (spec.template.spec.containers[0].ports[0].containerPort = 'http'),
    'containerPort',
  ],
])('%s is found', (_, whole, edit, place) => {
  const manifest = whole();
  edit(manifest);
  expect(fault(manifest)).toContain(place);
});
