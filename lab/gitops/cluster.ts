/** The lab's cluster as the journey sees it: kubectl, the commands under test, and waiting for a condition instead of a time. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ApplicationStatus } from '../../modules/argocd';

export const PROJECT = join(__dirname, '../..');
export const LAB = join(PROJECT, 'lab/lab');

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly seconds: number;
}

/** Runs a program to its end. */
export function run(program: string, args: readonly string[], cwd = PROJECT): Promise<Ended> {
  const began = Date.now();
  return new Promise((resolve) => {
    execFile(program, args, { cwd, maxBuffer: 2 ** 28, encoding: 'utf8' }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : 1;
      resolve({ code, stdout, stderr, seconds: (Date.now() - began) / 1000 });
    });
  });
}

/** @throws Error with the program's words when it fails */
export async function must(program: string, args: readonly string[], cwd?: string): Promise<string> {
  const { code, stdout, stderr } = await run(program, args, cwd);
  if (code !== 0) throw new Error(`${program} ${args.join(' ')}: ${stderr.trim() || stdout.trim()}`);
  return stdout;
}

export const kubectl = (...args: string[]): Promise<string> => must('kubectl', args);

/** The command under test, on the lab. */
export const gitops = (command: string, ...args: string[]): Promise<Ended> =>
  run(join(PROJECT, 'bin/cimiento'), ['gitops', command, '--target', 'lab', ...args]);

export async function statusOf(name: string): Promise<ApplicationStatus | undefined> {
  const { stdout } = await gitops('status', '--json');
  const { applications } = JSON.parse(stdout) as { applications: ApplicationStatus[] };
  return applications.find((one) => one.name === name);
}

/**
 * Asks until there is an answer.
 *
 * @returns the answer and the seconds it took. @throws Error when there is none in `limit` seconds
 */
export async function until<T>(what: string, limit: number, ask: () => Promise<T | undefined>, pause = 250): Promise<[T, number]> {
  const began = Date.now();
  let trouble = '';
  for (;;) {
    try {
      const answer = await ask();
      if (answer !== undefined) return [answer, (Date.now() - began) / 1000];
    } catch (error) {
      trouble = `; last: ${error instanceof Error ? error.message : String(error)}`;
    }
    if (Date.now() - began > limit * 1000) throw new Error(`${what}: not so after ${limit} s${trouble}`);
    await sleep(pause);
  }
}

export interface Pod {
  readonly name: string;
  readonly image: string;
  readonly ready: boolean;
  readonly going: boolean;
}

export async function pods(): Promise<Pod[]> {
  const { items } = JSON.parse(
    await kubectl('get', 'pods', '-n', 'hello-api', '-l', 'app.kubernetes.io/name=hello-api', '-o', 'json'),
  ) as {
    items: {
      metadata: { name: string; deletionTimestamp?: string };
      spec: { containers: { image: string }[] };
      status: { conditions?: { type: string; status: string }[] };
    }[];
  };
  return items.map(({ metadata, spec, status }) => ({
    name: metadata.name,
    image: spec.containers[0]!.image,
    ready: (status.conditions ?? []).some(({ type, status: is }) => type === 'Ready' && is === 'True'),
    going: metadata.deletionTimestamp !== undefined,
  }));
}

/** Of the service, inside the lab and from the host. */
export const address = (): Promise<string> =>
  kubectl('get', 'service', 'hello-api', '-n', 'hello-api', '-o', 'jsonpath={.spec.clusterIP}');

/** The commit that an Application of ours is told to be at. */
export const commitOf = async (name: string): Promise<string> =>
  (await kubectl('get', 'application', name, '-n', 'argocd', '-o', 'jsonpath={.spec.source.targetRevision}')).trim();

/** Every object of the cluster, as `Kind namespace/name`; without what comes and goes by itself. */
export async function inventory(): Promise<string[]> {
  const all = (await kubectl('api-resources', '--verbs=list', '-o', 'name')).trim().split('\n');
  const fleeting = /^(events(\..*)?|leases\..*|endpoints|endpointslices\..*|componentstatuses|.*\.metrics\.k8s\.io)$/;
  const names = all.filter((name) => !fleeting.test(name)).join(',');
  const columns = 'custom-columns=K:.kind,NS:.metadata.namespace,N:.metadata.name';
  const lines = await kubectl('get', names, '--all-namespaces', '--no-headers', '--ignore-not-found', '-o', columns);
  return [...new Set(lines.trim().split('\n').map((line) => line.trim().replace(/\s+/g, ' ')))].sort();
}
