/** Terraform stopped in the middle of an apply, and two of them at once. */
import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { startStandIn } from './stand-in';
import type { Tally } from './tally';
import { complaint, start, terraform, type Outcome } from './terraform';
import { Workspace } from './workspace';

/** How long each request takes, s: ten go at once, so that the network's 234 take a quarter of a minute. */
export const SLOW = 0.5;

/** Resources there must be when it is stopped: some made, most not. */
const HALFWAY = 60;

export async function rehearseInterruptions(tally: Tally): Promise<void> {
  await interrupted(tally, 'SIGINT', 'Ctrl-C');
  await interrupted(tally, 'SIGKILL', 'a kill');
  await twoAtOnce(tally);
}

async function interrupted(tally: Tally, signal: 'SIGINT' | 'SIGKILL', name: string): Promise<void> {
  const workspace = new Workspace(`interrupted-${signal.toLowerCase()}`);
  tally.doing(`${name}: synthesizing`);
  await workspace.synthesize([]);
  const folder = workspace.path('cdktf.out/stacks/network');

  const slow = await startStandIn(workspace, undefined, { seconds: SLOW });
  await terraform(folder, ['init'], slow.environment);
  tally.doing(`${name}: applying, to be stopped`);
  const run = start(folder, ['apply', '-auto-approve'], slow.environment);
  await made(workspace, HALFWAY);
  // Ten requests are under way: the last answers have been written down, the next are not there yet.
  await writtenDown(workspace);
  run.child.kill(signal);
  const first = await run.done;
  await slow.stop();
  const before = created(workspace);
  tally.record(`${name}: the apply ended in its middle`, first.code !== 0 && before >= HALFWAY, said(first));

  // A new process, with what the account remembers.
  const standIn = await startStandIn(workspace);
  try {
    tally.doing(`${name}: applying again`);
    const second = await terraform(folder, ['apply', '-auto-approve'], standIn.environment);
    const added = Number(/(\d+) added/.exec(second.output)?.[1] ?? 0);
    tally.record(`${name}: the next apply makes the rest`, second.code === 0 && added > 0, said(second));
    tally.record(`${name}: nothing was made twice`, before + added === created(workspace), `${before} + ${added}`);
    const inState = known(workspace);
    tally.record(`${name}: the state knows all that exists`, inState === created(workspace), `${inState} of ${created(workspace)}`);
    const again = await terraform(folder, ['plan', '-detailed-exitcode'], standIn.environment);
    tally.record(`${name}: then nothing is left to do`, again.code === 0, said(again));
    tally.print(`${name}: stopped after ${before} of ${before + added}, the next apply made the other ${added}`);
  } finally {
    await standIn.stop();
  }
}

async function twoAtOnce(tally: Tally): Promise<void> {
  const workspace = new Workspace('two-at-once');
  tally.doing('two at once: synthesizing');
  await workspace.synthesize([]);
  const folder = workspace.path('cdktf.out/stacks/network');
  const standIn = await startStandIn(workspace, undefined, { seconds: SLOW });
  try {
    await terraform(folder, ['init'], standIn.environment);
    const first = start(folder, ['apply', '-auto-approve'], standIn.environment);
    await made(workspace, 1);
    tally.doing('two at once: the second, while the first is at it');
    const second = await terraform(folder, ['apply', '-auto-approve'], standIn.environment);
    tally.record('two at once: the second is refused, and told who holds the lock', refusedByLock(second), said(second));
    const { code, output } = await first.done;
    tally.record('two at once: the first finishes', code === 0, complaint(output));
    tally.print(`two at once: "${said(second).slice(0, 110)}…"`);
  } finally {
    await standIn.stop();
  }
}

/** Whether it was told that somebody else is at it, and who. */
export const refusedByLock = ({ code, output }: Outcome): boolean =>
  code === 1 && /Error acquiring the state lock[\s\S]*Who:/.test(output);

const said = ({ output }: Outcome): string => complaint(output).slice(0, 300);

function journal(workspace: Workspace): string {
  const file = workspace.path('account.jsonl');
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

const created = (workspace: Workspace): number => journal(workspace).split('"op":"create"').length - 1;

/** Waits until so many resources exist. */
export async function made(workspace: Workspace, count: number): Promise<void> {
  for (let waited = 0; created(workspace) < count; waited++) {
    if (waited > 6000) throw new Error(`after 5 minutes only ${created(workspace)} of ${count} resources were made`);
    await sleep(50);
  }
}

/**
 * Waits until Terraform's state has all that was made, and nothing has been written for a third of a request's time. What is made
 * and not yet written down a kill loses; and a kill while the file is written leaves half a file, for it is written in place.
 */
async function writtenDown(workspace: Workspace): Promise<void> {
  const settled = (): boolean => known(workspace) === created(workspace);
  for (let before = -1, waited = 0; before !== created(workspace) || !settled(); waited++) {
    if (waited > 300) throw new Error('after a minute the state still lacked what had been made');
    before = settled() ? created(workspace) : -1;
    await sleep((SLOW / 3) * 1000);
  }
}

/** How many resources the state has; nothing while it is being written. */
function known(workspace: Workspace): number | undefined {
  try {
    return resources(readFileSync(workspace.path('.state/network.tfstate'), 'utf8'));
  } catch {
    return undefined;
  }
}

const resources = (state: string): number =>
  (JSON.parse(state) as { readonly resources: readonly { mode: string; instances: readonly unknown[] }[] }).resources
    .filter(({ mode }) => mode === 'managed')
    .reduce((sum, { instances }) => sum + instances.length, 0);
