/**
 * The first resource that is not ready, and why, out of live objects. Pure. It knows what a person would look at: of a workload its
 * pods, of a pod its containers, of anything else its conditions. Whether an Application is healthy is Argo CD's word, not ours.
 */
import { conditionsOf, isLabelled, type LiveObject, nameOf } from './live-object';

interface ContainerStatus {
  readonly name: string;
  readonly ready?: boolean;
  readonly state?: { readonly waiting?: { readonly reason?: string; readonly message?: string } };
  readonly lastState?: { readonly terminated?: { readonly reason?: string; readonly exitCode?: number } };
}

interface Counted {
  readonly replicas?: number;
}

interface Status {
  readonly phase?: string;
  readonly initContainerStatuses?: readonly ContainerStatus[];
  readonly containerStatuses?: readonly ContainerStatus[];
  readonly updatedReplicas?: number;
  readonly availableReplicas?: number;
  readonly readyReplicas?: number;
  readonly updatedNumberScheduled?: number;
  readonly desiredNumberScheduled?: number;
  readonly numberAvailable?: number;
  readonly loadBalancer?: { readonly ingress?: readonly unknown[] };
}

/** Conditions whose absence of truth means "not ready", in the order in which they tell most. */
const MUST_BE_TRUE = ['Reconciled', 'Available', 'Ready', 'Established', 'Complete'];

/** `Deployment hello-api/hello-api: pod hello-api-…: app: ImagePullBackOff: …`; undefined when all are ready. */
export function firstUnready(objects: readonly LiveObject[]): string | undefined {
  for (const object of objects.filter(({ kind }) => kind !== 'Pod')) {
    const why = whyUnready(object, objects);
    if (why !== undefined) return `${nameOf(object)}: ${why}`;
  }
  return undefined;
}

function whyUnready(object: LiveObject, all: readonly LiveObject[]): string | undefined {
  const spec = (object.spec ?? {}) as Counted & { readonly type?: string };
  const status = (object.status ?? {}) as Status;
  switch (object.kind) {
    case 'Deployment':
    case 'StatefulSet': {
      const wanted = spec.replicas ?? 1;
      const updated = status.updatedReplicas ?? 0;
      const available = status.availableReplicas ?? status.readyReplicas ?? 0;
      return updated >= wanted && available >= wanted
        ? undefined
        : (ofPods(object, all) ?? `${Math.min(updated, available)} of ${wanted} new pods are available`);
    }
    case 'DaemonSet': {
      const { desiredNumberScheduled: wanted = 0, updatedNumberScheduled = 0, numberAvailable = 0 } = status;
      const there = Math.min(updatedNumberScheduled, numberAvailable);
      return there >= wanted ? undefined : (ofPods(object, all) ?? `${there} of ${wanted} new pods are available`);
    }
    case 'PersistentVolumeClaim':
      return status.phase === 'Bound' ? undefined : `${status.phase ?? 'Pending'}: it has no volume`;
    case 'Service':
      return spec.type === 'LoadBalancer' && (status.loadBalancer?.ingress ?? []).length === 0
        ? 'it has no address of a load balancer yet'
        : undefined;
    default: {
      const conditions = conditionsOf(object);
      const failed = conditions.find(({ type, status: is }) => type === 'Failed' && is === 'True');
      const missing = MUST_BE_TRUE.flatMap((type) => conditions.filter((one) => one.type === type)).find(
        ({ status: is }) => is !== 'True',
      );
      const told = failed ?? missing;
      return told === undefined ? undefined : `${told.reason ?? told.type}${told.message ? `: ${told.message}` : ''}`;
    }
  }
}

/** Of a workload's pods, the first that has something to say. */
function ofPods(workload: LiveObject, all: readonly LiveObject[]): string | undefined {
  const labels = (workload.spec as { selector?: { matchLabels?: Record<string, string> } }).selector?.matchLabels ?? {};
  const pods = all.filter(
    (pod) => pod.kind === 'Pod' && pod.metadata?.namespace === workload.metadata?.namespace && isLabelled(pod, labels),
  );
  for (const pod of pods) {
    const why = whyPod(pod);
    if (why !== undefined) return `pod ${pod.metadata?.name}: ${why}`;
  }
  return undefined;
}

function whyPod(pod: LiveObject): string | undefined {
  const { initContainerStatuses = [], containerStatuses = [] } = (pod.status ?? {}) as Status;
  const unscheduled = conditionsOf(pod).find(({ type, status: is }) => type === 'PodScheduled' && is === 'False');
  if (unscheduled !== undefined) return `${unscheduled.reason}: ${unscheduled.message}`;
  for (const { name, state, lastState } of [...initContainerStatuses, ...containerStatuses]) {
    const waiting = state?.waiting;
    if (waiting === undefined || waiting.reason === 'PodInitializing' || waiting.reason === 'ContainerCreating')
      continue;
    const ended = lastState?.terminated;
    const why = ended === undefined ? '' : ` (it ended with ${ended.reason ?? 'exit code'} ${ended.exitCode ?? ''})`;
    return `${name}: ${waiting.reason}${waiting.message ? `: ${waiting.message}` : ''}${why}`;
  }
  const unready = containerStatuses.find(({ ready }) => ready !== true);
  return unready === undefined ? undefined : `${unready.name} is not ready`;
}
