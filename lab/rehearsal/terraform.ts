/** Runs the real Terraform, offline, and says how it went. */
import { spawn, type ChildProcess } from 'node:child_process';
import { stripVTControlCharacters } from 'node:util';

export interface Outcome {
  readonly code: number;
  /** stdout and stderr as they came, without colours. */
  readonly output: string;
  readonly seconds: number;
}

/** Nothing is asked of the network or of a person, and no configuration of the machine counts. */
const OFFLINE = {
  CHECKPOINT_DISABLE: '1',
  CI: '1',
  TF_CLI_CONFIG_FILE: '/dev/null',
  TF_IN_AUTOMATION: '1',
  TF_INPUT: '0',
  // Its states are small and short-lived: collecting them less often takes a sixth less processor time, for some memory.
  GOGC: '400',
  NO_COLOR: '1',
};

export const offline = (environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv => ({ ...environment, ...OFFLINE });

export interface Run {
  readonly child: ChildProcess;
  readonly done: Promise<Outcome>;
}

export function start(folder: string, args: readonly string[], environment: NodeJS.ProcessEnv): Run {
  const began = performance.now();
  const child = spawn('terraform', args, {
    cwd: folder,
    env: offline(environment),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text: Buffer) => (output += text.toString()));
  const done = new Promise<Outcome>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code: code ?? -1, output, seconds: (performance.now() - began) / 1000 }));
  });
  return { child, done };
}

export const terraform = (folder: string, args: readonly string[], environment: NodeJS.ProcessEnv): Promise<Outcome> =>
  start(folder, args, environment).done;

export type Action = 'create' | 'update' | 'replace' | 'delete';

export interface PlannedChange {
  readonly address: string;
  readonly action: Action;
}

/** What a saved plan would do to managed resources, in the words of `cimiento diff`. */
export async function plannedChanges(folder: string, plan: string, environment: NodeJS.ProcessEnv): Promise<PlannedChange[]> {
  const { code, output } = await terraform(folder, ['show', '-json', plan], environment);
  if (code !== 0) throw new Error(output);
  const { resource_changes = [] } = JSON.parse(output) as {
    readonly resource_changes?: readonly {
      readonly address: string;
      readonly mode: string;
      readonly change: { readonly actions: readonly string[] };
    }[];
  };
  return resource_changes.flatMap(({ address, mode, change: { actions } }) => {
    if (mode !== 'managed' || actions[0] === 'no-op' || actions[0] === 'read') return [];
    return [{ address, action: actions.length === 2 ? 'replace' : (actions[0] as Action) }];
  });
}

/** The first complaint of an output on one line, without the source that it quotes: what a person would be told. */
export function complaint(output: string): string {
  const text = stripVTControlCharacters(output).replace(/^[╷│╵ ]+/gm, '').replace(/^\d+: .*$/gm, '');
  const at = text.indexOf('Error: ');
  return (at === -1 ? text : text.slice(at + 7).split(/\n\s*Error: /)[0]!).replace(/\s+/g, ' ').trim();
}
