/** Plants each seed in a deployed platform: does Terraform notice, does `cimiento check`, and what do they say? */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { judge } from '../../cli/findings';
import { readTerraformFiles } from '../../cli/terraform-files';
import { loadTerraform } from '../../modules/checks/terraform';
import { Rejection } from '../../modules/rejection';
import { SEEDS, type Seed } from './seeds';
import { startStandIn } from './stand-in';
import type { Tally } from './tally';
import { complaint, terraform } from './terraform';
import { PROJECT, Workspace } from './workspace';

const DOCUMENT = join(PROJECT, 'docs/rehearsal.md');
const [BEGIN, END] = ['<!-- seeded faults: written by `npm run rehearse -- faults --write` -->', '<!-- end -->'];

interface Finding {
  /** `validate`, `plan`; undefined when nothing was noticed. */
  readonly phase?: string;
  readonly message: string;
}

/** @param write whether the table goes into docs/rehearsal.md; else that must say the same already */
export async function rehearseFaults(tally: Tally, write: boolean): Promise<void> {
  const workspace = new Workspace('faults');
  const stacks = await workspace.synthesize([]);
  const standIn = await startStandIn(workspace);
  const rows: string[] = [];
  try {
    for (const { name, folder } of stacks) {
      tally.doing(`deploying ${name}`);
      for (const command of [['init'], ['apply', '-auto-approve']]) {
        const outcome = await terraform(folder, command, standIn.environment);
        if (outcome.code !== 0) tally.record(`${command[0]} of ${name}`, false, complaint(outcome.output));
      }
    }
    for (const seed of SEEDS) {
      tally.doing(seed.name);
      const { folder } = stacks.find(({ name }) => name === seed.stack)!;
      const file = join(folder, 'cdk.tf.json');
      const clean = readFileSync(file, 'utf8');
      const json: unknown = JSON.parse(clean);
      seed.plant(json);
      writeFileSync(file, JSON.stringify(json, null, 2));
      try {
        const real = await terraformSays(seed, folder, standIn.environment);
        const linked = await linkerSays(workspace.path('cdktf.out'));
        const expected = seed.noticed === 'nowhere' ? real.phase === undefined : real.phase === seed.noticed;
        tally.record(`${seed.name}: Terraform`, expected, `expected at ${seed.noticed}, noticed at ${real.phase ?? 'nowhere'}: ${real.message}`);
        tally.record(`${seed.name}: check`, agrees(seed, linked), linked.message || 'cimiento check noticed nothing');
        rows.push(row(seed, real, linked));
      } finally {
        writeFileSync(file, clean);
      }
    }
  } finally {
    await standIn.stop();
  }
  document(tally, ['| fault | Terraform | says | `cimiento check` says |', '|---|---|---|---|', ...rows].join('\n'), write);
}

/** What Terraform refuses, the linker must refuse without a provider, but for what it says it does not judge. */
const agrees = (seed: Seed, { phase }: Finding): boolean =>
  (phase !== undefined) === (['validate', 'plan'].includes(seed.noticed) && seed.unlinked === undefined);

async function terraformSays(seed: Seed, folder: string, environment: NodeJS.ProcessEnv): Promise<Finding> {
  const phases = { validate: ['validate'], plan: ['plan', '-refresh=false'], apply: ['apply', '-auto-approve'] };
  for (const [phase, command] of Object.entries(phases)) {
    // What nobody is to notice is not applied: it would stay.
    if (phase === 'apply' && seed.noticed !== 'apply') continue;
    const { code, output } = await terraform(folder, command, environment);
    if (code !== 0) return { phase, message: complaint(output) };
  }
  return { message: '' };
}

async function linkerSays(output: string): Promise<Finding> {
  try {
    const { findings } = await judge(loadTerraform(readTerraformFiles(output), output));
    const [first] = findings.filter(({ kind }) => kind === 'reference');
    return first ? { phase: first.id, message: first.message } : { message: '' };
  } catch (error) {
    if (error instanceof Rejection) return { phase: 'refused', message: `${error.problem}; ${error.fix ?? ''}` };
    throw error;
  }
}

function row(seed: Seed, real: Finding, linked: Finding): string {
  const cell = (text: string) => shortened(text).replaceAll('|', '\\|').replaceAll('${', '$\\{');
  const checked = linked.phase === undefined ? `nothing${seed.unlinked === undefined ? '' : `: ${seed.unlinked}`}` : `${linked.phase}: ${cell(linked.message)}`;
  return `| ${seed.name} | ${real.phase ?? 'no'} | ${cell(real.message)} | ${checked} |`;
}

/** Without what differs from run to run or moves with an edit of the platform: places, ids, the nearest of many names. */
function shortened(message: string): string {
  const words = message
    .replace(/[ :]*\b(on cdk\.tf\.json line \d+|with [\w.-]+), ?(in [\w.-]+:?)?/g, ':')
    .replace(/(: ?)+:/g, ':')
    .replace(/ Did you mean "[^"]*"\?/, '')
    .replace(/-[0-9a-f]{17}\b/g, '-…');
  return words.length > 160 ? `${words.slice(0, 157)}…` : words;
}

function document(tally: Tally, text: string, write: boolean): void {
  const before = readFileSync(DOCUMENT, 'utf8');
  const [head, rest] = before.split(BEGIN) as [string, string | undefined];
  if (rest === undefined) throw new Error(`${DOCUMENT} has no line ${BEGIN}`);
  const after = `${head}${BEGIN}\n\n${text}\n\n${END}${rest.slice(rest.indexOf(END) + END.length)}`;
  if (write) writeFileSync(DOCUMENT, after);
  else {
    const known = new Set(before.split('\n'));
    const stale = after.split('\n').find((line) => !known.has(line)) ?? 'a line is gone';
    tally.record('docs/rehearsal.md is up to date', before === after, `npm run rehearse -- faults --write: ${stale}`);
  }
}
