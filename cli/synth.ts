/** Synthesizes a platform into a folder. cdktf is loaded only when this is called: it is what makes a command slow. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Platform } from '../modules/spec/platform';
import type { PlatformInputs } from '../stacks/inputs';
import { withoutTraces } from '../stacks/without-traces';
import { derive } from './platform';
import { readTerraformFiles } from './terraform-files';

export interface SynthesizedStack {
  readonly name: string;
  readonly resources: number;
}

/**
 * @returns the stacks in the order in which they are deployed
 * @throws Rejection for what only a stack can tell; the folder is then as it was, although cdktf makes it at once
 */
export async function synthesize(inputs: PlatformInputs, outdir: string): Promise<SynthesizedStack[]> {
  const { App, TerraformResource } = await import('cdktf');
  const { buildStacks } = await import('../stacks');
  const wasThere = existsSync(outdir);
  const stacks = withoutTraces(() => {
    try {
      const app = new App({ outdir });
      const built = buildStacks(app, inputs);
      app.synth();
      return built;
    } catch (error) {
      if (!wasThere) rmSync(outdir, { recursive: true, force: true });
      throw error;
    }
  });
  return stacks.map((stack) => ({
    name: stack.node.id,
    resources: stack.node.findAll().filter((construct) => construct instanceof TerraformResource).length,
  }));
}

/** Gives a folder that nobody sees, and takes it away again. */
export async function unseen<Result>(use: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), 'cimiento-'));
  try {
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Synthesizes a platform where nobody sees it, and returns the files. */
export function synthesizedFiles(inputs: PlatformInputs): Promise<Map<string, string>> {
  return unseen(async (folder) => {
    await synthesize(inputs, folder);
    return readTerraformFiles(folder);
  });
}

/** Comparisons ask for the same platform again: the base, each engine, each way out. */
const synthesized = new Map<string, Promise<Map<string, string>>>();

/** The same from a platform that platform.yaml does not say, for comparison; of the same platform once. */
export function synthesizePlatform(platform: Platform): Promise<Map<string, string>> {
  const key = JSON.stringify(platform);
  const known = synthesized.get(key) ?? synthesizedFiles(derive(platform));
  synthesized.set(key, known);
  return known;
}
