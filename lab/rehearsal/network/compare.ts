/**
 * The reachability model against packets: the same platform, once compiled from the synthesized JSON, once built of namespaces
 * from what Terraform says it made. Every pair of hosts and every port must agree, also when a fault is planted.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadPlatform } from '../../../cli/platform';
import { readTerraformFiles } from '../../../cli/terraform-files';
import {
  cellName,
  INTERNET,
  ownerOf,
  path,
  portsAsked,
  reachability,
  specificationOf,
  type Cell,
  type Ports,
  type Reachability,
  type Specification,
  type Verdict,
} from '../../../modules/checks/reachability';
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
    const specification = specificationOf(loadPlatform({ platform: workspace.path('platform.yaml') }).inputs.platform);
    await compared(tally, 'the platform', workspace, stacks, standIn, specification);
    const network = stacks.find(({ name }) => name === 'network')!;
    const file = join(network.folder, 'cdk.tf.json');
    const written = readFileSync(file, 'utf8');
    for (const { name, plant, cell, becomes } of NETWORK_SEEDS) {
      const json: unknown = JSON.parse(written);
      plant(json);
      writeFileSync(file, JSON.stringify(json, null, 2));
      await apply(tally, network, standIn);
      const both = await compared(tally, name, workspace, stacks, standIn, specification);
      for (const who of ['model', 'packets'] as const) {
        const found = both[who].cells.find((one) => cellName(one) === cell);
        const is = found && statesOf(found);
        tally.record(`${name}: ${cell} is ${becomes}, by ${who}`, is?.includes(becomes) === true, `it is ${is?.join(', ') ?? 'not asked for'}`);
      }
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
  specification: Specification,
): Promise<Compared> {
  tally.doing(`${what}: building the network`);
  const output = workspace.path('cdktf.out');
  const project = await resolveProject(loadTerraform(readTerraformFiles(output), output));
  const model = reachability(project, specification);
  const layout = layOut(await existing(stacks, environment));
  const began = performance.now();
  // Namespaces outlive the process that made them.
  const stopped = () => void remove(layout).finally(() => process.exit(130));
  for (const signal of SIGNALS) process.once(signal, stopped);
  try {
    await build(layout);
    tally.doing(`${what}: sending packets`);
    const tried = new Map(portsAsked(model.network).map(({ ports }) => [ports.from, middleOf(ports)]));
    const ports = [...tried.values()];
    const { said, asked } = modelled(model, ports);
    const measured = await measure(layout, ports, said);
    const differing = [...new Set([...said, ...measured])].filter((one) => said.has(one) !== measured.has(one));
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    tally.record(`${what}: model and packets agree`, differing.length === 0, differing.slice(0, 5).map((one) => `${one} is ${measured.has(one) ? 'open' : 'closed'} to packets`).join('; '));
    const hosts = layout.hosts.filter(({ nat }) => nat === undefined).map(({ name }) => name);
    tally.record(`${what}: the same hosts in both`, same(hosts, model.network.parties.map(({ id }) => id)));
    const packets = reachability(project, specification, (_, from, to) => (port) => measured.has(`${from.id} → ${to.id}:${tried.get(port)}`) ? OPEN : CLOSED);
    tally.record(`${what}: the same matrix`, same(model.cells.map(shown), packets.cells.map(shown)));
    tally.print(`${what}: ${asked} connections tried between ${hosts.length} hosts and the internet on ${ports.length} ports, ${measured.size} open, ${differing.length} other than the model says, ${seconds} s`);
    return { model, packets };
  } finally {
    for (const signal of SIGNALS) process.off(signal, stopped);
    await remove(layout);
  }
}

/** The model asks for the first port of a range that no rule divides; packets go to another, so that the range is tried as well. */
const middleOf = ({ from, to }: Ports): number => Math.floor((from + to) / 2);

const OPEN: Verdict = { open: true, through: [] };
const CLOSED: Verdict = { open: false, passed: 0, by: '', why: 'no answer' };

interface Compared {
  readonly model: Reachability;
  readonly packets: Reachability;
}

/** What is wrong with a cell, in the words of findings; `fine` if nothing. */
function statesOf({ open, expected, excess, cutOff }: Cell): string[] {
  const wrong = [excess.length > 0 && 'open', expected && !open && 'closed', cutOff.length > 0 && 'cut-off'];
  const said = wrong.filter((one) => one !== false);
  return said.length > 0 ? said : ['fine'];
}

const shown = (cell: Cell): string =>
  `${cellName(cell)} ${statesOf(cell).join()} ${cell.reaches.map(({ caller, called }) => `${ownerOf(caller)} → ${ownerOf(called)}`).join()}`;

/** What the model says of every pair and port, in the words of `measure`. */
function modelled({ network }: Reachability, ports: readonly number[]): { said: Set<string>; asked: number } {
  const ends = [...network.parties, INTERNET];
  const said = new Set<string>();
  let asked = 0;
  for (const from of ends)
    for (const to of ends) {
      if (from === to) continue;
      const verdict = path(network, from, to);
      for (const port of ports) {
        asked++;
        if (verdict(port).open) said.add(`${from.id} → ${to.id}:${port}`);
      }
    }
  return { said, asked };
}

const same = (some: readonly string[], others: readonly string[]): boolean => [...some].sort().join() === [...others].sort().join();
