/** `cimiento cost`: what a platform, or any folder of synthesized Terraform JSON, costs a month. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { generations, SOURCES } from '../modules/catalog';
import {
  commitmentShares,
  compare,
  estimate,
  kafkaCrossover,
  manifestCosts,
  natCrossover,
  operationalSavings,
  proveOptimal,
  type Estimate,
  type ManifestFile,
} from '../modules/checks/cost';
import { loadTerraform, resolveProject, type TerraformProject } from '../modules/checks/terraform';
import { Rejection } from '../modules/rejection';
import { alternativesTable } from '../modules/report/alternatives';
import { bill } from '../modules/report/bill';
import { generationTables } from '../modules/report/generations';
import type { InstanceRequirement, InstanceService, Platform } from '../modules/spec';
import { gitopsManifests } from './gitops-manifests';
import { readTerraform } from './hcl-files';
import { paint } from './paint';
import { defaultPlatform, loadPlatform, PLATFORM_FILE, platformBeside, today } from './platform';
import { progress, progressDone } from './progress';
import { synthesizedFiles, synthesizePlatform } from './synth';

interface CostOptions {
  readonly platform?: string;
  readonly region?: string;
  readonly manifests?: readonly string[];
  readonly alternatives?: boolean;
  readonly generations?: boolean;
  readonly json?: boolean;
  readonly zeros?: boolean;
}

export function registerCost(program: Command): void {
  program
    .command('cost')
    .description('what it costs a month: every resource a line, a declared zero, or a failure')
    .argument(
      '[dir]',
      'a cdktf.out, or a folder with *.tf.json or *.tf; the platform is synthesized afresh unless given',
    )
    .option(
      '-p, --platform <file>',
      `the platform file (${PLATFORM_FILE} when it is there): what to synthesize, and the usage`,
    )
    .option('-r, --region <name>', 'the region of resources whose provider names none')
    .option('-m, --manifests <paths...>', 'rendered Kubernetes manifests whose volumes are priced too')
    .option('--generations', 'the base instance of every generation with its price: what was chosen from')
    .option('--alternatives', 'synthesize and price other ways to build the platform, and every legal configuration')
    .option('--zeros', 'also what costs nothing, by reason')
    .option('--json', 'one JSON object for programs')
    .action(cost);
}

async function cost(dir: string | undefined, options: CostOptions): Promise<void> {
  if (options.alternatives) {
    if (dir !== undefined) {
      throw new Rejection(
        '--alternatives',
        `cannot rebuild ${dir}`,
        'leave the folder out: alternatives are of platform.yaml',
      );
    }
    return weigh(options);
  }
  if (options.generations) {
    const { platform } = loadPlatform({ platform: options.platform }).inputs;
    process.stdout.write(
      `${options.json ? JSON.stringify(baseInstances(platform), null, 2) : generationTables(platform, paint)}\n`,
    );
    return;
  }
  progress('pricing every resource');
  const { platform, project } = await whatToPrice(dir, options);
  const found = await price(project, platform, {
    region: options.region,
    // A folder is priced as it is; the platform with what Argo CD makes beside Terraform.
    manifests:
      options.manifests === undefined && dir === undefined ? gitopsManifests() : manifestFiles(options.manifests ?? []),
  });
  progressDone();
  if (options.json) process.stdout.write(`${JSON.stringify(forPrograms(found), null, 2)}\n`);
  else process.stdout.write(`${bill(found, paint, { zeros: options.zeros })}\n`);
  for (const { address, attribute, message, place } of found.unpriced) {
    process.stderr.write(`${paint.red('no price')} ${join(dir ?? '', place)} ${address} ${attribute}: ${message}\n`);
  }
  if (found.unpriced.length > 0) process.exitCode = 1;
}

/** Prices the platform's alternatives: some forty syntheses. */
async function weigh({ platform: file, json }: CostOptions): Promise<void> {
  const { platform } = loadPlatform({ platform: file }).inputs;
  const day = today();
  const { base, alternatives } = await compare(
    platform,
    synthesizePlatform,
    day,
    ({ change }) => progress(`pricing: ${change}`),
    gitopsManifests(),
  );
  progress('where usage moves the answer');
  const crossovers = [
    await kafkaCrossover(platform, synthesizePlatform, day),
    await natCrossover(platform, synthesizePlatform, day),
  ];
  const optimality = await proveOptimal(platform, synthesizePlatform, day, (done, of) =>
    progress(`every legal configuration: ${done} of ${of} structures`),
  );
  progressDone();
  const operations = operationalSavings(platform, base.lines);
  const report = { monthly: base.monthly.likely, alternatives, operations, optimality, crossovers };
  process.stdout.write(
    json
      ? `${JSON.stringify({ ...forPrograms(base), ...report, monthly: base.monthly }, null, 2)}\n`
      : `${alternativesTable(report, platform.usage, paint)}\n`,
  );
  if (base.unpriced.length + alternatives.flatMap((one) => one.unpriced).length > 0) process.exitCode = 1;
}

/** The given folder with the usage of platform.yaml, if there is one; without a folder, the platform itself. */
async function whatToPrice(dir: string | undefined, options: CostOptions) {
  if (dir === undefined) {
    const { inputs } = loadPlatform({ platform: options.platform });
    return { platform: inputs.platform, project: loadTerraform(await synthesizedFiles(inputs)) };
  }
  // Anybody's Terraform has no platform.yaml beside it: the usage is then the default one, and printed as assumed.
  return { platform: platformBeside(options.platform) ?? defaultPlatform(), project: await readTerraform(dir) };
}

/** Prices a project with a platform's usage. */
export async function price(
  project: TerraformProject,
  platform: Platform,
  { region, manifests = [] }: { readonly region?: string; readonly manifests?: readonly ManifestFile[] } = {},
): Promise<Estimate> {
  return estimate(await resolveProject(project), {
    usage: platform.usage,
    today: today(),
    region,
    further: manifestCosts(manifests, region ?? platform.region),
  });
}

/** YAML files, and those under folders. @throws Rejection for a path that is not there */
function manifestFiles(paths: readonly string[]): ManifestFile[] {
  return paths.flatMap((path): ManifestFile[] => {
    const found = statSync(path, { throwIfNoEntry: false });
    if (found === undefined) throw new Rejection(path, 'there is no such file or folder', 'give rendered manifests');
    if (!found.isDirectory()) return [{ path, text: readFileSync(path, 'utf8') }];
    return readdirSync(path, { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.ya?ml$/.test(name))
      .sort()
      .map((name) => ({ path: join(path, name), text: readFileSync(join(path, name), 'utf8') }));
  });
}

/** Of each generation, by service: what the tables show. */
function baseInstances({ region, network, kubernetes, postgres, kafka }: Platform): object {
  const rows = (requirement: InstanceRequirement, service: InstanceService) =>
    generations(requirement, region, service, network.zoneIds ?? network.zones);
  return { region, ec2: rows(kubernetes.nodes, 'ec2'), rds: rows(postgres, 'rds'), msk: rows(kafka, 'msk') };
}

/** What DESIGN promises to programs; fields may be added, never renamed. */
function forPrograms(found: Estimate): object {
  const used = [...new Set(found.lines.map((line) => line.source))].filter((source) => source !== '').sort();
  return {
    ...found,
    commitments: commitmentShares(found.lines),
    sources: Object.fromEntries(used.map((source) => [source, SOURCES[source]])),
  };
}
