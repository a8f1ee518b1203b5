import { type Application, type LiveObject, nameOf, next, type Observed } from '../../../modules/argocd';

const NOTHING: Observed = {
  applications: [],
  namespaces: [],
  project: undefined,
  services: [],
  ingresses: [],
  bindings: [],
  claims: [],
  volumes: [],
  crds: [],
};

const object = (kind: string, name: string, namespace?: string, more: object = {}): LiveObject => ({
  kind,
  metadata: {
    name,
    ...(namespace !== undefined && { namespace }),
    ...('metadata' in more ? (more.metadata as object) : {}),
  },
  ...('spec' in more ? { spec: more.spec } : {}),
});
const tracked = { metadata: { annotations: { 'argocd.argoproj.io/tracking-id': 'kps:apps/Deployment:monitoring/x' } } };
const application = (name: string, wave?: number, namespace = 'monitoring', project = 'platform'): Application => ({
  metadata: { name, annotations: wave === undefined ? {} : { 'argocd.argoproj.io/sync-wave': String(wave) } },
  spec: { project, destination: { namespace } },
});
const balancer = (name: string, namespace: string, more = {}): LiveObject =>
  object('Service', name, namespace, { spec: { type: 'LoadBalancer' }, ...more });

const removed = (observed: Partial<Observed>) => next({ ...NOTHING, ...observed }).remove.map(nameOf);
const left = (observed: Partial<Observed>) => next({ ...NOTHING, ...observed }).left.map(nameOf);

const ROOT = application('root', undefined, 'argocd');
const KPS = application('kube-prometheus-stack', 3);

test('an empty cluster is torn down', () => {
  expect(next(NOTHING)).toEqual({ remove: [], left: [] });
});

test('what a controller must clean up outside goes while the controller is there', () => {
  const strays = {
    services: [balancer('by-hand', 'hello-api'), balancer('from-git', 'monitoring', tracked)],
    bindings: [object('TargetGroupBinding', 'by-hand', 'hello-api')],
  };
  expect(removed({ applications: [ROOT, KPS], ...strays })).toEqual([
    'Service hello-api/by-hand',
    'TargetGroupBinding hello-api/by-hand',
  ]);
});

test('others’ load balancers, claims, Applications and kinds are not ours to delete', () => {
  const others = {
    applications: [application('theirs', 1, 'shop', 'default')],
    services: [balancer('shop', 'shop'), object('Service', 'kubernetes', 'default')],
    claims: [object('PersistentVolumeClaim', 'data', 'shop')],
    volumes: [object('PersistentVolume', 'pv-1', undefined, { spec: { claimRef: { namespace: 'shop' } } })],
    crds: [object('CustomResourceDefinition', 'certificates.cert-manager.io')],
  };
  expect(next({ ...NOTHING, ...others })).toEqual({ remove: [], left: [] });
});

test('the root goes, and Argo CD takes its children in reverse waves; claims wait for the pods of their namespace', () => {
  const claims = [object('PersistentVolumeClaim', 'prometheus', 'monitoring')];
  expect(removed({ applications: [ROOT, KPS, application('foundation', 0, 'kube-system')], claims })).toEqual([
    'Application root',
  ]);
  expect(removed({ applications: [ROOT, application('foundation', 0, 'kube-system')], claims })).toEqual([
    'Application root',
    'PersistentVolumeClaim monitoring/prometheus',
  ]);
});

test('children without a root: the last wave first, and all of it', () => {
  const applications = [application('foundation', 0), application('a', 4), application('b', 4), application('c', 10)];
  expect(removed({ applications })).toEqual(['Application c']);
  expect(removed({ applications: applications.slice(0, 3) })).toEqual(['Application a', 'Application b']);
});

test('at the end: CRDs that Argo CD applied, the operator’s Service for kubelets, namespaces, the project', () => {
  const labels = { 'app.kubernetes.io/managed-by': 'prometheus-operator', 'k8s-app': 'kubelet' };
  const rest = {
    services: [
      object('Service', 'kps-kubelet', 'kube-system', { metadata: { labels } }),
      object('Service', 'kube-dns', 'kube-system'),
      object('Service', 'another', 'kube-system', {
        metadata: { labels: { 'app.kubernetes.io/managed-by': 'prometheus-operator' } },
      }),
    ],
    crds: [
      object('CustomResourceDefinition', 'prometheuses.monitoring.coreos.com', undefined, tracked),
      object('CustomResourceDefinition', 'brought-by-the-lab'),
    ],
    namespaces: [object('Namespace', 'monitoring')],
    project: object('AppProject', 'platform', 'argocd'),
  };
  expect(removed(rest)).toEqual([
    'Service kube-system/kps-kubelet',
    'CustomResourceDefinition prometheuses.monitoring.coreos.com',
    'Namespace monitoring',
    'AppProject argocd/platform',
  ]);
  expect(left(rest)).toEqual(removed(rest));
});

test('what is going already is not asked again, and is left until it is gone', () => {
  const going = object('Namespace', 'monitoring', undefined, { metadata: { deletionTimestamp: '2026-11-26' } });
  expect(removed({ namespaces: [going] })).toEqual([]);
  expect(left({ namespaces: [going] })).toEqual(['Namespace monitoring']);
});

test('a volume is left until its driver has deleted it', () => {
  const volume = object('PersistentVolume', 'pv-1', undefined, { spec: { claimRef: { namespace: 'monitoring' } } });
  expect(removed({ volumes: [volume] })).toEqual([]);
  expect(left({ volumes: [volume] })).toEqual(['PersistentVolume pv-1']);
});
