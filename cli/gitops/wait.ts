/** `cimiento gitops wait`: until everything that git asks for is there and works, or for so long; and then what it waits for. */
import type { Command } from 'commander';
import type { ApplicationStatus } from '../../modules/argocd';
import { Rejection } from '../../modules/rejection';
import { connect, type ConnectOptions, reading } from './connect';
import { lineOf, look } from './status';

interface WaitOptions extends ConnectOptions {
  readonly timeout: string;
  readonly revision?: string;
}

export function registerWait(gitops: Command): void {
  reading(gitops.command('wait'))
    .description('until every application is Synced and Healthy; exit 1 when time is up, with what blocks')
    .option('--timeout <seconds>', 'longest wait', '600')
    .option('--revision <commit>', 'also until the root is at this commit (its beginning is enough)')
    .action(wait);
}

async function wait(options: WaitOptions): Promise<void> {
  const limit = seconds(options.timeout);
  const { cluster } = await connect(options, false);
  const began = Date.now();
  const board = new Board();
  for (;;) {
    const applications = await look(cluster);
    const waitsFor = blockerOf(applications, options.revision);
    const elapsed = (Date.now() - began) / 1000;
    board.show(applications, elapsed);
    if (waitsFor === undefined || elapsed > limit) {
      board.clear();
      report(options, { applications, waitsFor, elapsed });
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}

/** The first that blocks, in the order of waves; undefined when all is well. Pure. */
export function blockerOf(applications: readonly ApplicationStatus[], revision?: string): string | undefined {
  const root = applications.find(({ wave }) => wave === undefined);
  if (root === undefined) return 'there is no root Application';
  if (revision !== undefined && root.revision?.startsWith(revision) !== true) {
    // What keeps the root from looking at git is told before what commit it is at.
    if (root.blockedBy !== undefined) return `${root.name}: ${root.blockedBy}`;
    return `${root.name}: it is at ${root.revision ?? 'no commit'}, not at ${revision}`;
  }
  // The root waits for its children, so a child tells more.
  const blocked = [...applications.filter((one) => one !== root), root].find(
    ({ blockedBy }) => blockedBy !== undefined,
  );
  return blocked === undefined ? undefined : `${blocked.name}: ${blocked.blockedBy}`;
}

export function seconds(text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new Rejection('--timeout', `"${text}" is no number of seconds`, 'such as 600');
  return value;
}

function report(
  { json, timeout }: WaitOptions,
  seen: { applications: readonly ApplicationStatus[]; waitsFor: string | undefined; elapsed: number },
): void {
  const { applications, waitsFor, elapsed } = seen;
  const took = Math.round(elapsed * 10) / 10;
  if (json) process.stdout.write(`${JSON.stringify({ applications, blockedBy: waitsFor, seconds: took }, null, 2)}\n`);
  else {
    for (const one of applications) process.stdout.write(`${lineOf(one)}\n`);
    if (waitsFor === undefined) {
      process.stdout.write(`${applications.length} applications Synced and Healthy after ${took} s\n`);
    } else process.stderr.write(`not there after ${timeout} s; first in the way is ${waitsFor}\n`);
  }
  if (waitsFor !== undefined) process.exitCode = 1;
}

/** On stderr: on a terminal a line an application, overwritten as they move; elsewhere a line each time that one has moved. */
class Board {
  #lines = 0;
  readonly #last = new Map<string, string>();

  show(applications: readonly ApplicationStatus[], elapsed: number): void {
    if (!process.stderr.isTTY) {
      for (const one of applications) {
        const line = lineOf(one);
        if (line !== this.#last.get(one.name)) process.stderr.write(`${Math.round(elapsed)} s  ${line}\n`);
        this.#last.set(one.name, line);
      }
      return;
    }
    this.clear();
    const lines = [...applications.map(lineOf), `${Math.round(elapsed)} s`].flatMap((one) => one.split('\n'));
    const width = process.stderr.columns || 80;
    for (const line of lines) process.stderr.write(`${line.slice(0, width + 9)}\n`);
    this.#lines = lines.length;
  }

  clear(): void {
    if (this.#lines > 0) process.stderr.write(`\u001b[${this.#lines}A\u001b[J`);
    this.#lines = 0;
  }
}
