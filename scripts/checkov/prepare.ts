/** Writes the synthesized platform, and one mutant of it a fault, where checkov can read them: prepare.ts FOLDER. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { loadPlatform } from '../../cli/platform';
import { synthesizePlatform } from '../../cli/synth';
import type { Mutable } from '../../__tests__/modules/checks/clean-platform';
import { MUTATORS } from '../../__tests__/modules/checks/policy/mutants';

function synthesized(profile: 'cheapest-durable' | 'managed'): Promise<ReadonlyMap<string, string>> {
  const { platform } = loadPlatform().inputs;
  const kafka = profile === 'managed' ? { ...platform.kafka, engine: 'msk' as const } : platform.kafka;
  return synthesizePlatform({ ...platform, profile, kafka });
}

/** checkov 3.3 stops at a text in the terraform block ("this method receives only dicts"), and needs nothing that is in it. */
function readable(text: string): string {
  const json = JSON.parse(text) as Record<string, unknown>;
  delete json.terraform;
  return JSON.stringify(json, null, 2);
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

async function main(folder: string): Promise<void> {
  const clean = { 'cheapest-durable': await synthesized('cheapest-durable'), managed: await synthesized('managed') };
  for (const [path, text] of clean['cheapest-durable']) {
    if (path !== 'manifest.json') write(join(folder, 'platform', path), readable(text));
  }
  // The managed profile as it is, so that what it shows by itself is not taken for a fault's doing.
  for (const [path, text] of clean.managed) {
    if (path !== 'manifest.json') write(join(folder, 'mutants/managed', path), readable(text));
  }
  const index = MUTATORS.map(({ id, type, fault, profile, edit }, i) => {
    for (const [path, text] of clean[profile]) {
      const json: Mutable = path === 'manifest.json' ? {} : JSON.parse(text);
      for (const name of Object.keys(json.resource?.[type] ?? {})) {
        const mutant = structuredClone(json);
        if (edit(mutant.resource[type][name], mutant) === false) continue;
        write(join(folder, 'mutants', String(i), path), readable(JSON.stringify(mutant)));
        return { id, type, fault, profile, path };
      }
    }
    throw new Error(`${id}: no resource can bear "${fault}"`);
  });
  write(join(folder, 'mutants.index.json'), JSON.stringify(index));
}

main(process.argv[2] as string).then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    process.exit(2);
  },
);
