/**
 * The reachability model against packets: the same platform, once compiled from the synthesized JSON, once built of namespaces
 * from what Terraform says it made. Every pair of hosts and every port must agree, also when a fault is planted.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readTerraformFiles } from '../../../cli/terraform-files';
import { connect, INTERNET, reachability, type Reachability } from '../../../modules/checks/reachability';
import { PROBED } from '../../../modules/checks/reachability/matrix';
import { loadTerraform, resolveProject } from '../../../modules/checks/terraform';
import { startStandIn, type StandIn } from '../stand-in';
import type { Tally } from '../tally';
import { complaint, terraform } from '../terraform';
import { Workspace, type Stack } from '../workspace';
import { layOut } from './layout';
import { measure } from './measure';
import { NETWORK_SEEDS } from './seeds';
import { existing } from './state';
import { build, remove } from './wiring';

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

const PORTS = [...new Set(Object.values(PROBED).flat())];

export async function rehearseNetwork(tally: Tally): Promise<void> {
  execFileSync(join(__dirname, '../../packages'), ['nft:nftables', 'ip:iproute2'], { stdio: 'inherit' });
  const workspace = new Workspace('network');
  tally.doing('synthesizing');
  const stacks = (await workspace.synthesize([])).filter(({ name }) => name !== 'gitops');
  const standIn = await startStandIn(workspace);
  try {
    for (const stack of stacks) {
      tally.doing(`applying ${stack.name}`);
      await terraform(stack.folder, ['init'], standIn.environment);
      await apply(tally, stack, standIn);
    }
    await compared(tally, 'the platform', workspace, stacks, standIn);
    const network = stacks.find(({ name }) => name === 'network')!;
    const file = join(network.folder, 'cdk.tf.json');
    const clean = readFileSync(file, 'utf8');
    for (const { name, plant, cell, becomes } of NETWORK_SEEDS) {
      const json: unknown = JSON.parse(clean);
      plant(json);
      writeFileSync(file, JSON.stringify(json, null, 2));
      await apply(tally, network, standIn);
      const { matrix, measured } = await compared(tally, name, workspace, stacks, standIn);
      const open = becomes === 'open';
      const found = matrix.cells.find((one) => `${one.from} → ${one.to}, ${one.service}` === cell);
      tally.record(`${name}: the model says that ${cell} is ${becomes}`, found?.open === open, JSON.stringify(found));
      tally.record(`${name}: so do packets`, inCell(matrix, cell, measured) === open, `expected ${becomes}`);
    }
  } finally {
    await standIn.stop();
  }
}

async function apply(tally: Tally, { name, folder }: Stack, { environment }: StandIn): Promise<void> {
  const { code, output } = await terraform(folder, ['apply', '-auto-approve'], environment);
  if (code !== 0) tally.record(`apply of ${name}`, false, complaint(output));
}

async function compared(
  tally: Tally,
  what: string,
  workspace: Workspace,
  stacks: readonly Stack[],
  { environment }: StandIn,
): Promise<{ matrix: Reachability; measured: ReadonlySet<string> }> {
  tally.doing(`${what}: building the network`);
  const output = workspace.path('cdktf.out');
  const project = await resolveProject(loadTerraform(readTerraformFiles(output), output));
  const matrix = reachability(project, { allow: [] });
  const layout = layOut(await existing(stacks, environment));
  const began = performance.now();
  // Namespaces outlive the process that made them.
  const stopped = () => void remove(layout).finally(() => process.exit(130));
  for (const signal of SIGNALS) process.once(signal, stopped);
  try {
    await build(layout);
    tally.doing(`${what}: sending packets`);
    const measured = await measure(layout, PORTS);
    const { said, asked } = modelled(matrix);
    const differing = [...new Set([...said, ...measured])].filter((one) => said.has(one) !== measured.has(one));
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    tally.record(`${what}: model and packets agree`, differing.length === 0, differing.slice(0, 5).map((one) => `${one} is ${measured.has(one) ? 'open' : 'closed'} to packets`).join('; '));
    const hosts = layout.hosts.filter(({ nat }) => nat === undefined).map(({ name }) => name);
    tally.record(`${what}: the same hosts in both`, same(hosts, matrix.network.parties.map(({ id }) => id)));
    tally.print(`${what}: ${asked} connections tried between ${hosts.length} hosts and the internet, ${measured.size} open, ${differing.length} other than the model says, ${seconds} s`);
    return { matrix, measured };
  } finally {
    for (const signal of SIGNALS) process.off(signal, stopped);
    await remove(layout);
  }
}

/** What the model says of every pair and port, in the words of `measure`. */
function modelled({ network }: Reachability): { said: Set<string>; asked: number } {
  const ends = [...network.parties, INTERNET];
  const said = new Set<string>();
  let asked = 0;
  for (const from of ends)
    for (const to of ends) {
      if (from === to) continue;
      for (const port of PORTS) {
        asked++;
        if (connect(network, from, to, port).open) said.add(`${from.id} → ${to.id}:${port}`);
      }
    }
  return { said, asked };
}

/** Whether any measured connection belongs to the cell `from → to, service`. */
function inCell({ network }: Reachability, cell: string, measured: ReadonlySet<string>): boolean {
  const [, from, to, service] = /^(.*) → (.*), (.*)$/.exec(cell) as unknown as [string, string, string, string];
  const members = (segment: string) =>
    segment === INTERNET.id ? [segment] : network.parties.filter(({ subnet }) => subnet.segment === segment).map(({ id }) => id);
  return members(from).some((one) => members(to).some((other) => PROBED[service]!.some((port) => measured.has(`${one} → ${other}:${port}`))));
}

const same = (some: readonly string[], others: readonly string[]): boolean => [...some].sort().join() === [...others].sort().join();
