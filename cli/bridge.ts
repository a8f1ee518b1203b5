/** `cimiento bridge`: the values that the root application gets, as Terraform or `gitops bootstrap` hands them over. */
import { Option, type Command } from 'commander';
import { stringify } from 'yaml';
import { type Target, TARGETS } from '../modules/bridge';
import { Rejection } from '../modules/rejection';
import { bridgeFor, type BridgeOptions, outputOf } from './bridge-values';
import { loadPlatform, PLATFORM_FILE } from './platform';

interface Options extends BridgeOptions {
  readonly target: Target;
  readonly json?: boolean;
  readonly synthesized?: boolean;
}

export function registerBridge(program: Command): void {
  program
    .command('bridge')
    .description("the root application's values: from platform.yaml, on eks from what Terraform has applied")
    .addOption(new Option('-t, --target <target>', 'where they go').choices(TARGETS).default('eks'))
    .option('-p, --platform <file>', 'the platform file', PLATFORM_FILE)
    .option('--values <file>', 'check these instead: values, or the JSON of `terraform output -json`; - is stdin')
    .option('--synthesized', 'eks before the first deploy: the Terraform expressions that will give them')
    .option('--json', 'JSON instead of YAML')
    .action(bridge);
}

async function bridge(options: Options): Promise<void> {
  const values = options.synthesized === true ? await synthesized(options) : bridgeFor(options.target, options);
  process.stdout.write(options.json === true ? `${JSON.stringify(values, null, 2)}\n` : stringify(values));
}

/** The output of stack `gitops` as it stands in the Terraform JSON. */
async function synthesized({ target, platform }: Options): Promise<unknown> {
  if (target !== 'eks') throw new Rejection('--synthesized', `${target} has no Terraform`, 'leave it out');
  const { synthesizedFiles } = await import('./synth');
  const files = await synthesizedFiles(loadPlatform({ platform }).inputs);
  const [, text] = [...files].find(([path]) => path.includes('gitops'))!;
  return outputOf((JSON.parse(text) as { output: unknown }).output);
}
