import { PLATFORM_NAMESPACES, PROJECT, ROOT } from '../../modules/argocd';
import { TARGETS } from '../../modules/bridge';
import { helm3 } from './binaries';
import { bootstrap, children, deployed, type Manifest, rendered, REVISION, waveOf } from './render';

/** Kinds that upstream charts bring along, and the child that deploys the chart. */
const BROUGHT: Readonly<Record<string, string>> = {
  'monitoring.coreos.com': 'kube-prometheus-stack',
  'external-secrets.io': 'external-secrets',
  'generators.external-secrets.io': 'external-secrets',
  'elbv2.k8s.aws': 'aws-load-balancer-controller',
};

/** Secrets that upstream charts mount, by child: where the values name them is tested in charts.test.ts. */
const MOUNTED = [
  { child: 'kube-prometheus-stack', secret: 'grafana-admin' },
  { child: 'postgres-exporter', secret: 'postgres-exporter' },
] as const;

const group = ({ apiVersion }: Manifest): string => (apiVersion.includes('/') ? apiVersion.split('/')[0] : '');

describe.each(TARGETS)('%s', (target) => {
  const apps = children(target);
  const objects = rendered(target);
  const wave = new Map(apps.map((child) => [child['metadata'].name as string, waveOf(child)]));

  test('what needs a kind sits in a later wave than what brings it', () => {
    for (const { child, wave: own, manifest } of objects) {
      const from = BROUGHT[group(manifest)];
      // The lab brings operator and kinds before Argo CD has anything to do.
      if (from === undefined || (target === 'lab' && from === 'kube-prometheus-stack')) continue;
      expect([child, from, wave.get(from)! < own]).toEqual([child, from, true]);
    }
  });

  test('every namespace is made by the foundation, the first wave, or is there with the cluster', () => {
    const made = objects.filter(({ manifest }) => manifest['kind'] === 'Namespace');
    expect([...new Set(made.map(({ child, wave: own }) => `${child} ${own}`))]).toEqual(['foundation 0']);
    const known = ['argocd', 'kube-system', ...made.map(({ manifest }) => manifest['metadata'].name)];
    for (const child of apps) expect(known).toContain(child['spec'].destination.namespace);
    for (const { manifest } of objects) expect(known).toContain(manifest['metadata'].namespace ?? 'argocd');
    for (const [name, at] of wave) expect([name, at > 0 || name === 'foundation']).toEqual([name, true]);
  });

  test('a secret is made in an earlier wave than the pods that mount it', () => {
    for (const { child, secret } of MOUNTED.filter((one) => wave.has(one.child))) {
      const maker = objects.find(
        ({ manifest }) => manifest['kind'] === 'ExternalSecret' && manifest['spec'].target.name === secret,
      );
      // Where there is no external-secrets, `cimiento gitops bootstrap` makes it before the root.
      if (target !== 'eks') expect(maker).toBeUndefined();
      else expect([secret, maker!.wave < wave.get(child)!]).toEqual([secret, true]);
    }
  });

  test('every child is pinned: our folders to the root’s commit, charts to a version', () => {
    for (const { metadata, spec } of apps) {
      const { chart, targetRevision } = spec.source;
      const pinned = chart === undefined ? targetRevision === REVISION : /^\d+\.\d+\.\d+$/.test(targetRevision);
      expect([metadata.name, pinned]).toEqual([metadata.name, true]);
    }
  });

  test('every child prunes, heals, retries for two minutes, and deletes what it deployed', () => {
    for (const { metadata, spec } of apps) {
      expect(metadata.finalizers).toEqual(['resources-finalizer.argocd.argoproj.io']);
      expect(spec).toMatchObject({
        project: 'platform',
        syncPolicy: { automated: { prune: true, selfHeal: true } },
      });
      // A retry holds on to the commit that failed: a fix waits until the last one.
      const { limit, backoff } = spec.syncPolicy.retry;
      expect([limit, backoff]).toEqual([5, { duration: '5s', factor: 2, maxDuration: '1m' }]);
      // Six CRDs of kube-prometheus-stack exceed what an annotation can hold.
      expect(spec.syncPolicy.syncOptions).toContain('ServerSideApply=true');
    }
  });

  test('the project permits what the children need, and nothing that none of them does', () => {
    const [project] = bootstrap(target).filter(({ kind }) => kind === 'AppProject');
    const { sourceRepos, destinations, clusterResourceWhitelist } = project!['spec'];
    for (const { spec } of apps) {
      expect(sourceRepos).toContain(spec.source.repoURL);
      expect(destinations).toContainEqual(spec.destination);
    }
    expect(clusterResourceWhitelist).not.toContainEqual(expect.objectContaining({ kind: '*' }));
    for (const { manifest } of objects.filter((one) => one.manifest['metadata'].namespace === undefined)) {
      const namespaced = !['Namespace', 'StorageClass', 'ClusterSecretStore'].includes(manifest['kind']);
      if (!namespaced) {
        expect(clusterResourceWhitelist).toContainEqual({ group: group(manifest), kind: manifest['kind'] });
      }
    }
  });

  test('rendered twice, and by helm 3 as by helm 4, it is the same', () => {
    expect(children(target)).toEqual(apps);
    expect(children(target, undefined, helm3())).toEqual(apps);
    expect(bootstrap(target, helm3())).toEqual(bootstrap(target));
    for (const child of apps) expect(deployed(child, helm3())).toEqual(deployed(child));
  });
});

test('teardown knows the root, the project and every namespace that is made', () => {
  const made = TARGETS.flatMap((target) => rendered(target))
    .filter(({ manifest }) => manifest['kind'] === 'Namespace')
    .map(({ manifest }) => manifest['metadata'].name as string);
  expect([...new Set(made)].sort()).toEqual([...PLATFORM_NAMESPACES].sort());
  const names = bootstrap('eks').map(({ kind, metadata }) => `${kind} ${metadata.name}`);
  expect(names.sort()).toEqual([`${PROJECT.kind} ${PROJECT.name}`, `Application ${ROOT}`]);
});

test('the permitted repositories are those that a child uses on some target', () => {
  const used = new Set(TARGETS.flatMap((target) => children(target).map(({ spec }) => spec.source.repoURL as string)));
  const [project] = bootstrap('eks').filter(({ kind }) => kind === 'AppProject');
  expect([...project!['spec'].sourceRepos].sort()).toEqual([...used].sort());
});
