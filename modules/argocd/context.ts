/** Whether a kubeconfig's context is one to be careful with: who types a command for minikube means no cluster that others live on. Pure. */
import type { Target } from '../bridge';

export interface Context {
  readonly name: string;
  readonly cluster: string;
  /** Address of the API server. */
  readonly server: string;
}

/** Words between separators, so that `prod-eu` is one and `reproduction` is none. */
const PRODUCTION = /(^|[^a-z0-9])(prod|prd|production|live)([^a-z0-9]|$)/i;
/** Managed clusters, by the host of their API servers. */
const MANAGED = /\.(eks\.amazonaws\.com|azmk8s\.io|gke\.goog)(:|\/|$)/i;

/** The context that a target means unless one is named: undefined is the kubeconfig's current one. */
export const DEFAULT_CONTEXT: Readonly<Record<Target, string | undefined>> = {
  minikube: 'minikube',
  lab: 'lab',
  eks: undefined,
};

/** Why `--yes` is wanted before anything is written there; undefined when nothing speaks for it. */
export function whyCareful(target: Target, { name, cluster, server }: Context): string | undefined {
  const word = [name, cluster].find((text) => PRODUCTION.test(text));
  if (word !== undefined) return `"${word}" looks like production`;
  if (target !== 'eks' && MANAGED.test(server)) return `${server} is a managed cluster, and the target is ${target}`;
  return undefined;
}
