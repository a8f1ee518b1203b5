/** One edit of a running platform: what Terraform plans beside what `cimiento diff` says of the two syntheses. */
import { judge } from '../../cli/findings';
import { readTerraformFiles } from '../../cli/terraform-files';
import { changesBetween } from '../../modules/checks/change';
import { loadTerraform } from '../../modules/checks/terraform';
import { table } from '../../modules/report/table';
import type { StandIn } from './stand-in';
import type { Tally } from './tally';
import { complaint, plannedChanges, terraform, type Action } from './terraform';
import type { Edit, Workspace } from './workspace';

/** A bigger node, and one segment more: the block is widened so that there is room, and nothing that exists may move. */
export const EDIT: readonly Edit[] = [
  ['minimum: 2 vCPU 8 GiB', 'minimum: 4 vCPU 16 GiB'],
  ['cidr: 10.100.32.0/22, segments: [production, testing, bcp-1, bcp-2]', 'cidr: 10.100.32.0/21, segments: [production, testing, bcp-1, bcp-2, bcp-3]'],
];

const ACTIONS: readonly Action[] = ['create', 'update', 'replace', 'delete'];

/** By `stack/address`. */
type Changes = ReadonlyMap<string, Action>;

export async function compareEdit(tally: Tally, workspace: Workspace, standIn: StandIn): Promise<void> {
  workspace.copyOutput('cdktf.out', 'before');
  tally.doing('synthesizing the edit');
  const stacks = await workspace.synthesize(EDIT);
  const told = await diffSays(workspace.path('before'), workspace.path('cdktf.out'));

  const planned = new Map<string, Action>();
  for (const { name, folder } of stacks) {
    // As a deploy goes: each stack is planned when those before it have been applied.
    tally.doing(`planning the edit of ${name}`);
    const plan = await terraform(folder, ['plan', '-out=plan.bin'], standIn.environment);
    if (!tally.record(`edit: plan of ${name}`, plan.code === 0, complaint(plan.output))) continue;
    for (const { address, action } of await plannedChanges(folder, 'plan.bin', standIn.environment)) {
      planned.set(`${name}/${address}`, action);
    }
    const applied = await terraform(folder, ['apply', 'plan.bin'], standIn.environment);
    tally.record(`edit: apply of ${name}`, applied.code === 0, complaint(applied.output));
    const again = await terraform(folder, ['plan', '-detailed-exitcode'], standIn.environment);
    tally.record(`edit: second plan of ${name} finds nothing`, again.code === 0, complaint(again.output));
  }

  tally.record('edit: something changes', planned.size > 0);
  for (const key of new Set([...planned.keys(), ...told.keys()])) {
    const [real, said] = [planned.get(key) ?? 'nothing', told.get(key) ?? 'nothing'];
    tally.record(`edit: ${key}`, real === said, `Terraform plans ${real}, cimiento diff says ${said}`);
  }
  const rows = stacks.map(({ name }) => [name, ...ACTIONS.map((action) => both(name, action, planned, told))]);
  const columns = ACTIONS.map((action) => ({ head: action, align: 'right' as const }));
  tally.print(`\nedit of the running platform: Terraform's plan / cimiento diff\n${table([{ head: 'stack' }, ...columns], rows)}`);
}

function both(stack: string, action: Action, planned: Changes, told: Changes): string {
  const count = (changes: Changes) =>
    [...changes].filter(([key, one]) => key.startsWith(`${stack}/`) && one === action).length;
  return `${count(planned)} / ${count(told)}`;
}

async function diffSays(before: string, after: string): Promise<Changes> {
  const [old, fresh] = [await read(before), await read(after)];
  return new Map(changesBetween(old, fresh).map(({ stack, address, action }) => [`${stack}/${address}`, action]));
}

const read = (output: string) => judge(loadTerraform(readTerraformFiles(output), output));
