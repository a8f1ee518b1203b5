/** The same by the command that the project's users type: `cdktf deploy '*'`, `cdktf diff`, `cdktf destroy '*'`. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { startStandIn } from './stand-in';
import type { Tally } from './tally';
import { offline, type Outcome } from './terraform';
import { PROJECT, Workspace } from './workspace';

export async function rehearseCdktf(tally: Tally): Promise<void> {
  const workspace = new Workspace('cdktf');
  tally.doing('synthesizing');
  const context = { protection: 'lifted' };
  await workspace.synthesize([], { context });
  const standIn = await startStandIn(workspace);
  const environment = {
    ...standIn.environment,
    CIMIENTO_PLATFORM: workspace.path('platform.yaml'),
    CDKTF_CONTEXT_JSON: JSON.stringify(context),
  };
  // It asks the registry for checksums to lock, unless told not to. One stack at a time: they share the attached provider,
  // which has one configuration, and so one set of default tags, where real providers are a process for each Terraform.
  const flags = ['--output', workspace.path('cdktf.out'), '--skip-provider-lock', '--parallelism', '1'];
  try {
    for (const [command, expected] of [
      ['deploy', /Apply complete!/],
      ['destroy', /Destroy complete!/],
    ] as const) {
      tally.doing(`cdktf ${command} '*'`);
      const { code, output, seconds } = await cdktf([command, '*', '--auto-approve', ...flags], environment);
      const stacks = output.split(expected).length - 1;
      tally.record(`cdktf ${command} '*'`, code === 0 && stacks > 0, complaints(output));
      tally.print(`cdktf ${command} '*'  ${stacks} stacks, ${seconds.toFixed(1)} s`);
    }
  } finally {
    await standIn.stop();
  }
}

function cdktf(args: readonly string[], environment: NodeJS.ProcessEnv): Promise<Outcome> {
  const began = performance.now();
  const child = spawn(join(PROJECT, 'node_modules/.bin/cdktf'), args, {
    cwd: PROJECT,
    env: offline(environment),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text: Buffer) => (output += text.toString()));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code: code ?? -1, output, seconds: (performance.now() - began) / 1000 }));
  });
}

/** The lines that speak of an error, without colours. */
const complaints = (output: string): string =>
  stripVTControlCharacters(output)
    .split('\n')
    .filter((line) => /[│╷╵]/.test(line))
    .join('\n')
    .slice(0, 2000);
