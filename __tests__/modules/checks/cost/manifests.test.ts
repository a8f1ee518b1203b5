/** Volumes that controllers make from manifests, which no Terraform resource is. */
import { manifestCosts } from '../../../../modules/checks/cost';
import { Rejection } from '../../../../modules/rejection';

const costs = (text: string) => manifestCosts([{ path: 'gitops/app.yaml', text }], 'us-east-2');
const claim = (size: string, more = '') => `
kind: PersistentVolumeClaim
metadata: { name: data }
spec: { resources: { requests: { storage: ${size} } }${more} }
`;

test('a claim is a gp3 volume', () => {
  const { lines, unpriced } = costs(claim('50Gi'));
  expect(unpriced).toEqual([]);
  expect(lines).toMatchObject([
    {
      address: 'PersistentVolumeClaim/data',
      item: 'EBS gp3, claimed by a workload',
      quantity: 50,
      monthly: 4,
      purpose: 'Kubernetes',
    },
  ]);
});

test.each([
  ['1Gi', 1],
  ['512Mi', 1],
  ['1Ti', 1024],
  ['10G', 10],
  ['1.5Gi', 2],
])('%s is %i GiB', (size, gib) => expect(costs(claim(size)).lines[0]?.quantity).toBe(gib));

test('a StatefulSet claims once a replica', () => {
  const { lines } = costs(`
kind: StatefulSet
metadata: { name: db }
spec:
  replicas: 3
  volumeClaimTemplates:
    - spec: { resources: { requests: { storage: 20Gi } } }
    - spec: { resources: { requests: { storage: 1Gi } } }
`);
  expect(lines.map((line) => line.quantity)).toEqual([60, 3]);
});

test('Prometheus and Alertmanager of the operator', () => {
  const storage = (size: string) =>
    `storage: { volumeClaimTemplate: { spec: { resources: { requests: { storage: ${size} } } } } }`;
  const { lines } = costs(`
kind: Prometheus
metadata: { name: p }
spec: { replicas: 2, shards: 2, ${storage('30Gi')} }
---
kind: Alertmanager
metadata: { name: a }
spec: { ${storage('2Gi')} }
---
kind: Prometheus
metadata: { name: without }
spec: {}
`);
  expect(lines.map((line) => [line.address, line.quantity])).toEqual([
    ['Prometheus/p', 120],
    ['Alertmanager/a', 2],
  ]);
});

test('a chart that takes its claim as persistence', () => {
  const values = (enabled: boolean) => `
one: { replicas: 2, persistence: { enabled: ${enabled}, size: 10Gi, storageClass: gp3 } }
`;
  expect(costs(values(true)).lines.map((line) => line.quantity)).toEqual([20]);
  expect(costs(values(false)).lines).toEqual([]);
  expect(costs('persistence: { enabled: true }').unpriced.map((one) => one.attribute)).toEqual([
    'persistence.resources.requests.storage',
  ]);
});

test('the class decides the type, wherever it is defined', () => {
  const { lines } = costs(`${claim('10Gi', ', storageClassName: old')}---
kind: StorageClass
metadata: { name: old }
parameters: { type: gp2 }
`);
  expect(lines.map((line) => [line.item, line.monthly])).toEqual([['EBS gp2, claimed by a workload', 1]]);
});

test('what cannot be priced fails by name', () => {
  const { lines, unpriced } = costs(`${claim('plenty')}---
kind: Service
metadata: { name: web }
spec: { type: LoadBalancer }
`);
  expect(lines).toEqual([]);
  expect(unpriced.map((one) => [one.address, one.attribute])).toEqual([
    ['PersistentVolumeClaim/data', 'spec.resources.requests.storage'],
    ['Service/web', 'spec.type'],
  ]);
});

test('a file that is no YAML is named with its line', () => {
  expect(() => costs('a: [1\nb: 2')).toThrow(Rejection);
  expect(() => costs('a: [1\nb: 2')).toThrow(/^gitops\/app\.yaml:\d+: is no YAML/);
});

test('lists, empty documents and what claims nothing', () => {
  expect(costs(`---\n---\nkind: List\nitems:\n  - { kind: ConfigMap, metadata: { name: c } }\n`)).toEqual({
    lines: [],
    unpriced: [],
  });
});

describe('charts that are rendered by Argo CD', () => {
  const values = `
kube-prometheus-stack:
  prometheus:
    prometheusSpec:
      replicas: 2
      storageSpec: { volumeClaimTemplate: { spec: { resources: { requests: { storage: 50Gi } } } } }
  alertmanager:
    alertmanagerSpec:
      storage: { volumeClaimTemplate: { spec: { resources: { requests: { storage: 2Gi } } } } }`;

  test('claims in a chart’s values are priced, once a replica', () => {
    expect(costs(values).lines.map(({ quantity }) => quantity)).toEqual([100, 2]);
  });

  test('so are those in an Application, from whichever source', () => {
    const indented = values.replace(/\n/g, '\n        ');
    const application = (source: string) => `kind: Application\nmetadata: { name: root }\nspec:\n  ${source}`;
    const single = application(`source:\n    helm:\n      valuesObject:${indented}`);
    expect(costs(single).lines.map(({ address, quantity }) => [address, quantity])).toEqual([
      ['Application/root', 100],
      ['Application/root', 2],
    ]);
  });

  test('a size that is no quantity fails at its place in the values', () => {
    expect(costs(values.replace('50Gi', 'big')).unpriced).toMatchObject([
      { type: 'Helm values', attribute: expect.stringMatching(/prometheusSpec\.storageSpec\.volumeClaimTemplate/) },
    ]);
  });
});
