/** Sends a packet for every pair of hosts and every port, and says which connections came about. */
import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { OUTSIDE, type Host, type Layout } from './layout';
import { namespaceOf, OUTSIDE_NAMESPACE } from './wiring';

const PACKETS = join(__dirname, 'packets.py');

/** Lowest and highest port that Linux calls from; anybody outside may use any from 1024 on. */
const SOURCES = [32768, 60999];
const OUTSIDE_SOURCES = [1024, 65535];

/** How long a connection may take, s: one lost first packet is sent again after one. */
const PATIENCE = 2.5;

/** So many hosts call at once: more would only wait for the machine. */
const CALLERS = 8;

/** `from → to:port` of every connection that came about. Hosts by their names, the outside as `internet`. */
export async function measure(layout: Layout, ports: readonly number[]): Promise<Set<string>> {
  const hosts = layout.hosts.filter(({ nat }) => nat === undefined);
  const servers: ChildProcess[] = [];
  try {
    for (const namespace of [...hosts.map((host) => namespaceOf(layout, host)), OUTSIDE_NAMESPACE])
      servers.push(await listening(namespace, ports));
    const open = new Set<string>();
    const callers: (Host | undefined)[] = [...hosts, undefined];
    const work = async () => {
      while (callers.length > 0) {
        for (const one of await called(layout, hosts, callers.shift(), ports)) open.add(one);
      }
    };
    await Promise.all(Array.from({ length: CALLERS }, work));
    return open;
  } finally {
    for (const server of servers) server.kill('SIGKILL');
  }
}

async function called(layout: Layout, hosts: readonly Host[], caller: Host | undefined, ports: readonly number[]): Promise<string[]> {
  const from = caller?.name ?? 'internet';
  // From outside a public address is called where there is one; a private one, to see that it leads nowhere.
  const others = hosts
    .filter((host) => host !== caller)
    .map((host) => [host.name, caller === undefined ? (host.publicAddress ?? host.address) : host.address] as const);
  const targets = caller === undefined ? others : [...others, ['internet', OUTSIDE] as const];
  const names = new Map(targets.map(([name, address]) => [address, name]));
  const request = {
    targets: targets.flatMap(([, address]) => ports.map((port) => [address, port])),
    sources: caller === undefined ? OUTSIDE_SOURCES : SOURCES,
    seconds: PATIENCE,
  };
  const namespace = caller === undefined ? OUTSIDE_NAMESPACE : namespaceOf(layout, caller);
  const answer = await call(namespace, JSON.stringify(request));
  return (JSON.parse(answer) as [string, number, boolean][])
    .filter(([, , opened]) => opened)
    .map(([address, port]) => `${from} → ${names.get(address)!}:${port}`);
}

async function listening(namespace: string, ports: readonly number[]): Promise<ChildProcess> {
  const args = ['netns', 'exec', namespace, 'python3', PACKETS, 'listen', ...ports.map(String)];
  const child = spawn('ip', args, { stdio: ['ignore', 'pipe', 'inherit'] });
  await new Promise<void>((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', () => resolve());
    child.once('exit', (code) => reject(new Error(`nobody listens in ${namespace}: ${code}`)));
  });
  return child;
}

function call(namespace: string, request: string): Promise<string> {
  const child = spawn('ip', ['netns', 'exec', namespace, 'python3', PACKETS, 'call'], { stdio: ['pipe', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.on('data', (text: Buffer) => (output += text.toString()));
  child.stdin.end(request);
  return new Promise((resolve, reject) => {
    child.once('close', (code) => (code === 0 ? resolve(output) : reject(new Error(`nobody calls from ${namespace}: ${code}`))));
  });
}
