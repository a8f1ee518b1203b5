/** The collector reads a node's logs and can do nothing else; what it ships becomes few streams in Loki. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { children, type Manifest, rendered, ROOT } from './render';

const objects = rendered('eks')
  .filter(({ child }) => child === 'log-collector')
  .map(({ manifest }) => manifest);
const of = (kind: string, name = 'log-collector'): Manifest =>
  objects.find((one) => one['kind'] === kind && one['metadata'].name.startsWith(name))!;
const pod = of('DaemonSet')['spec'].template.spec as Manifest;
const [container] = pod['containers'] as Manifest[];
const config = parse(of('ConfigMap')['data']['collector.yaml']) as Manifest;
const loki = children('eks').find(({ metadata }) => metadata.name === 'loki')!['spec'].source.helm.valuesObject;

test('no capability, no privilege, no host namespace, a read-only root, no token', () => {
  expect(container!['securityContext']).toEqual({
    runAsUser: 0,
    runAsGroup: 0,
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ['ALL'] },
  });
  expect(pod['securityContext'].seccompProfile).toEqual({ type: 'RuntimeDefault' });
  for (const name of ['hostNetwork', 'hostPID', 'hostIPC']) expect(pod).not.toHaveProperty(name);
  expect([pod['automountServiceAccountToken'], of('ServiceAccount')['automountServiceAccountToken']]).toEqual([
    false,
    false,
  ]);
  expect(objects.filter(({ kind }) => /Role/.test(kind))).toEqual([]);
});

test('of the host it sees the pods’ logs, read-only, and its own folder', () => {
  const host = (pod['volumes'] as Manifest[])
    .filter((one) => one['hostPath'] !== undefined)
    .map(({ name, hostPath }) => {
      const mount = container!['volumeMounts'].find((one: Manifest) => one['name'] === name);
      return [hostPath.path, mount.mountPath, mount.readOnly ?? false];
    });
  expect(host).toEqual([
    ['/var/log/pods', '/var/log/pods', true],
    ['/var/lib/log-collector', config['extensions'].file_storage.directory, false],
  ]);
});

test('it runs the version that lab/logs builds and runs', () => {
  const module = readFileSync(join(ROOT, 'lab/logs/go.mod'), 'utf8');
  const version = /filelogreceiver v([\d.]+)/.exec(module)![1];
  expect(container!['image']).toBe(`docker.io/otel/opentelemetry-collector-k8s:${version}`);
});

test('nothing is given up: receivers wait, the queue is on disk and waits, sending goes on', () => {
  const { receivers, exporters, service } = config;
  const loki = exporters['otlp_http/loki'];
  for (const one of Object.values(receivers as Record<string, Manifest>)) {
    expect(one['retry_on_failure']).toMatchObject({ enabled: true, max_elapsed_time: '0s' });
    expect(one['storage']).toBe('file_storage');
  }
  expect(loki.retry_on_failure).toMatchObject({ enabled: true, max_elapsed_time: '0s' });
  expect(loki.sending_queue).toMatchObject({ storage: 'file_storage', block_on_overflow: true });
  expect(service.pipelines.logs.receivers).toEqual(Object.keys(receivers));
  // Between reading and the queue on disk nothing is held in memory.
  expect(container!['args']).toContain('--feature-gates=stanza.synchronousLogEmitter');
  expect(service.pipelines.logs.processors).toEqual(['memory_limiter']);
});

test('it sends to the Loki that is deployed, which its policy lets it reach', () => {
  const { hostname, port } = new URL(config['exporters']['otlp_http/loki'].endpoint);
  expect([hostname, port]).toEqual([`${loki.fullnameOverride}.monitoring.svc`, '3100']);
  expect(JSON.stringify(of('NetworkPolicy')['spec'].egress)).toContain('"app.kubernetes.io/name":"loki"');
});

test('labels are what Kubernetes names, and nothing that grows with pods or requests', () => {
  const { ignore_defaults: own, attributes_config: rules } = loki.loki.limits_config.otlp_config.resource_attributes;
  expect(own).toBe(true);
  expect(rules).toEqual([
    {
      action: 'index_label',
      attributes: ['k8s.namespace.name', 'k8s.container.name', 'service.name', 'k8s.node.name'],
    },
  ]);
});

test('no line of the service is taken by two receivers', () => {
  const globs = (name: string, key: string) => config['receivers'][name][key] as string[];
  const matches = (glob: string, path: string) =>
    new RegExp(`^${glob.replaceAll('.', '\\.').replaceAll('*', '[^/]*')}$`).test(path);
  const taken = (path: string) =>
    Object.keys(config['receivers']).filter(
      (name) =>
        globs(name, 'include').some((glob) => matches(glob, path)) &&
        !globs(name, 'exclude').some((glob) => matches(glob, path)),
    );
  const pods = '/var/log/pods';
  expect(taken(`${pods}/hello-api_hello-api-7d9c-x2x4z_0f1e/app/0.log`)).toEqual(['file_log/hello-api.app']);
  expect(taken(`${pods}/hello-api_hello-api-7d9c-x2x4z_0f1e/app/0.log.20261126-120000`)).toEqual([
    'file_log/hello-api.app',
  ]);
  expect(taken(`${pods}/hello-api_hello-api-7d9c-x2x4z_0f1e/haproxy/3.log`)).toEqual(['file_log/hello-api.haproxy']);
  expect(taken(`${pods}/hello-api_debug_0f1e/shell/0.log`)).toEqual(['file_log/others']);
  expect(taken(`${pods}/kube-system_coredns-1_0f1e/coredns/0.log`)).toEqual(['file_log/others']);
  expect(taken(`${pods}/monitoring_log-collector-abcde_0f1e/collector/0.log`)).toEqual([]);
  expect(taken(`${pods}/hello-api_hello-api-7d9c-x2x4z_0f1e/app/0.log.20261126-120000.gz`)).toEqual([
    'file_log/hello-api.app',
  ]);
  expect(taken(`${pods}/hello-api_hello-api-7d9c-x2x4z_0f1e/app/0.log.20261126-120000.tmp`)).toEqual([]);
});
