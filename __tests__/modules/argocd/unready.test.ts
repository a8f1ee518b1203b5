import type { LiveObject } from '../../../modules/argocd';
import { firstUnready } from '../../../modules/argocd/unready';

const object = (kind: string, status: object, spec: object = {}, labels = {}): LiveObject => ({
  kind,
  metadata: { name: 'hello-api', namespace: 'hello-api', labels },
  spec,
  status,
});
const SELECTOR = { selector: { matchLabels: { app: 'hello-api' } } };
const pod = (status: object): LiveObject => object('Pod', status, {}, { app: 'hello-api' });
const waiting = object('Deployment', { updatedReplicas: 1, availableReplicas: 2 }, { replicas: 3, ...SELECTOR });

test.each<[string, LiveObject[], string | undefined]>([
  ['nothing there', [], undefined],
  ['all of it', [object('Deployment', { updatedReplicas: 3, availableReplicas: 3 }, { replicas: 3 })], undefined],
  ['old pods that serve on', [waiting], 'Deployment hello-api/hello-api: 1 of 3 new pods are available'],
  [
    'new pods that do not answer yet',
    [object('Deployment', { updatedReplicas: 3, availableReplicas: 2 }, { replicas: 3, ...SELECTOR })],
    'Deployment hello-api/hello-api: 2 of 3 new pods are available',
  ],
  [
    'an image that is not there',
    [
      waiting,
      pod({
        containerStatuses: [
          { name: 'app', ready: false, state: { waiting: { reason: 'ImagePullBackOff', message: 'not found' } } },
        ],
      }),
    ],
    'Deployment hello-api/hello-api: pod hello-api: app: ImagePullBackOff: not found',
  ],
  [
    'a container that ends',
    [
      waiting,
      pod({
        containerStatuses: [
          {
            name: 'app',
            state: { waiting: { reason: 'CrashLoopBackOff' } },
            lastState: { terminated: { reason: 'OOMKilled', exitCode: 137 } },
          },
        ],
      }),
    ],
    'Deployment hello-api/hello-api: pod hello-api: app: CrashLoopBackOff (it ended with OOMKilled 137)',
  ],
  [
    'no node',
    [
      waiting,
      pod({ conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: '0/3 nodes' }] }),
    ],
    'Deployment hello-api/hello-api: pod hello-api: Unschedulable: 0/3 nodes',
  ],
  [
    'another workload’s pod',
    [waiting, object('Pod', { containerStatuses: [{ name: 'x', ready: false }] }, {}, { app: 'other' })],
    'Deployment hello-api/hello-api: 1 of 3 new pods are available',
  ],
  [
    'a node without its pod',
    [object('DaemonSet', { desiredNumberScheduled: 3, updatedNumberScheduled: 3, numberAvailable: 2 }, SELECTOR)],
    'DaemonSet hello-api/hello-api: 2 of 3 new pods are available',
  ],
  [
    'a claim without a volume',
    [object('PersistentVolumeClaim', { phase: 'Pending' })],
    'PersistentVolumeClaim hello-api/hello-api: Pending: it has no volume',
  ],
  [
    'a load balancer that nobody makes',
    [object('Service', { loadBalancer: {} }, { type: 'LoadBalancer' })],
    'Service hello-api/hello-api: it has no address of a load balancer yet',
  ],
  ['a Service inside', [object('Service', { loadBalancer: {} }, { type: 'ClusterIP' })], undefined],
  [
    'an operator’s kind',
    [
      object('Prometheus', {
        conditions: [
          { type: 'Available', status: 'False', reason: 'NoPodReady', message: 'shard 0: pending' },
          { type: 'Reconciled', status: 'True' },
        ],
      }),
    ],
    'Prometheus hello-api/hello-api: NoPodReady: shard 0: pending',
  ],
  [
    'a Job that failed',
    [object('Job', { conditions: [{ type: 'Failed', status: 'True', reason: 'BackoffLimitExceeded' }] })],
    'Job hello-api/hello-api: BackoffLimitExceeded',
  ],
])('%s', (_, objects, expected) => {
  expect(firstUnready(objects)).toBe(expected);
});
