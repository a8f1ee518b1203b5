/**
 * Whom an alert reaches: the real Alertmanager with the generated configuration. Each alert goes to the receiver of its severity,
 * each inhibition silences what it names in the same cluster and nothing in another, and pages, tickets and their ends arrive.
 */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { parse } from 'yaml';
import { alertmanagerConfig, CATALOGUE, ruleOf, SIGNALS } from '../../modules/monitoring';
import { freePort, until, withDaemon, withFolder } from './daemon';
import { ALERTMANAGER, AMTOOL, type Outcome } from './promtool';
import { OF_THE_CHART, RECEIVERS, SILENCED, SILENT, type Labels } from './who-hears';

/** An alert as Prometheus would send it, from the first series under which it fires. */
function labelsOf(alert: string): Labels {
  const home = CATALOGUE.find(({ signals }) => signals.some((one) => one.alert === alert))!;
  const signal = home.signals.find((one) => one.alert === alert)!;
  return { alertname: alert, ...ruleOf(signal, home.component).labels, ...signal.fires[0]!.labels[0] };
}

const labels = (one: string | Labels): Labels => (typeof one === 'string' ? labelsOf(one) : one);

const receiverOf = (severity: keyof typeof RECEIVERS): string => {
  const found = RECEIVERS[severity];
  return found === 'nobody' ? SILENT : found.name;
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

    const routed = (alert: Labels): string => {
      const pairs = Object.entries(alert).map(([label, value]) => `${label}=${JSON.stringify(value)}`);
      return amtool('config', 'routes', 'test', `--config.file=${file}`, ...pairs).stdout.trim();
    };
    const wrong = SIGNALS.flatMap(({ alert, severity }) => {
      const said = routed(labelsOf(alert));
      return said === receiverOf(severity) ? [] : [`${alert} (${severity}) goes to ${said}`];
    });
    check(
      `each of ${SIGNALS.length} alerts goes to the receiver of its severity`,
      wrong.length === 0,
      wrong.join('\n'),
    );

    for (const { labels: alert, to } of OF_THE_CHART) {
      const said = routed(alert);
      const name = `the chart's ${alert['alertname']} (${alert['severity']}) goes to ${to}`;
      check(name, said === to, `it goes to ${said}`);
    }

    habits(parse(alertmanagerConfig()) as Config, check);

    await running(folder, check);
  });
  return outcomes;
}

type Check = (name: string, passed: boolean, output?: string) => void;

/** What is read of the configuration here. */
interface Config {
  readonly route: Route & { readonly routes: readonly Route[] };
  readonly receivers: readonly { readonly name: string; readonly webhook_configs?: readonly Webhook[] }[];
}
interface Route {
  readonly receiver: string;
  readonly repeat_interval?: string;
}
interface Webhook {
  readonly send_resolved?: boolean;
}

/** How often each receiver is told, and whether of the end: hours, for which nobody waits here. */
function habits({ route, receivers }: Config, check: Check): void {
  for (const wanted of Object.values(RECEIVERS)) {
    if (wanted === 'nobody') continue;
    const { name, again, over } = wanted;
    const intervals = [route, ...route.routes]
      .filter((one) => one.receiver === name)
      .map((one) => one.repeat_interval ?? route.repeat_interval);
    const told = intervals.length > 0 && intervals.every((one) => one === again);
    check(`${name} is told again after ${again}`, told, `it is after ${intervals.join(', ') || 'nothing'}`);
    const ends = receivers
      .filter((one) => one.name === name)
      .flatMap((one) => one.webhook_configs ?? [])
      .map((one) => one.send_resolved);
    const right = ends.length > 0 && ends.every((one) => one === over);
    check(`${name} is ${over ? 'told' : 'not told'} of the end`, right, `send_resolved: ${ends.join(', ')}`);
  }
  const loud = receivers.filter((one) => one.name === SILENT).flatMap((one) => one.webhook_configs ?? []);
  check(`${SILENT} tells nobody`, loud.length === 0, JSON.stringify(loud));
}

interface Delivery {
  readonly receiver: string;
  readonly status: 'firing' | 'resolved';
  readonly alerts: readonly { readonly labels: Labels }[];
}

/** The same configuration in a running Alertmanager: receivers are a server here, and a group waits one second instead of thirty. */
async function running(folder: string, check: Check): Promise<void> {
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
    await send(alerts.map((one) => ({ labels: one, endsAt })));
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
  /** The `case` labels of alerts that an inhibition keeps quiet now. */
  const quiet = async (): Promise<Set<string>> => {
    const all = (await (await fetch(`${api}/api/v2/alerts`)).json()) as Status[];
    return new Set(all.filter((one) => one.status.inhibitedBy.length > 0).map((one) => one.labels['case']!));
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
      const [page, ticket, info, beat] = [made('critical'), made('warning'), made('info'), labelsOf('Watchdog')];
      await post(page, ticket, info, beat, ...OF_THE_CHART.map((one) => one.labels));
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
      await arrives("the watchdog reaches the dead-man's switch", arrived('Watchdog', 'dead-man', 'firing'));
      for (const { labels: alert, to } of OF_THE_CHART) {
        const name = alert['alertname']!;
        if (to === 'tickets') await arrives(`the chart's ${name} becomes a ticket`, arrived(name, to, 'firing'));
      }
      const endsAt = new Date(Date.now() - 1000).toISOString();
      await send([beat, page, ticket].map((one) => ({ labels: one, endsAt })));
      await arrives('the pager hears that it is over', arrived('Acritical', 'pager', 'resolved'));
      await arrives('the tickets hear that it is over', arrived('Awarning', 'tickets', 'resolved'));

      await inhibitions(post, quiet, check);

      const due = (alert: Labels): string =>
        'component' in alert
          ? receiverOf(alert['severity'] as keyof typeof RECEIVERS)
          : (OF_THE_CHART.find((one) => one.labels['alertname'] === alert['alertname'])?.to ?? 'tickets');
      const strays = deliveries.filter((one) => one.alerts.some((it) => due(it.labels) !== one.receiver));
      check('information reaches nobody, and nothing the wrong receiver', strays.length === 0, JSON.stringify(strays));
      const beats = deliveries.filter((one) => one.receiver === 'dead-man' && one.status === 'resolved');
      check("the dead-man's switch hears of no end", beats.length === 0, JSON.stringify(beats));
    });
  } finally {
    receiver.closeAllConnections();
    await new Promise((resolve) => receiver.close(resolve));
  }
}

/** Each line of the table in a place of its own, then everything at once: what the table does not name is heard. */
async function inhibitions(
  post: (...alerts: Labels[]) => Promise<void>,
  quiet: () => Promise<Set<string>>,
  check: Check,
): Promise<void> {
  for (const { cause, silent, same } of SILENCED) {
    const name = labels(cause)['alertname']!;
    for (const target of silent) {
      const place = `${name} and ${labels(target)['alertname']}`;
      // A label that one of the two does not have is not the same, and not put there.
      const missing = same.filter((label) => !(label in labels(cause) && label in labels(target)));
      const here = Object.fromEntries(same.filter((one) => !missing.includes(one)).map((label) => [label, place]));
      const mine = { ...labels(target), ...here, case: place };
      const others = same.map((label) => ({ ...mine, [label]: `not ${place}`, case: `${place}, another ${label}` }));
      await post({ ...labels(cause), ...here, case: `${place}, the cause` }, ...others, mine);
      const faults = missing.map((label) => `not both have a ${label}`);
      // Alertmanager hears of a cause a moment after it took it in.
      const hushed = until(async () => (await quiet()).has(place), 30_000, place);
      await hushed.catch(() => faults.push('it is not silenced'));
      const now = await quiet();
      faults.push(...others.filter((one) => now.has(one.case)).map((one) => `${one.case} is silenced too`));
      const where = same.length === 0 ? 'anywhere' : `of the same ${same.join(' and ')} only`;
      check(`${name} silences ${labels(target)['alertname']} ${where}`, faults.length === 0, faults.join('\n'));
    }
  }

  const named = (one: Labels): string => `${one['alertname']} (${one['severity']}), all at once`;
  const everywhere = new Set(SILENCED.flatMap(({ same }) => same));
  const all = [
    ...SIGNALS.map(({ alert }) => labelsOf(alert)),
    ...OF_THE_CHART.map((one) => one.labels),
    ...SILENCED.flatMap(({ cause, silent }) => [cause, ...silent]).filter((one) => typeof one !== 'string'),
  ].map((one) => ({
    ...Object.fromEntries(Object.entries(one).map(([key, value]) => [key, everywhere.has(key) ? 'one' : value])),
    case: named(one),
  }));
  const wanted = new Set(SILENCED.flatMap(({ silent }) => silent.map((one) => named(labels(one)))));
  await post(...all);
  const of = async (): Promise<string[]> => [...(await quiet())].filter((one) => one.endsWith(', all at once'));
  const settled = until(async () => (await of()).length >= wanted.size, 30_000, 'all at once').catch(() => undefined);
  await settled;
  const found = await of();
  const differ = [
    ...found.filter((one) => !wanted.has(one)).map((one) => `${one}: silenced`),
    ...[...wanted].filter((one) => !found.includes(one)).map((one) => `${one}: not silenced`),
  ];
  check(
    `of ${all.length} alerts at once in one place, the ${wanted.size} that others explain are silent`,
    differ.length === 0,
    differ.join('\n'),
  );
}
