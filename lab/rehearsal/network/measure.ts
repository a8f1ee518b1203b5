/** Sends packets for every pair of hosts and every port, and says which connections came about. */
import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { OUTSIDE, type Host, type Layout } from './layout';
import { namespaceOf, OUTSIDE_NAMESPACE } from './wiring';

const PACKETS = join(__dirname, 'packets.py');

/** Lowest and highest port that Linux calls from; anybody outside may use any from 1024 on. */
const SOURCES = [32768, 60999];
const OUTSIDE_SOURCES = [1024, 65535];

/** How long connections may take at first, s. */
const PATIENCE = 1;

/** What should be open is asked again, and longer: on a busy machine packets come late, and a connection that came about is proof. */
const SECOND_PATIENCE = 5;
const SECOND_CHANCES = 4;

interface Attempt {
  /** `from → to:port` */
  readonly name: string;
  readonly namespace: string;
  readonly address: string;
  readonly port: number;
  readonly source: number;
}

/**
 * `from → to:port` of every connection that came about, from each of the source ports. Hosts by their names, the outside as
 * `internet`.
 *
 * @param hoped what is asked again when it did not
 */
export async function measure(
  layout: Layout,
  ports: readonly number[],
  hoped: ReadonlySet<string>,
): Promise<ReadonlySet<string>> {
  const hosts = layout.hosts.filter(({ nat }) => nat === undefined);
  const namespaces = [...hosts.map((host) => namespaceOf(layout, host)), OUTSIDE_NAMESPACE];
  const server = await listening(namespaces, ports);
  try {
    const attempts = [...hosts, undefined].flatMap((caller) => attemptsOf(layout, hosts, caller, ports));
    let failed = await unanswered(attempts, PATIENCE);
    for (let chance = 0; chance < SECOND_CHANCES && failed.some(({ name }) => hoped.has(name)); chance++) {
      const again = await unanswered(
        failed.filter(({ name }) => hoped.has(name)),
        SECOND_PATIENCE,
      );
      failed = [...failed.filter(({ name }) => !hoped.has(name)), ...again];
    }
    const closed = new Set(failed.map(({ name }) => name));
    return new Set(attempts.map(({ name }) => name).filter((name) => !closed.has(name)));
  } finally {
    server.kill('SIGKILL');
  }
}

function attemptsOf(
  layout: Layout,
  hosts: readonly Host[],
  caller: Host | undefined,
  ports: readonly number[],
): Attempt[] {
  const from = caller?.name ?? 'internet';
  const namespace = caller === undefined ? OUTSIDE_NAMESPACE : namespaceOf(layout, caller);
  // From outside a public address is called where there is one; a private one, to see that it leads nowhere.
  const others = hosts
    .filter((host) => host !== caller)
    .map((host) => [host.name, caller === undefined ? (host.publicAddress ?? host.address) : host.address] as const);
  const targets = caller === undefined ? others : [...others, ['internet', OUTSIDE] as const];
  const sources = caller === undefined ? OUTSIDE_SOURCES : SOURCES;
  return targets.flatMap(([to, address]) =>
    ports.flatMap((port) =>
      sources.map((source) => ({ name: `${from} → ${to}:${port}`, namespace, address, port, source })),
    ),
  );
}

async function unanswered(attempts: readonly Attempt[], seconds: number): Promise<Attempt[]> {
  const calls = attempts.map(({ namespace, address, port, source }) => [namespace, address, port, source]);
  const child = spawn('python3', [PACKETS, 'call'], { stdio: ['pipe', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.on('data', (text: Buffer) => (output += text.toString()));
  child.stdin.end(`${JSON.stringify({ calls, seconds })}\n`);
  await new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => (code === 0 ? resolve() : reject(new Error(`nobody calls: ${code}`))));
  });
  const opened = JSON.parse(output) as readonly boolean[];
  return attempts.filter((_, at) => !opened[at]);
}

async function listening(namespaces: readonly string[], ports: readonly number[]): Promise<ChildProcess> {
  const child = spawn('python3', [PACKETS, 'listen'], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.write(`${JSON.stringify({ namespaces, ports })}\n`);
  await new Promise<void>((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', () => resolve());
    child.once('exit', (code) => reject(new Error(`nobody listens: ${code}`)));
  });
  return child;
}
