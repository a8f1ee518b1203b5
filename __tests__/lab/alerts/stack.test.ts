import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';

const read = (file: string): string => readFileSync(join(__dirname, '../../..', file), 'utf8');

interface AlertmanagerSpec {
  readonly volumes: unknown;
  readonly volumeMounts: readonly { readonly mountPath: string }[];
}
const values = parse(read('gitops/root/values/kube-prometheus-stack.yaml')) as {
  alertmanager: { alertmanagerSpec: AlertmanagerSpec };
};
const committed = values.alertmanager.alertmanagerSpec;

test("Alertmanager finds the receivers' addresses where its routing looks for them", () => {
  const { receivers } = parse(read('gitops/monitoring/alertmanager.yaml')) as {
    receivers: readonly { readonly webhook_configs?: readonly { readonly url_file: string }[] }[];
  };
  const files = receivers.flatMap((one) => one.webhook_configs ?? []).map((one) => one.url_file);
  expect(files.length).toBeGreaterThan(0);
  for (const file of files) expect(file.startsWith(`${committed.volumeMounts[0]!.mountPath}/`)).toBe(true);
});

test('lab/alerts mounts them as the platform does', () => {
  const stack = parseAllDocuments(read('lab/alerts/stack.yaml')).map((one) => one.toJS() as Record<string, unknown>);
  const { volumes, volumeMounts } = stack.find((one) => one['kind'] === 'Alertmanager')!['spec'] as AlertmanagerSpec;
  expect({ volumes, volumeMounts }).toEqual({ volumes: committed.volumes, volumeMounts: committed.volumeMounts });
});
