/**
 * The whole test surface of stacks: platform in, Terraform JSON out, through the real `App.synth()` (validations on, every
 * cross-stack reference resolved) in a temporary folder.
 */
import { App, type AppConfig } from 'cdktf';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Terraform JSON, as far as tests look into it. */
export interface TerraformJson {
  readonly resource: Readonly<Record<string, Readonly<Record<string, Record<string, any>>>>>;
  readonly data?: Readonly<Record<string, Readonly<Record<string, Record<string, any>>>>>;
  readonly [section: string]: any;
}

/** The text of every stack that `build` adds to the app, by stack name. */
export function synthesizeText(build: (app: App) => void, config: AppConfig = {}): Record<string, string> {
  const outdir = mkdtempSync(join(tmpdir(), 'cimiento-synth-'));
  try {
    const app = new App({ outdir, ...config });
    build(app);
    app.synth();
    const stacks = join(outdir, 'stacks');
    return Object.fromEntries(
      readdirSync(stacks).map((stack) => [stack, readFileSync(join(stacks, stack, 'cdk.tf.json'), 'utf8')]),
    );
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

/** One stack's JSON. */
export function synthesize(stack: string, build: (app: App) => void, config: AppConfig = {}): TerraformJson {
  const text = synthesizeText(build, config)[stack];
  if (text === undefined) throw new Error(`nothing was synthesized for stack "${stack}"`);
  return JSON.parse(text) as TerraformJson;
}

/** For snapshots: without cdktf's `//` metadata, which repeats each construct's path. */
export function readable(json: TerraformJson): unknown {
  return JSON.parse(JSON.stringify(json, (key, value: unknown) => (key === '//' ? undefined : value)));
}

/** `aws_subnet` → `[[name, attributes], …]`; empty if there are none. */
export function resources(json: TerraformJson, type: string): [string, Record<string, any>][] {
  return Object.entries(json.resource[type] ?? {});
}
