/** `cimiento diff OLD NEW`: what an edit would do, from two folders of synthesized Terraform, without credentials or state. */
import { InvalidArgumentError, type Command } from 'commander';
import { changesBetween, EFFECTS, type Change, type Effect, type Synth } from '../modules/checks/change';
import { estimate } from '../modules/checks/cost';
import { changeMarkdown, changeTable, type ChangeReport } from '../modules/report/change-table';
import type { UsageSpec } from '../modules/spec/platform';
import { judge } from './findings';
import { readTerraform } from './hcl-files';
import { paint } from './paint';
import { defaultPlatform, platformBeside, today } from './platform';

interface DiffOptions {
  readonly failOn?: readonly Effect[];
  readonly json?: boolean;
  readonly markdown?: boolean;
}

export function registerDiff(program: Command): void {
  program
    .command('diff')
    .description('what an edit would do: made, changed, replaced, destroyed; data, exposure, addresses, price')
    .argument('<old>', 'a folder of synthesized Terraform, as it was')
    .argument('<new>', 'the same as it would be')
    .option('--fail-on <effects>', `exit 1 when a change has one of ${EFFECTS.join(', ')}`, effectList)
    .option('--markdown', 'a table for a pull request')
    .option('--json', 'one JSON object for programs')
    .action(run);
}

function effectList(text: string): Effect[] {
  return text.split(',').map((name) => {
    const effect = EFFECTS.find((one) => one === name.trim());
    if (effect === undefined) throw new InvalidArgumentError(`"${name}" is none of ${EFFECTS.join(', ')}`);
    return effect;
  });
}

async function run(oldFolder: string, newFolder: string, { failOn = [], json, markdown }: DiffOptions): Promise<void> {
  const { usage } = platformBeside() ?? defaultPlatform();
  const before = await read(oldFolder, usage);
  const after = await read(newFolder, usage);
  const changes = changesBetween(before, after);
  const report: ChangeReport = {
    changes,
    // The whole bill's difference: what is charged by usage belongs to no single change.
    monthlyDelta: Math.round((after.total - before.total) * 100) / 100,
    unpriced: [...new Set([...before.unpriced, ...after.unpriced])],
  };
  if (json) process.stdout.write(`${JSON.stringify(forPrograms(report), null, 2)}\n`);
  else process.stdout.write(`${markdown ? changeMarkdown(report) : changeTable(report, paint)}\n`);
  const failing = changes.filter(({ effects }) => effects.some((effect) => failOn.includes(effect)));
  for (const { stack, address, action, effects } of failing) {
    process.stderr.write(
      `${paint.red(effects.filter((one) => failOn.includes(one)).join(', '))} ${stack} ${address}: ${action}\n`,
    );
  }
  if (failing.length > 0) process.exitCode = 1;
}

interface PricedSynth extends Synth {
  readonly total: number;
  readonly unpriced: readonly string[];
}

async function read(folder: string, usage: UsageSpec): Promise<PricedSynth> {
  const { resolved, findings } = await judge(await readTerraform(folder));
  const { lines, unpriced, monthly: total } = estimate(resolved, { usage, today: today() });
  const monthly = new Map<string, number>();
  for (const { stack, address, monthly: amount } of lines) {
    const key = `${stack}/${address}`;
    monthly.set(key, (monthly.get(key) ?? 0) + amount);
  }
  return {
    resolved,
    findings,
    monthly,
    total: total.likely,
    unpriced: unpriced.map(({ stack, address }) => `${stack} ${address}`),
  };
}

/** What DESIGN promises to programs; fields may be added, never renamed. */
function forPrograms({ changes, monthlyDelta, unpriced }: ChangeReport): object {
  return {
    changes: changes.map(
      ({
        stack,
        address,
        type,
        action,
        attributes,
        effects,
        monthlyDelta: delta,
        forcedBy,
        refused,
        hint,
      }: Change) => ({
        stack,
        address,
        type,
        action,
        attributes,
        effects,
        monthlyDelta: delta ?? null,
        forcedBy,
        refused,
        hint: hint ?? null,
      }),
    ),
    monthlyDelta,
    unpriced,
  };
}
