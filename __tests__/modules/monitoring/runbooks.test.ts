/** What a runbook tells a person to type exists on this platform, and can be typed as it stands. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { inDialect, runbookUrl, SIGNALS } from '../../../modules/monitoring';
import { KAFKA_CLIENT_PORT } from '../../../modules/aws/ports';

const ROOT = join(__dirname, '../../..');
const text = (file: string): string => readFileSync(join(ROOT, file), 'utf8');

const commands = SIGNALS.flatMap(({ alert, runbook }) =>
  runbook.flatMap((step) => [...step.matchAll(/`([^`]+)`/g)].map(([, command]) => [alert, command!] as const)),
);
const beginning = (words: RegExp) => commands.filter(([, command]) => words.test(command));

test.each(beginning(/kafka-[a-z-]+\.sh/))('%s: %s signs in to a broker', (_, command) => {
  const script = text('modules/aws/cloud-init/scripts/kafka.sh');
  expect(command).toMatch(/^sudo \/opt\/kafka\/bin\/kafka-/);
  expect(script).toContain('KAFKA_HOME=/opt/kafka KAFKA_CONFIG=/etc/kafka');
  expect(command).toContain('--command-config /etc/kafka/admin.properties');
  expect(script).toContain('"$KAFKA_CONFIG/admin.properties"');
  // The address is read from the line that the node writes.
  const pattern = /--bootstrap-server \$\(sudo sed -n s\/(\S+)\/\/p \/etc\/kafka\/server\.properties\)/.exec(
    command,
  )![1]!;
  const line = `advertised.listeners=CLIENT://kafka-1.internal:${KAFKA_CLIENT_PORT}`;
  expect(line.replace(new RegExp(pattern), '')).toBe(`kafka-1.internal:${KAFKA_CLIENT_PORT}`);
  expect(script).toContain('\nadvertised.listeners=CLIENT://$HOST:$CLIENT_PORT\n');
});

test('on MSK nobody is sent to a broker’s machine', () => {
  const steps = SIGNALS.map((one) => inDialect(one, 'msk'))
    .filter((one) => one.exporter === 'msk')
    .flatMap((one) => one.runbook);
  expect(steps.filter((one) => one.includes('/opt/kafka'))).toEqual([]);
});

test('a container whose log is to be read is one of the pod’s', () => {
  const deployment = parse(text('apps/hello-api/deploy/base/deployment.yaml')) as {
    spec: { template: { spec: { containers: { name: string }[] } } };
  };
  const names = deployment.spec.template.spec.containers.map((one) => one.name);
  const asked = beginning(/kubectl.* -c /).map(([, command]) => / -c (\S+)/.exec(command)![1]!);
  expect(asked.length).toBeGreaterThan(0);
  expect(names).toEqual(expect.arrayContaining(asked));
});

test('nobody is told to roll back by Argo CD, which refuses it for what it syncs by itself', () => {
  expect(text('gitops/root/templates/_child.tpl')).toContain('automated:');
  expect(beginning(/argocd app rollback/)).toEqual([]);
});

test('rabbitmqctl list_queues has columns and no option to sort', () => {
  for (const [, command] of beginning(/rabbitmqctl list_queues/)) expect(command).not.toContain('--');
});

test('the link of every alert leads to its own heading', () => {
  const astray = SIGNALS.filter((signal) => {
    const [, page, anchor] = /\/blob\/main\/(docs\/runbooks\/[\w-]+\.md)#(.+)$/.exec(runbookUrl(signal)) ?? [];
    const headings =
      page === undefined
        ? []
        : text(page)
            .split('\n')
            .filter((line) => line.startsWith('## '));
    return anchor !== signal.alert.toLowerCase() || !headings.includes(`## ${signal.alert}`);
  });
  expect(astray.map((one) => one.alert)).toEqual([]);
});
