/**
 * What to remove next, and what is left, when a platform is taken off a cluster. Pure: it is asked again after each look at the
 * cluster, so a teardown that broke off goes on where it was.
 *
 * Argo CD deletes the root's children in reverse waves, each with what it deployed. What it leaves is removed here, because what
 * a controller made for it outside the cluster (load balancers, volumes) costs money and holds the VPC when Terraform destroys:
 *
 * - before the controllers go: load balancers and target group bindings that are in no Application;
 * - after the pods: volume claims, which a StatefulSet leaves;
 * - at the end: CRDs (Argo CD never deletes any), and the Prometheus operator's Service for kubelets, which it never deletes.
 *
 * Seen with kube-prometheus-stack 88.5.3 under Argo CD 3.2.11, 2026-11-23.
 */
import { APPLICATION, type Application, ROOT, waveOf } from './application';
import type { Kind } from './cluster';
import type { LiveObject } from './live-object';

export interface Observed {
  readonly applications: readonly Application[];
  /** Of the platform, by gitops/foundation; of those, the ones that exist. */
  readonly namespaces: readonly LiveObject[];
  /** AppProject `platform`, if it is there. */
  readonly project: LiveObject | undefined;
  /** Of every namespace. */
  readonly services: readonly LiveObject[];
  readonly ingresses: readonly LiveObject[];
  readonly bindings: readonly LiveObject[];
  readonly claims: readonly LiveObject[];
  readonly volumes: readonly LiveObject[];
  readonly crds: readonly LiveObject[];
}

export const PROJECT = { apiVersion: 'argoproj.io/v1alpha1', kind: 'AppProject', name: 'platform' } as const;

/** Namespaces that gitops/foundation makes on some target, and that hold nothing else. */
export const PLATFORM_NAMESPACES: readonly string[] = ['hello-api', 'monitoring', 'external-secrets'];

export interface Next {
  /** Ask for their deletion now. */
  readonly remove: readonly LiveObject[];
  /** What is still there, in the order in which it should go. Empty: the teardown is done. */
  readonly left: readonly LiveObject[];
}

const TRACKING = 'argocd.argoproj.io/tracking-id';

export function next(observed: Observed): Next {
  const { namespaces, project, claims, volumes, crds } = observed;
  const applications = observed.applications.filter(({ spec }) => spec?.project === PROJECT.name);
  const names = new Set(PLATFORM_NAMESPACES);
  const inPlatform = ({ metadata }: LiveObject) => names.has(metadata?.namespace ?? '');

  const strays = [
    ...observed.services.filter(({ spec }) => (spec as { type?: string } | undefined)?.type === 'LoadBalancer'),
    ...observed.ingresses,
    ...observed.bindings,
  ].filter((object) => inPlatform(object) && trackedBy(object) === undefined);
  const root = applications.find(({ metadata }) => metadata.name === ROOT);
  const orphans = applications.filter(({ metadata }) => metadata.name !== ROOT);
  const ownClaims = claims.filter(inPlatform);
  const ownVolumes = volumes.filter(({ spec }) => names.has(claimOf(spec).namespace ?? ''));
  const kubelets = observed.services.filter(isOperatorsKubeletService);
  const ownCrds = crds.filter((crd) => trackedBy(crd) !== undefined);

  const left = [
    ...strays,
    ...applications.map((one): LiveObject => ({ ...one, ...APPLICATION })),
    ...ownClaims,
    ...ownVolumes,
    ...kubelets,
    ...ownCrds,
    ...namespaces,
    ...(project === undefined ? [] : [project]),
  ];
  const remove = (): readonly LiveObject[] => {
    if (strays.length > 0) return strays;
    if (root !== undefined) {
      // The pods of a namespace go with its Applications; claims are held until then, by Kubernetes too.
      const busy = new Set(orphans.map(({ spec }) => spec?.destination?.namespace));
      const free = ownClaims.filter(({ metadata }) => !busy.has(metadata?.namespace));
      return [{ ...root, ...APPLICATION }, ...free];
    }
    // Children whose root is gone: somebody deleted it without what it made. The last wave first, and all of it.
    const last = Math.max(...orphans.map((one) => waveOf(one) ?? 0));
    if (orphans.length > 0) {
      return orphans
        .filter((one) => (waveOf(one) ?? 0) === last)
        .map((one): LiveObject => ({ ...one, ...APPLICATION }));
    }
    return [...ownClaims, ...kubelets, ...ownCrds, ...namespaces, ...(project === undefined ? [] : [project])];
  };
  return { remove: remove().filter(({ metadata }) => metadata?.deletionTimestamp === undefined), left };
}

/** Name of the Application that deploys it; undefined when none does. */
function trackedBy({ metadata }: LiveObject): string | undefined {
  return metadata?.annotations?.[TRACKING]?.split(':')[0];
}

/** Made in kube-system by the operator for the kubelets' metrics; left there with stale addresses. */
function isOperatorsKubeletService({ metadata }: LiveObject): boolean {
  const labels = metadata?.labels ?? {};
  return (
    metadata?.namespace === 'kube-system' &&
    labels['app.kubernetes.io/managed-by'] === 'prometheus-operator' &&
    labels['k8s-app'] === 'kubelet'
  );
}

function claimOf(spec: unknown): { readonly namespace?: string } {
  return (spec as { claimRef?: { namespace?: string } } | undefined)?.claimRef ?? {};
}

/** Where each of what `Observed` holds is read. */
export const OBSERVED_KINDS = {
  services: { apiVersion: 'v1', kind: 'Service' },
  ingresses: { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress' },
  bindings: { apiVersion: 'elbv2.k8s.aws/v1beta1', kind: 'TargetGroupBinding' },
  claims: { apiVersion: 'v1', kind: 'PersistentVolumeClaim' },
  volumes: { apiVersion: 'v1', kind: 'PersistentVolume' },
  crds: { apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition' },
} as const satisfies Partial<Record<keyof Observed, Kind>>;
