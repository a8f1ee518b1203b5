/** Writes docs/checkov.md from checkov's results: report.ts FOLDER VERSION. Exits 1 for a finding without a reason. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { today } from '../../cli/platform';
import { REASONS } from './reasons';

interface Failed {
  readonly check_id: string;
  readonly check_name: string;
  readonly file_path: string;
  readonly resource: string;
}

interface Results {
  readonly results: { readonly failed_checks: readonly Failed[] };
  readonly summary: { readonly passed: number; readonly failed: number; readonly parsing_errors: number };
}

interface Mutant {
  readonly id: string;
  readonly type: string;
  readonly fault: string;
  readonly profile: string;
  /** `stacks/network/cdk.tf.json` */
  readonly path: string;
}

const FILE = join(__dirname, '../../docs/checkov.md');

/** checkov drops the type in some answers: `resource.vpc` for `aws_vpc.vpc`. */
const nameOf = ({ resource }: Failed): string => resource.split('.').slice(1).join('.');
const stackOf = ({ file_path: path }: Failed): string => /stacks\/([^/]+)\//.exec(path)?.[1] ?? path;
const cell = (text: string): string => text.replaceAll('|', '\\|');

function main(folder: string, version: string): void {
  const read = <T>(name: string): T => JSON.parse(readFileSync(join(folder, name), 'utf8')) as T;
  const platform = read<Results>('platform.json');
  const mutants = read<Results>('mutants.json');
  const index = read<readonly Mutant[]>('mutants.index.json');
  const errors = platform.summary.parsing_errors + mutants.summary.parsing_errors;
  if (errors > 0) throw new Error(`checkov could not read ${errors} files`);

  const found = new Map<string, Failed[]>();
  for (const one of platform.results.failed_checks) found.set(one.check_id, [...(found.get(one.check_id) ?? []), one]);
  const rows = [...found].sort(([a], [b]) => a.localeCompare(b, 'en', { numeric: true }));
  const unexplained = rows.filter(([id]) => REASONS[id] === undefined);
  const idle = Object.keys(REASONS).filter((id) => !found.has(id));
  const seen = seenInMutants(platform, mutants, index);

  writeFileSync(FILE, page(version, platform, rows, index, seen));
  const places = (verdict: string) =>
    rows.filter(([id]) => REASONS[id]?.verdict === verdict).reduce((sum, [, all]) => sum + all.length, 0);
  process.stdout.write(
    `checkov ${version}: ${platform.summary.passed} passed, ${platform.summary.failed} found (${places('accepted')} accepted, ${places('mistaken')} mistaken); ` +
      `of ${index.length} faults put in, ours finds all and checkov ${seen.filter((checks) => checks.length > 0).length}\n`,
  );
  for (const [id, all] of unexplained)
    process.stderr.write(
      `no reason for ${id} (${all[0]?.check_name}) at ${all.map(({ resource }) => resource).join(', ')}\n`,
    );
  for (const id of idle)
    process.stderr.write(`the reason for ${id} excuses nothing: take it out of scripts/checkov/reasons.ts\n`);
  if (unexplained.length > 0) process.exitCode = 1;
}

/** For each fault the checks that fail with it and not without it. */
function seenInMutants(platform: Results, mutants: Results, index: readonly Mutant[]): string[][] {
  const key = (one: Failed) => `${one.check_id} ${stackOf(one)} ${nameOf(one)}`;
  const clean: Record<string, Set<string>> = {
    'cheapest-durable': new Set(platform.results.failed_checks.map(key)),
    managed: new Set(
      mutants.results.failed_checks.filter(({ file_path: path }) => path.startsWith('/managed/')).map(key),
    ),
  };
  return index.map(({ profile }, i) => {
    const mine = mutants.results.failed_checks.filter(({ file_path: path }) => path.startsWith(`/${i}/`));
    return [...new Set(mine.filter((one) => !clean[profile]?.has(key(one))).map(({ check_id: id }) => id))].sort();
  });
}

function page(
  version: string,
  { summary }: Results,
  rows: readonly (readonly [string, readonly Failed[]])[],
  index: readonly Mutant[],
  seen: readonly string[][],
): string {
  const findings = rows.map(([id, all]) => {
    const reason = REASONS[id];
    const where = [...new Set(all.map((one) => `${stackOf(one)}: ${nameOf(one)}`))];
    const shown = where.length > 3 ? `${where.slice(0, 3).join(', ')} and ${where.length - 3} more` : where.join(', ');
    return `| ${id} | ${cell(all[0]?.check_name ?? '')} | ${all.length} | ${shown} | ${reason?.verdict ?? '**open**'} | ${cell(reason?.why ?? '')} |`;
  });
  const faults = index.map(
    ({ id, type, fault }, i) => `| \`${id}\` | \`${type}\` | ${cell(fault)} | ${seen[i]?.join(' ') || 'nothing'} |`,
  );
  const caught = seen.filter((checks) => checks.length > 0).length;
  return `<!-- Written by scripts/checkov.sh: run it again rather than edit this. -->
# What checkov says

[checkov](https://www.checkov.io) ${version} on the Terraform JSON that the default platform.yaml synthesizes, on ${today()}: ${summary.passed} checks passed,
${summary.failed} failed, of ${rows.length} kinds. Each kind is mended or has a reason: \`mistaken\` where checkov misreads what is there, \`accepted\` where it is so
and meant. \`scripts/checkov.sh\` does it again and fails on a finding without a reason.

| check | what it asks | places | where | verdict | why |
|---|---|---:|---|---|---|
${findings.join('\n')}

## The same faults, both checkers

One mutant for each of the ${index.length} faults that our policies are proved with (\`__tests__/modules/checks/policy/mutants.ts\`). \`npx cimiento check\` objects
to all of them; checkov has a new objection to ${caught}. It has no rule for the others, or cannot follow the reference that shows the
fault (capacity, zones, isolation, remote states), or cannot tell a class that bursts.

| our rule | on | fault | checkov's new objections |
|---|---|---|---|
${faults.join('\n')}
`;
}

main(process.argv[2] as string, process.argv[3] as string);
