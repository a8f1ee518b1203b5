/** `cimiento check`: what is wrong with a folder of Terraform, by reference, policy and capacity. */
import type { Command } from 'commander';
import { counts, fails, idleWaivers, SEVERITIES, waive, type Finding, type Severity } from '../modules/checks';
import { reachability, reachabilityFindings, specificationOf } from '../modules/checks/reachability';
import { lineOf } from '../modules/checks/terraform/locate';
import type { TerraformProject } from '../modules/checks/terraform';
import type { Waiver } from '../modules/spec/platform';
import { paint } from './paint';
import { PLATFORM_FILE, platformBeside, today } from './platform';
import { reachabilityForPrograms } from './reachability';
import { reachabilityText } from '../modules/report/reachability-text';
import { judge } from './findings';
import { readTerraform } from './hcl-files';

interface CheckOptions {
  readonly platform?: string;
  readonly json?: boolean;
  readonly reachability?: boolean;
}

/** Where the platform is synthesized to. */
const OUTPUT = 'cdktf.out';

export function registerCheck(program: Command): void {
  program
    .command('check')
    .description('broken references, broken policies, too few addresses: in any folder of Terraform')
    .argument('[directory]', 'a cdktf.out, or a folder with *.tf.json or *.tf', OUTPUT)
    .option('-p, --platform <file>', `whose waivers count (${PLATFORM_FILE} when it is there)`)
    .option('--reachability', 'also who reaches whom on which port, held against network.allow')
    .option('--json', 'one JSON object for programs')
    .action(run);
}

async function run(directory: string, { platform, json, reachability: wanted }: CheckOptions): Promise<void> {
  const project = await readTerraform(directory);
  const beside = platformBeside(platform);
  const waivers = beside?.waivers ?? [];
  const { findings: judged, resolved } = await judge(project, waivers);
  // Where nobody says what is allowed, nothing is: all that is open is told.
  const specification = beside ? specificationOf(beside) : { allow: [] };
  const matrix = wanted === true ? reachability(resolved, specification) : undefined;
  const findings = [...judged, ...(matrix ? waive(reachabilityFindings(matrix), waivers, today()) : [])];
  if (json) {
    const object = {
      ...forPrograms(findings, project),
      ...(matrix && { reachability: reachabilityForPrograms(matrix) }),
    };
    process.stdout.write(`${JSON.stringify(object, null, 2)}\n`);
  } else {
    if (matrix) process.stdout.write(`${reachabilityText(matrix, paint)}\n\n`);
    // Waivers are the platform's: of another folder they say nothing.
    const idle = directory === OUTPUT || platform !== undefined ? idleWaivers(findings, waivers) : [];
    process.stdout.write(forPeople(findings, project, idle));
  }
  if (findings.some(fails)) process.exitCode = 1;
}

/** What DESIGN promises to programs; fields may be added, never renamed. */
function forPrograms(findings: readonly Finding[], project: TerraformProject): object {
  return {
    findings: findings.map(
      ({ id, kind, severity, stack, address, attribute, value, message, fix, waived, origin }) => ({
        id,
        kind,
        severity,
        stack,
        address,
        attribute,
        value: value ?? null,
        message,
        fix,
        waived: waived ?? null,
        place: placeOf(origin, project),
      }),
    ),
    counts: counts(findings),
  };
}

/** `stacks/network/cdk.tf.json:12`. */
export function placeOf(origin: Finding['origin'], project: TerraformProject): string | null {
  const text = origin && project.texts.get(origin.file);
  return origin === undefined || text === undefined ? null : `${origin.file}:${lineOf(text, origin.path)}`;
}

const COLOURS: Readonly<Record<Severity, (text: string) => string>> = {
  critical: (text) => paint.red(paint.bold(text)),
  high: paint.red,
  medium: paint.yellow,
  low: paint.cyan,
  info: paint.dim,
};

function forPeople(findings: readonly Finding[], project: TerraformProject, idle: readonly Waiver[]): string {
  const lines = findings.flatMap((finding) => {
    const { id, severity, address, attribute, message, fix, waived, origin } = finding;
    const head = `${waived ? paint.dim('waived') : COLOURS[severity](severity)} ${paint.bold(id)} ${address}${attribute === '' ? '' : ` ${attribute}`}`;
    const how = waived ? `accepted until ${waived.until}: ${waived.reason}` : fix;
    return [head, `  ${message}`, `  ${how}`, ...(origin ? [paint.dim(`  ${placeOf(origin, project)}`)] : []), ''];
  });
  const unused = idle.map(
    ({ id, address, until }) =>
      `${paint.yellow('unneeded')} the waiver of ${id}${address ? ` for ${address}` : ''} until ${until} excuses nothing: take it out\n`,
  );
  return `${lines.map((line) => `${line}\n`).join('')}${unused.join('')}${summary(findings, project)}\n`;
}

function summary(findings: readonly Finding[], { stacks }: TerraformProject): string {
  const resources = stacks.reduce((sum, stack) => sum + stack.resources.length, 0);
  const what = `${resources} resources in ${stacks.length} stack${stacks.length === 1 ? '' : 's'}`;
  const by = counts(findings);
  const said = [...SEVERITIES, 'waived' as const]
    .filter((severity) => by[severity] > 0)
    .map((severity) => `${by[severity]} ${severity}`);
  return findings.some(fails)
    ? `${what}: ${said.join(', ')}`
    : `${paint.green('fine')} ${what}${said.length > 0 ? `: ${said.join(', ')}` : ''}`;
}
