/** Label sets that no recording has: the platform's own pods, nodes, volumes and Applications, which the recorded cluster did not have. */
type Labels = Readonly<Record<string, string>>;

const of = (label: string, values: readonly string[], more: Labels = {}): Labels[] =>
  values.map((value) => ({ ...more, [label]: value }));
const pods = ['orders-0a', 'orders-0b', 'orders-0c', 'hello-api-0a', 'hello-api-0b'];
const inShop = (pod: string): Labels => ({ namespace: pod.startsWith('orders') ? 'shop' : 'hello-api', pod });

export const WRITTEN_BY_HAND: Readonly<Record<string, readonly Labels[]>> = {
  // Beside what was recorded, which are calls of a service that is not there.
  http_client_requests_seconds_count: [
    {
      client_name: 'pay',
      error: 'none',
      exception: 'none',
      method: 'GET',
      outcome: 'SUCCESS',
      status: '200',
      uri: '/',
    },
  ],

  container_memory_working_set_bytes: pods.flatMap((pod) => of('container', ['app', ''], inShop(pod))),
  kube_pod_container_resource_limits: pods.flatMap((pod) =>
    of('resource', ['memory', 'cpu'], { ...inShop(pod), container: 'app' }),
  ),
  kube_pod_container_status_restarts_total: pods.map((pod) => ({ ...inShop(pod), container: 'app' })),
  // Only of a container that has ended once, and that waits.
  kube_pod_container_status_last_terminated_reason: [],
  kube_pod_container_status_waiting_reason: [],
  container_cpu_cfs_periods_total: pods.map((pod) => ({ ...inShop(pod), container: 'app' })),
  container_cpu_cfs_throttled_periods_total: pods.map((pod) => ({ ...inShop(pod), container: 'app' })),
  kubelet_volume_stats_capacity_bytes: of('persistentvolumeclaim', ['prometheus-db-0'], { namespace: 'monitoring' }),
  kubelet_volume_stats_available_bytes: of('persistentvolumeclaim', ['prometheus-db-0'], { namespace: 'monitoring' }),
  kube_deployment_spec_replicas: [
    { namespace: 'shop', deployment: 'orders' },
    { namespace: 'hello-api', deployment: 'hello-api' },
  ],
  kube_deployment_status_replicas_available: [
    { namespace: 'shop', deployment: 'orders' },
    { namespace: 'hello-api', deployment: 'hello-api' },
  ],
  kube_pod_status_unschedulable: pods.map(inShop),
  kube_node_status_condition: ['worker-1', 'worker-2', 'worker-3'].flatMap((node) =>
    of('status', ['true', 'false', 'unknown'], { node, condition: 'Ready' }),
  ),

  argocd_app_info: ['orders', 'hello-api'].flatMap((name) => of('sync_status', ['Synced', 'OutOfSync'], { name })),
};
