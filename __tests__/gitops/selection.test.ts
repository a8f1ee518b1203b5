/** A monitor that selects nothing is silent: each is followed to the containers that it scrapes. */
import { TARGETS } from '../../modules/bridge';
import { type Manifest, rendered } from './render';

function matches(selector: Manifest, labels: Record<string, string> = {}): boolean {
  const { matchLabels = {}, matchExpressions = [] } = selector;
  const expressions = matchExpressions as { key: string; operator: string }[];
  // Operators that this repository does not use are a failure, not a match.
  if (expressions.some(({ operator }) => operator !== 'DoesNotExist')) throw new Error('teach the test this operator');
  return (
    Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    expressions.every(({ key }) => !(key in labels))
  );
}

describe.each(TARGETS)('%s', (target) => {
  const manifests = rendered(target).map(({ manifest }) => manifest);
  const of = (kind: string) => manifests.filter((one) => one['kind'] === kind);

  test('every ServiceMonitor finds one Service, every port of it a container port', () => {
    expect(of('ServiceMonitor').length).toBeGreaterThan(0);
    for (const monitor of of('ServiceMonitor')) {
      const services = of('Service').filter(
        ({ metadata }) =>
          metadata.namespace === monitor['metadata'].namespace && matches(monitor['spec'].selector, metadata.labels),
      );
      expect(services).toHaveLength(1);
      const [workload] = of('Deployment').filter(({ spec }) =>
        matches({ matchLabels: services[0]!['spec'].selector }, spec.template.metadata.labels),
      );
      const { containers, initContainers = [] } = workload!['spec'].template.spec;
      const open = [...containers, ...initContainers].flatMap(({ ports = [] }) =>
        ports.map(({ name }: Manifest) => name),
      );
      for (const { port } of monitor['spec'].endpoints) {
        const { targetPort } = services[0]!['spec'].ports.find(({ name }: Manifest) => name === port);
        expect([port, open.includes(targetPort)]).toEqual([port, true]);
      }
    }
  });

  test('every PodMonitor finds the pods of one workload, and the port that it scrapes', () => {
    expect(of('PodMonitor')).toHaveLength(target === 'lab' ? 0 : 1);
    for (const { metadata, spec } of of('PodMonitor')) {
      const workloads = [...of('DaemonSet'), ...of('Deployment')].filter(
        (one) =>
          one['metadata'].namespace === metadata.namespace &&
          matches(spec.selector, one['spec'].template.metadata.labels),
      );
      expect(workloads).toHaveLength(1);
      const { containers } = workloads[0]!['spec'].template.spec;
      const open = containers.flatMap(({ ports = [] }: Manifest) => ports.map(({ name }: Manifest) => name));
      for (const { port } of spec.podMetricsEndpoints) expect(open).toContain(port);
    }
  });

  test('every rule has groups, and every dashboard is JSON with the label that Grafana looks for', () => {
    expect(of('PrometheusRule').length).toBeGreaterThan(0);
    for (const { spec } of of('PrometheusRule')) expect(spec.groups.length).toBeGreaterThan(0);
    const dashboards = of('ConfigMap').filter(({ data }) => Object.keys(data).some((file) => file.endsWith('.json')));
    expect(dashboards.length).toBeGreaterThan(0);
    for (const { metadata, data } of dashboards) {
      expect(metadata.labels).toMatchObject({ grafana_dashboard: '1' });
      for (const text of Object.values(data as Record<string, string>))
        expect(JSON.parse(text)).toHaveProperty('panels');
    }
  });

  test('the load balancer’s binding names a Service and a port of it', () => {
    expect(of('TargetGroupBinding')).toHaveLength(target === 'eks' ? 1 : 0);
    for (const { metadata, spec } of of('TargetGroupBinding')) {
      const service = of('Service').find((one) => one['metadata'].name === spec.serviceRef.name)!;
      expect(service['metadata'].namespace).toBe(metadata.namespace);
      expect(service['spec'].ports.map(({ name }: Manifest) => name)).toContain(spec.serviceRef.port);
      // The security groups are Terraform's, and the controller's role may only register targets.
      expect(spec).not.toHaveProperty('networking');
    }
  });
});
