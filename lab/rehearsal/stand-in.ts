/** Builds, starts and stops the stand-in provider. */
import { execFile, spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { writeFacts, writeSchema, type Faults } from './facts';
import { CACHE, type Workspace } from './workspace';

const run = promisify(execFile);

export interface StandIn {
  /** What Terraform is to be run with. */
  readonly environment: NodeJS.ProcessEnv;
  readonly pid: number;
  stop(): Promise<void>;
}

/** Go keeps what it compiled: 25 s with a cold cache, 2 s afterwards. */
export function buildStandIn(): Promise<string> {
  return (built ??= build());
}

let built: Promise<string> | undefined;

async function build(): Promise<string> {
  const binary = join(CACHE, 'rehearsal-provider');
  mkdirSync(CACHE, { recursive: true });
  await run('go', ['build', '-buildvcs=false', '-o', binary, '.'], { cwd: join(__dirname, 'provider') });
  return binary;
}

/**
 * Starts the stand-in for a workspace. Its account is a file there: started again, it remembers what exists.
 *
 * @param outputs folders of synthesized Terraform whose types it shall know
 */
export async function startStandIn(
  workspace: Workspace,
  outputs: readonly string[] = [workspace.path('cdktf.out')],
  faults: Faults = {},
): Promise<StandIn> {
  const binary = await buildStandIn();
  const [schema, facts] = [workspace.path('schema.json'), workspace.path('facts.json')];
  writeSchema(schema, outputs);
  writeFacts(facts, faults);
  const args = ['-schema', schema, '-facts', facts, '-account', workspace.path('account.jsonl')];
  const child = spawn(binary, args, { stdio: ['pipe', 'pipe', 'pipe'] });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  let complaint = '';
  child.stderr.on('data', (text: Buffer) => (complaint += text.toString()));
  const attach = await Promise.race([
    new Promise<string>((resolve) => createInterface({ input: child.stdout }).once('line', resolve)),
    ended.then(() => {
      throw new Error(`the stand-in provider ended: ${complaint}`);
    }),
  ]);
  return {
    environment: { ...process.env, TF_REATTACH_PROVIDERS: attach },
    pid: child.pid as number,
    // It ends with its standard input, as it would if we were killed.
    stop: () => {
      child.stdin.end();
      return ended;
    },
  };
}
