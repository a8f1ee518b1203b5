/**
 * Whom an alert reaches: the real Alertmanager with the generated configuration. Each alert goes to the receiver of its severity,
 * each inhibition silences what it names in the same cluster and nothing in another, and pages, tickets and their ends arrive.
 */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { alertmanagerConfig, CATALOGUE, INHIBITIONS, ruleOf, SIGNALS } from '../../modules/monitoring';
import { freePort, until, withDaemon, withFolder } from './daemon';
import { ALERTMANAGER, AMTOOL, type Outcome } from './promtool';

const RECEIVER = { critical: 'pager', warning: 'tickets', info: 'silent', none: 'dead-man' } as const;

type Labels = Readonly<Record<string, string>>;

/**
 * Alerts that the rules of kube-prometheus-stack 88.5.3 raise (its templates/prometheus/rules-1.14): their labels are a severity and
 * those of the series. None of them pages, and its Watchdog does not stand in for ours.
 */
const OF_THE_CHART: readonly { readonly labels: Labels; readonly to: 'tickets' | 'silent' }[] = [
  {
    labels: { alertname: 'KubeAPIErrorBudgetBurn', severity: 'critical', long: '1h', short: '5m' },
    to: 'tickets',
  },
  {
    labels: { alertname: 'KubePersistentVolumeFillingUp', severity: 'critical', namespace: 'shop', job: 'kubelet' },
    to: 'tickets',
  },
  {
    labels: { alertname: 'PrometheusRuleFailures', severity: 'critical', namespace: 'monitoring', pod: 'prometheus-0' },
    to: 'tickets',
  },
  { labels: { alertname: 'TargetDown', severity: 'warning', namespace: 'shop', job: 'orders' }, to: 'tickets' },
  { labels: { alertname: 'CPUThrottlingHigh', severity: 'info', namespace: 'shop', pod: 'orders-0' }, to: 'silent' },
  { labels: { alertname: 'InfoInhibitor', severity: 'none', namespace: 'shop' }, to: 'silent' },
  { labels: { alertname: 'Watchdog', severity: 'none' }, to: 'silent' },
];

/** An alert as Prometheus would send it, from the first series under which it fires. */
function labelsOf(alert: string): Labels {
  const home = CATALOGUE.find(({ signals }) => signals.some((one) => one.alert === alert))!;
  const signal = home.signals.find((one) => one.alert === alert)!;
  return { alertname: alert, ...ruleOf(signal, home.component).labels, ...signal.fires[0]!.labels[0] };
}

const named = (matcher: string): string[] => {
  const pattern = new RegExp(`^(?:${/^alertname=~?"(.+)"$/.exec(matcher)?.[1] ?? ''})$`);
  return SIGNALS.map((one) => one.alert).filter((one) => pattern.test(one));
};

export async function routingOutcomes(): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  const check = (name: string, passed: boolean, output = ''): void => {
    outcomes.push({ name, passed, output });
  };
  await withFolder(async (folder) => {
    const file = join(folder, 'alertmanager.yaml');
    writeFileSync(file, alertmanagerConfig());
    const amtool = (...args: string[]) => spawnSync(AMTOOL, args, { encoding: 'utf8' });

    const config = amtool('check-config', file);
    check('amtool accepts the configuration', config.status === 0, config.stderr);

    const receiverOf = (labels: Labels): string => {
      const pairs = Object.entries(labels).map(([label, value]) => `${label}=${JSON.stringify(value)}`);
      return amtool('config', 'routes', 'test', `--config.file=${file}`, ...pairs).stdout.trim();
    };
    const wrong = SIGNALS.flatMap(({ alert, severity }) => {
      const said = receiverOf(labelsOf(alert));
      return said === RECEIVER[severity] ? [] : [`${alert} (${severity}) goes to ${said}`];
    });
    check(
      `each of ${SIGNALS.length} alerts goes to the receiver of its severity`,
      wrong.length === 0,
      wrong.join('\n'),
    );

    for (const { labels, to } of OF_THE_CHART) {
      const said = receiverOf(labels);
      const name = `the chart's ${labels['alertname']} (${labels['severity']}) goes to ${to}`;
      check(name, said === to, `it goes to ${said}`);
    }

    await running(folder, check);
  });
  return outcomes;
}

interface Delivery {
  readonly receiver: string;
  readonly status: 'firing' | 'resolved';
  readonly alerts: readonly { readonly labels: Labels }[];
}

/** The same configuration in a running Alertmanager: receivers are a server here, and a group waits one second instead of thirty. */
async function running(folder: string, check: (name: string, passed: boolean, output?: string) => void): Promise<void> {
  const deliveries: Delivery[] = [];
  const receiver = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      deliveries.push({ ...(JSON.parse(body) as Delivery), receiver: request.url!.slice(1) });
      response.end();
    });
  });
  const [receiverPort, port] = [await freePort(), await freePort()];
  await new Promise<void>((resolve) => receiver.listen(receiverPort, '127.0.0.1', resolve));
  const file = join(folder, 'running.yaml');
  writeFileSync(
    file,
    alertmanagerConfig()
      .replace(/url_file: .*\/([\w-]+)$/gm, `url: http://127.0.0.1:${receiverPort}/$1`)
      .replace(/group_(wait|interval): .*/g, 'group_$1: 1s'),
  );
  const api = `http://127.0.0.1:${port}`;
  const post = async (...alerts: Labels[]): Promise<void> => {
    const endsAt = new Date(Date.now() + 3_600_000).toISOString();
    await send(alerts.map((labels) => ({ labels, endsAt })));
  };
  const send = async (alerts: unknown): Promise<void> => {
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(`${api}/api/v2/alerts`, { method: 'POST', headers, body: JSON.stringify(alerts) });
    if (!answer.ok) throw new Error(`Alertmanager refused an alert: ${await answer.text()}`);
  };
  interface Status {
    readonly labels: Labels;
    readonly status: { readonly inhibitedBy: readonly string[] };
  }
  const inhibited = async (labels: Labels): Promise<boolean | undefined> => {
    const all = (await (await fetch(`${api}/api/v2/alerts`)).json()) as Status[];
    const same = (one: Status): boolean =>
      Object.entries(labels).every(([label, value]) => one.labels[label] === value);
    const found = all.find(same);
    return found === undefined ? undefined : found.status.inhibitedBy.length > 0;
  };

  const args = [
    `--config.file=${file}`,
    `--storage.path=${join(folder, 'data')}`,
    '--cluster.listen-address=',
    `--web.listen-address=127.0.0.1:${port}`,
  ];
  try {
    await withDaemon(ALERTMANAGER, args, `${api}/-/ready`, async () => {
      // What arrives, and where. Names of their own, so that no inhibition of the catalogue is meant.
      const made = (severity: string): Labels => ({
        ...{ alertname: `A${severity}`, severity, component: 'rest', team: 'service', kind: 'symptom' },
        ...{ namespace: 'shop', service: severity },
      });
      const [page, ticket, info] = [made('critical'), made('warning'), made('info')];
      await post(page, ticket, info, ...OF_THE_CHART.map(({ labels }) => labels));
      const arrived = (name: string, receiver: string, status: Delivery['status']) => async () =>
        deliveries.some(
          (one) =>
            one.receiver === receiver &&
            one.status === status &&
            one.alerts.some((it) => it.labels['alertname'] === name),
        );
      const arrives = async (what: string, condition: () => Promise<boolean>): Promise<void> => {
        try {
          await until(condition, 60_000, what);
          check(what, true);
        } catch (error) {
          check(what, false, `${String(error)}; arrived: ${JSON.stringify(deliveries).slice(0, 2000)}`);
        }
      };
      await arrives('a page reaches the pager', arrived('Acritical', 'pager', 'firing'));
      await arrives('a ticket reaches the tickets', arrived('Awarning', 'tickets', 'firing'));
      for (const { labels, to } of OF_THE_CHART) {
        const name = labels['alertname']!;
        if (to === 'tickets') await arrives(`the chart's ${name} becomes a ticket`, arrived(name, to, 'firing'));
      }
      await send([page, ticket].map((labels) => ({ labels, endsAt: new Date(Date.now() - 1000).toISOString() })));
      await arrives('the pager hears that it is over', arrived('Acritical', 'pager', 'resolved'));
      const due = ({ alertname, severity }: Labels): string =>
        OF_THE_CHART.find(({ labels }) => labels['alertname'] === alertname)?.to ??
        RECEIVER[severity as keyof typeof RECEIVER];
      const strays = deliveries.filter((one) => one.alerts.some(({ labels }) => due(labels) !== one.receiver));
      check('information reaches nobody, and nothing the wrong receiver', strays.length === 0, JSON.stringify(strays));

      for (const { source, targets, equal, why } of INHIBITIONS) {
        for (const cause of named(source)) {
          const silenced = named(targets).filter((one) => one !== cause);
          const pair = { place: 'same', ...Object.fromEntries(equal.map((label) => [label, `same-${cause}`])) };
          await post({ ...labelsOf(cause), ...pair });
          const faults: string[] = [];
          for (const target of silenced) {
            const mine = { ...labelsOf(target), ...pair };
            // A place of its own: what is silenced here silences others itself.
            const other = Object.fromEntries(equal.map((label) => [label, `other-${cause}-${target}`]));
            const theirs = { ...labelsOf(target), ...other, place: 'other' };
            await post(mine, theirs);
            // Alertmanager hears of a source a moment after it took it in.
            const silent = until(async () => (await inhibited(mine)) === true, 30_000, target);
            await silent.catch(() => faults.push(`${target} is not silenced`));
            if (equal.length > 0 && (await inhibited(theirs)) !== false)
              faults.push(`${target} is silenced elsewhere too`);
          }
          check(
            `${cause} silences ${silenced.join(', ')} (${why}), and nowhere else`,
            faults.length === 0,
            faults.join('\n'),
          );
        }
      }
    });
  } finally {
    receiver.closeAllConnections();
    await new Promise((resolve) => receiver.close(resolve));
  }
}
