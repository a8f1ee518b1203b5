/**
 * The whole test surface of stacks: platform in, Terraform JSON out, through the real `App.synth()` (validations on, every
 * cross-stack reference resolved) in a temporary folder.
 */
import { App, type AppConfig } from 'cdktf';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { withoutTraces } from '../../stacks/without-traces';

/** A resource's attributes, as far as tests look into them. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- bindings type what goes in, nothing what comes out
export type Attributes = Record<string, any>;

export interface TerraformJson {
  readonly resource: Readonly<Record<string, Readonly<Record<string, Attributes>>>>;
  readonly data?: Readonly<Record<string, Readonly<Record<string, Attributes>>>>;
  readonly provider: Readonly<Record<string, readonly Attributes[]>>;
  readonly terraform: Attributes;
  readonly [section: string]: Attributes | undefined;
}

/** Every file that the app writes, by its path in cdktf.out. */
export function synthesizeFiles(build: (app: App) => void, config: AppConfig = {}): Record<string, string> {
  const outdir = mkdtempSync(join(tmpdir(), 'cimiento-synth-'));
  try {
    withoutTraces(() => {
      const app = new App({ outdir, ...config });
      build(app);
      app.synth();
    });
    const files = readdirSync(outdir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    return Object.fromEntries(
      files
        .map((file) => join(file.parentPath, file.name))
        .sort()
        .map((path) => [relative(outdir, path), readFileSync(path, 'utf8')]),
    );
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

/** The text of every stack that `build` adds to the app, by stack name. */
export function synthesizeText(build: (app: App) => void, config: AppConfig = {}): Record<string, string> {
  return Object.fromEntries(
    Object.entries(synthesizeFiles(build, config)).flatMap(([path, text]) => {
      const stack = /^stacks\/([^/]+)\/cdk\.tf\.json$/.exec(path)?.[1];
      return stack === undefined ? [] : [[stack, text]];
    }),
  );
}

/** Terraform JSON without cdktf's `//` metadata, which repeats each construct's path. */
export function parse(text: string): TerraformJson {
  return JSON.parse(text, (key, value: unknown) => (key === '//' ? undefined : value)) as TerraformJson;
}

/** One stack's JSON. */
export function synthesize(stack: string, build: (app: App) => void, config: AppConfig = {}): TerraformJson {
  const text = synthesizeText(build, config)[stack];
  if (text === undefined) throw new Error(`nothing was synthesized for stack "${stack}"`);
  return parse(text);
}

/** `[[name, attributes], …]` of a type; empty if there are none. */
export function resources(json: TerraformJson, type: string): [string, Attributes][] {
  return Object.entries(json.resource[type] ?? {});
}

/** Attributes of the resources of a type. */
export function attributes(json: TerraformJson, type: string): Attributes[] {
  return Object.values(json.resource[type] ?? {});
}

/**
 * What differs between two stacks, a line a place: `+ path = value`, `- path`, `~ path: before → after`. With the snapshot of
 * `before` it says all of `after`, in a fraction of the lines.
 */
export function differences(before: unknown, after: unknown, path = ''): string[] {
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  if (!isObject(before) || !isObject(after)) {
    return [`~ ${path}: ${JSON.stringify(before)} → ${JSON.stringify(after)}`];
  }
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].sort().flatMap((key) => {
    const place = path === '' ? key : `${path}.${key}`;
    if (!(key in after)) return [`- ${place}`];
    if (!(key in before)) return [`+ ${place} = ${JSON.stringify(after[key])}`];
    return differences(before[key], after[key], place);
  });
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
