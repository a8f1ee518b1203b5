/** Reading Applications through the Kubernetes API: who may is decided by RBAC, no Argo CD password is needed. */
import type { KubeConfig } from '@kubernetes/client-node';
import type { Application } from './status';

const APPLICATIONS = {
  group: 'argoproj.io',
  version: 'v1alpha1',
  namespace: 'argocd',
  plural: 'applications',
} as const;

/** Loaded when asked for: a command that needs no cluster does not pay for it. */
const client = async (config: KubeConfig) => {
  const { CustomObjectsApi } = await import('@kubernetes/client-node');
  return config.makeApiClient(CustomObjectsApi);
};

export async function applications(config: KubeConfig): Promise<Application[]> {
  const api = await client(config);
  const list = (await api.listNamespacedCustomObject(APPLICATIONS)) as { items: Application[] };
  return list.items;
}
