/** A port of a pod on this machine's loopback, as `kubectl port-forward` does it, through the API server. */
import { createServer, type Server } from 'node:net';
import type { KubeConfig } from '@kubernetes/client-node';
import { type Cluster, conditionsOf, isLabelled, type LiveObject } from '../../modules/argocd';

export interface ForwardedService {
  readonly namespace: string;
  readonly name: string;
  /** Of the pod. */
  readonly port: number;
}

/** @returns a pod that stands behind the Service, undefined when none is ready */
export async function podBehind(cluster: Cluster, { namespace, name }: ForwardedService): Promise<string | undefined> {
  const service = await cluster.get({ apiVersion: 'v1', kind: 'Service' }, name, namespace);
  const { selector } = (service?.spec ?? {}) as { selector?: Readonly<Record<string, string>> };
  if (selector === undefined) return undefined;
  const pods = await cluster.list({ apiVersion: 'v1', kind: 'Pod' }, namespace);
  return pods.find((pod) => isLabelled(pod, selector) && isReady(pod))?.metadata?.name;
}

function isReady(pod: LiveObject): boolean {
  const ready = conditionsOf(pod).some(({ type, status }) => type === 'Ready' && status === 'True');
  return ready && pod.metadata?.deletionTimestamp === undefined;
}

/** @param local port on 127.0.0.1; 0 takes a free one. @returns the listening server */
export async function forward(
  config: KubeConfig,
  pod: { readonly namespace: string; readonly name: string; readonly port: number },
  local: number,
): Promise<Server> {
  const { PortForward } = await import('@kubernetes/client-node');
  const forwarder = new PortForward(config);
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    forwarder.portForward(pod.namespace, pod.name, [pod.port], socket, null, socket).catch(() => socket.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(local, '127.0.0.1', resolve);
  });
  return server;
}
