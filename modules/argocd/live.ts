/** What an Application has deployed, read from the cluster, as far as `unready` can judge it. */
import type { Application } from './application';
import type { Cluster } from './cluster';
import type { LiveObject } from './live-object';

/** Kinds of which there are many, and which are always ready. */
const SILENT = new Set([
  'ConfigMap',
  'Secret',
  'ServiceAccount',
  'Role',
  'RoleBinding',
  'ClusterRole',
  'NetworkPolicy',
]);
const WORKLOADS = new Set(['Deployment', 'StatefulSet', 'DaemonSet']);

export async function deployedBy(cluster: Cluster, { status }: Application): Promise<LiveObject[]> {
  const told = (status?.resources ?? []).filter(({ kind = '' }) => !SILENT.has(kind) && kind !== 'Application');
  const objects = await Promise.all(
    told.map(({ group, version = 'v1', kind = '', namespace, name = '' }) =>
      cluster.get({ apiVersion: group ? `${group}/${version}` : version, kind }, name, namespace),
    ),
  );
  const found = objects.filter((object) => object !== undefined);
  const namespaces = new Set(
    found.filter(({ kind = '' }) => WORKLOADS.has(kind)).map(({ metadata }) => metadata?.namespace),
  );
  const pods = await Promise.all([...namespaces].map((one) => cluster.list({ apiVersion: 'v1', kind: 'Pod' }, one)));
  return [...found, ...pods.flat()];
}
