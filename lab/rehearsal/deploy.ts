/**
 * A whole life of the platform: every stack made in order, planned again to nothing, edited, and destroyed in reverse with
 * protection lifted. By the real Terraform, against the stand-in.
 */
import { table } from '../../modules/report/table';
import { compareEdit } from './edit';
import { buildStandIn, startStandIn, type StandIn } from './stand-in';
import type { Tally } from './tally';
import { complaint, terraform, type Outcome } from './terraform';
import { Workspace, type Edit, type Stack } from './workspace';

/** platform.yaml as it is, and an edit for each choice that changes much. */
export const VARIANTS: readonly { readonly name: string; readonly edits: readonly Edit[] }[] = [
  { name: 'default', edits: [] },
  { name: 'managed', edits: [['profile: cheapest-durable', 'profile: managed']] },
  { name: 'nat-per-zone', edits: [['egress: single-nat', 'egress: nat-per-zone']] },
  { name: 's3-state', edits: [['state: local', 'state: { s3: cimiento-state }']] },
];

const PHASES = ['init', 'validate', 'plan', 'apply', 'plan again', 'destroy'] as const;
type Phase = (typeof PHASES)[number];

const COMMANDS: Readonly<Record<Phase, readonly string[]>> = {
  init: ['init'],
  validate: ['validate'],
  plan: ['plan', '-out=plan.bin', '-detailed-exitcode'],
  apply: ['apply', 'plan.bin'],
  'plan again': ['plan', '-detailed-exitcode'],
  destroy: ['destroy', '-auto-approve'],
};

/** `plan -detailed-exitcode`: 0 nothing to do, 2 something. A first plan has something to do, a second has not. */
const EXPECTED: Readonly<Partial<Record<Phase, number>>> = { plan: 2 };

interface Row {
  readonly stack: string;
  readonly resources: number;
  readonly seconds: Partial<Record<Phase, number>>;
}

/** Two at a time: each has a workspace, a state and a stand-in of its own, and Terraform by itself rarely keeps two cores busy. */
const AT_ONCE = 2;

export async function rehearseVariants(tally: Tally, only?: string): Promise<void> {
  await buildStandIn();
  const waiting = VARIANTS.filter(({ name }) => only === undefined || only === name);
  const work = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      await rehearseVariant(tally, next.name, next.edits);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}

async function rehearseVariant(tally: Tally, name: string, edits: readonly Edit[]): Promise<void> {
  const workspace = new Workspace(name);
  tally.doing(`${name}: synthesizing`);
  const stacks = await workspace.synthesize(edits);
  const standIn = await startStandIn(workspace);
  try {
    const rows = await deploy(tally, name, stacks, standIn);
    if (name === 'default') await compareEdit(tally, workspace, standIn);
    await destroy(tally, name, workspace, standIn, rows);
    tally.print(`\n${name}\n${shown(rows)}`);
  } finally {
    await standIn.stop();
  }
}

async function deploy(tally: Tally, name: string, stacks: readonly Stack[], standIn: StandIn): Promise<Row[]> {
  const rows: Row[] = [];
  for (const stack of stacks) {
    const seconds: Row['seconds'] = {};
    let resources = 0;
    for (const phase of PHASES.slice(0, 5)) {
      tally.doing(`${name}: ${phase} of ${stack.name}`);
      const outcome = await terraform(stack.folder, COMMANDS[phase], standIn.environment);
      seconds[phase] = outcome.seconds;
      const ok = outcome.code === (EXPECTED[phase] ?? 0);
      if (!tally.record(`${name}: ${phase} of ${stack.name}`, ok, why(outcome))) break;
      if (phase === 'apply') resources = Number(/(\d+) added/.exec(outcome.output)?.[1] ?? 0);
    }
    rows.push({ stack: stack.name, resources, seconds });
  }
  return rows;
}

/** As stacks/platform-stack.ts says: protection is lifted by one deploy, then everything goes, last made first. */
async function destroy(
  tally: Tally,
  name: string,
  workspace: Workspace,
  standIn: StandIn,
  rows: readonly Row[],
): Promise<void> {
  const guarded = await terraform(workspace.path('cdktf.out/stacks/data'), COMMANDS.destroy, standIn.environment);
  tally.record(
    `${name}: data refuses to be destroyed while protected`,
    guarded.code !== 0 && /prevent_destroy|cannot be deleted while/.test(guarded.output),
    why(guarded),
  );
  const stacks = await workspace.synthesize(workspace.edits, { context: { protection: 'lifted' } });
  for (const stack of stacks) {
    tally.doing(`${name}: lifting the protection of ${stack.name}`);
    const lifted = await terraform(stack.folder, ['apply', '-auto-approve'], standIn.environment);
    tally.record(`${name}: protection of ${stack.name} lifted`, lifted.code === 0, why(lifted));
  }
  for (const stack of [...stacks].reverse()) {
    tally.doing(`${name}: destroy of ${stack.name}`);
    const outcome = await terraform(stack.folder, COMMANDS.destroy, standIn.environment);
    tally.record(`${name}: destroy of ${stack.name}`, outcome.code === 0, why(outcome));
    const row = rows.find((one) => one.stack === stack.name);
    if (row !== undefined) row.seconds.destroy = outcome.seconds;
  }
}

export const why = (outcome: Outcome): string => complaint(outcome.output).slice(0, 600);

function shown(rows: readonly Row[]): string {
  const seconds = (value: number | undefined) => value?.toFixed(1);
  const total = (phase: Phase) => seconds(rows.reduce((sum, row) => sum + (row.seconds[phase] ?? 0), 0));
  return table(
    [
      { head: 'stack' },
      { head: 'resources', align: 'right' },
      ...PHASES.map((head) => ({ head: `${head} s`, align: 'right' as const })),
    ],
    [
      ...rows.map(({ stack, resources, seconds: spent }) => [
        stack,
        resources,
        ...PHASES.map((phase) => seconds(spent[phase])),
      ]),
      ['total', rows.reduce((sum, row) => sum + row.resources, 0), ...PHASES.map(total)],
    ],
  );
}
