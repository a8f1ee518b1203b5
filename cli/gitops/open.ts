/**
 * `cimiento gitops open`: what a person looks at once all runs. Prints what Prometheus has measured of the service, and serves
 * Grafana on this machine until Ctrl-C.
 */
import { type AddressInfo } from 'node:net';
import type { Command } from 'commander';
import type { KubeConfig } from '@kubernetes/client-node';
import type { Cluster } from '../../modules/argocd';
import { Rejection } from '../../modules/rejection';
import { table } from '../../modules/report/table';
import { connect, type ConnectOptions, reading } from './connect';
import { forward, type ForwardedService, podBehind } from './port-forward';

interface OpenOptions extends ConnectOptions {
  readonly port: string;
  readonly metricsOnly?: boolean;
}

/** The operator's own Service: it is there whatever the release is called. */
const PROMETHEUS: ForwardedService = { namespace: 'monitoring', name: 'prometheus-operated', port: 9090 };
const GRAFANA: ForwardedService = { namespace: 'monitoring', name: 'kps-grafana', port: 3000 };
const SERVICE = 'namespace="hello-api"';

/** Series of haproxy and gunicorn as lab/expositions/recordings has them. */
const QUESTIONS: readonly { readonly what: string; readonly unit: string; readonly query: string }[] = [
  { what: 'scraped ports of the pods', unit: '', query: `count(up{${SERVICE}} == 1)` },
  {
    what: 'requests',
    unit: '/s',
    query: `sum(rate(haproxy_frontend_http_requests_total{${SERVICE},proxy="edge"}[2m]))`,
  },
  {
    what: 'answered with 5xx',
    unit: '/s',
    query: `sum(rate(haproxy_frontend_http_responses_total{${SERVICE},proxy="edge",code="5xx"}[2m]))`,
  },
  {
    what: '99th percentile of the handler',
    unit: 's',
    query: `histogram_quantile(0.99, sum by (le) (rate(flask_http_request_duration_seconds_bucket{${SERVICE}}[2m])))`,
  },
  { what: 'threads busy', unit: '', query: `sum(gunicorn_threads_busy{${SERVICE}})` },
];

export function registerOpen(gitops: Command): void {
  reading(gitops.command('open'))
    .description('what Prometheus has measured of the service, and Grafana on this machine until Ctrl-C')
    .option('--port <number>', "Grafana's port on 127.0.0.1", '3000')
    .option('--metrics-only', 'the measurements, and no Grafana')
    .action(open);
}

async function open(options: OpenOptions): Promise<void> {
  const local = port(options.port);
  const { cluster, config } = await connect(options, false);
  const measured = await measure(cluster, config);
  const rows = QUESTIONS.map(({ what, unit }, at) => ({ what, unit, value: measured[at] }));
  if (options.json === true) process.stdout.write(`${JSON.stringify({ measured: rows }, null, 2)}\n`);
  else {
    const cells = rows.map(({ what, unit, value }) => [what, value === undefined ? '-' : `${shown(value)} ${unit}`]);
    process.stdout.write(`${table([{ head: 'hello-api' }, { head: 'last 2 minutes' }], cells)}\n`);
  }
  if (options.metricsOnly === true) return;

  const pod = await podBehind(cluster, GRAFANA);
  if (pod === undefined) throw missing(GRAFANA, 'is kube-prometheus-stack Synced and Healthy? The lab has no Grafana');
  const server = await forward(config, { ...GRAFANA, name: pod }, local);
  const { port: listening } = server.address() as AddressInfo;
  process.stdout.write(
    `\nGrafana: http://127.0.0.1:${listening}/dashboards (user admin; Ctrl-C ends it). Its password:\n` +
      "  kubectl get secret grafana-admin -n monitoring -o jsonpath='{.data.admin-password}' | base64 -d\n",
  );
  await new Promise((resolve) => process.once('SIGINT', resolve));
  server.close();
}

/** An answer a question; undefined where there is no sample. @throws Rejection when there is no Prometheus */
async function measure(cluster: Cluster, config: KubeConfig): Promise<(number | undefined)[]> {
  const pod = await podBehind(cluster, PROMETHEUS);
  if (pod === undefined) throw missing(PROMETHEUS, 'on the lab: `lab/lab up --monitoring`');
  const server = await forward(config, { ...PROMETHEUS, name: pod }, 0);
  const { port: listening } = server.address() as AddressInfo;
  try {
    const answers: (number | undefined)[] = [];
    for (const { query } of QUESTIONS) {
      const url = `http://127.0.0.1:${listening}/api/v1/query?query=${encodeURIComponent(query)}`;
      const { data } = (await (await fetch(url, { headers: { connection: 'close' } })).json()) as {
        data?: { result: { value: [number, string] }[] };
      };
      const value = Number(data?.result[0]?.value[1]);
      answers.push(Number.isFinite(value) ? value : undefined);
    }
    return answers;
  } finally {
    server.close();
  }
}

const missing = ({ namespace, name }: ForwardedService, fix: string): Rejection =>
  new Rejection(`Service ${namespace}/${name}`, 'no ready pod stands behind it', fix);

const shown = (value: number): string => (Number.isInteger(value) ? String(value) : value.toPrecision(3));

function port(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 0 && value < 65536) return value;
  throw new Rejection('--port', `"${text}" is no port`, 'such as 3000');
}
