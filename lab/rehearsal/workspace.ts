/**
 * A folder of its own for each rehearsal, laid out as the project is: platform.yaml with its ledger, cdktf.out, .state and
 * gitops. Always empty at first, since a left-over state would make "no changes" look like success.
 */
import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Rejection } from '../../modules/rejection';

const run = promisify(execFile);

export const PROJECT = join(__dirname, '../..');

/** Built binaries and workspaces: outside the project, and kept until the next run so that a failure can be looked into. */
export const CACHE = '/var/tmp/cimiento';

/** `[what platform.yaml says, what it shall say]`. */
export type Edit = readonly [string, string];

export interface Stack {
  readonly name: string;
  readonly folder: string;
  readonly dependencies: readonly string[];
}

export class Workspace {
  readonly root: string;
  /** Those of the last synthesis. */
  edits: readonly Edit[] = [];
  readonly #platform: string;

  constructor(name: string, platform = readFileSync(join(PROJECT, 'platform.yaml'), 'utf8')) {
    this.root = join(CACHE, 'rehearsal', name);
    this.#platform = platform;
    refuseSecond(this.root);
    rmSync(this.root, { recursive: true, force: true });
    mkdirSync(this.root, { recursive: true });
    writeFileSync(join(this.root, OWNER), `${process.pid} ${startOf(process.pid)}`);
    // A copy: Terraform reads values from it, and somebody may be writing there.
    cpSync(join(PROJECT, 'gitops'), join(this.root, 'gitops'), { recursive: true });
  }

  path(...parts: readonly string[]): string {
    return join(this.root, ...parts);
  }

  /**
   * Synthesizes platform.yaml as the edits leave it, by the program that `cdktf` runs; the ledger stays from one synthesis to
   * the next.
   *
   * @param context as `CDKTF_CONTEXT_JSON` takes it: `{ protection: 'lifted' }`
   * @returns the stacks, each after those it depends on
   */
  async synthesize(edits: readonly Edit[], { output = 'cdktf.out', context = {} } = {}): Promise<Stack[]> {
    this.edits = edits;
    const file = this.path('platform.yaml');
    writeFileSync(file, edited(this.#platform, edits));
    const env = {
      ...process.env,
      CIMIENTO_PLATFORM: file,
      CDKTF_OUTDIR: this.path(output),
      CDKTF_CONTEXT_JSON: JSON.stringify(context),
    };
    await run(process.execPath, ['-r', './bin/register.js', 'main.ts'], { cwd: PROJECT, env });
    const stacks = inOrder(this.path(output));
    for (const stack of stacks) keepStateHere(stack);
    return stacks;
  }

  /** Copies what was synthesized, states not among it. */
  copyOutput(from: string, to: string): void {
    rmSync(this.path(to), { recursive: true, force: true });
    cpSync(this.path(from), this.path(to), {
      recursive: true,
      filter: (path) => !path.endsWith('.terraform') && !path.endsWith('plan.bin'),
    });
  }
}

/** Holds the process that works there and when it began: a number alone is given out again. */
const OWNER = 'pid';

/** Two rehearsals in one folder would each find the other's state. */
function refuseSecond(root: string): void {
  const file = join(root, OWNER);
  if (!existsSync(file)) return;
  const [pid, began] = readFileSync(file, 'utf8').split(' ');
  if (Number(pid) === process.pid || began === undefined || startOf(Number(pid)) !== began) return;
  throw new Rejection(root, `another rehearsal, process ${pid}, is at work there`, 'wait until it has ended');
}

/** When a process began, in clock ticks since boot (proc(5), stat field 22); undefined when there is none. */
export function startOf(pid: number): string | undefined {
  const file = `/proc/${pid}/stat`;
  if (!existsSync(file)) return undefined;
  const stat = readFileSync(file, 'utf8');
  // The second field is the program's name in brackets, and may hold anything.
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[22 - 3];
}

export function edited(text: string, edits: readonly Edit[]): string {
  return edits.reduce((before, [from, to]) => {
    if (!before.includes(from)) throw new Error(`platform.yaml does not say "${from}"`);
    return before.replace(from, () => to);
  }, text);
}

/** The stacks of a cdktf.out, producers first, as its manifest has their dependencies. */
export function inOrder(output: string): Stack[] {
  const manifest = JSON.parse(readFileSync(join(output, 'manifest.json'), 'utf8')) as {
    readonly stacks: Readonly<
      Record<string, { readonly workingDirectory: string; readonly dependencies: readonly string[] }>
    >;
  };
  const ordered: Stack[] = [];
  const visit = (name: string) => {
    if (ordered.some((stack) => stack.name === name)) return;
    const { workingDirectory, dependencies } = manifest.stacks[name]!;
    dependencies.forEach(visit);
    ordered.push({ name, folder: join(output, workingDirectory), dependencies });
  };
  Object.keys(manifest.stacks).forEach(visit);
  return ordered;
}

/**
 * S3 is not here: a file beside the synthesized one, which Terraform merges over it, moves state to the local disk. The
 * synthesized JSON stays untouched.
 */
function keepStateHere({ name, folder }: Stack): void {
  const json = JSON.parse(readFileSync(join(folder, 'cdk.tf.json'), 'utf8')) as {
    readonly terraform: { readonly backend: Readonly<Record<string, unknown>> };
    readonly data?: { readonly terraform_remote_state?: Readonly<Record<string, { readonly config: { key?: string } }>> };
  };
  if (!('s3' in json.terraform.backend)) return;
  const local = (stack: string) => ({ path: `../../../.state/${stack}.tfstate` });
  const states = Object.entries(json.data?.terraform_remote_state ?? {}).map(([remote, { config }]) => {
    const producer = /([^/]+)\.tfstate$/.exec(config.key ?? '')?.[1] ?? remote;
    return [remote, { backend: 'local', config: local(producer) }];
  });
  const override = {
    terraform: { backend: { local: local(name) } },
    ...(states.length > 0 && { data: { terraform_remote_state: Object.fromEntries(states) as object } }),
  };
  writeFileSync(join(folder, 'rehearse_override.tf.json'), JSON.stringify(override, null, 2));
}
