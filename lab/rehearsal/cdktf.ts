/** The same by the command that the project's users type: `cdktf deploy '*'`, `cdktf diff`, `cdktf destroy '*'`. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
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
    for (const command of ['deploy', 'destroy']) {
      tally.doing(`cdktf ${command} '*'`);
      const { code, output, seconds } = await cdktf([command, '*', '--auto-approve', ...flags], environment);
      tally.record(`cdktf ${command} '*'`, code === 0, complaints(output));
      const { created, deleted } = counted(workspace);
      const whole = command === 'deploy' ? created > 0 && deleted === 0 : created === deleted;
      tally.record(`cdktf ${command} '*' leaves what it should`, whole, `${created} created, ${deleted} deleted`);
      tally.print(`cdktf ${command} '*'  ${command === 'deploy' ? created : deleted} resources, ${seconds.toFixed(1)} s`);
    }
  } finally {
    await standIn.stop();
  }
}

/** What the stand-in's account has seen. */
function counted(workspace: Workspace): { readonly created: number; readonly deleted: number } {
  const journal = readFileSync(workspace.path('account.jsonl'), 'utf8');
  const count = (operation: string) => journal.split(`"op":"${operation}"`).length - 1;
  return { created: count('create'), deleted: count('delete') };
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
