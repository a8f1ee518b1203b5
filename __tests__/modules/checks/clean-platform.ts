/**
 * The platform that platform.yaml describes, synthesized: what every check must find nothing in, and what mutants are made of.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { synthesizePlatform } from '../../../cli/synth';
import { loadFacts } from '../../../modules/catalog';
import { parsePlatform } from '../../../modules/spec';

/** Fixed, so that support dates and waivers are judged alike on every day. */
export const TODAY = '2026-11-24';

const root = join(__dirname, '../../..');

export function platformOf(text: string) {
  return parsePlatform(text, { file: 'platform.yaml', facts: loadFacts(TODAY) });
}

export const PLATFORM_YAML = readFileSync(join(root, 'platform.yaml'), 'utf8');

/** @param text a platform.yaml; the project's own unless given */
export function synthesizedFiles(text = PLATFORM_YAML): Promise<ReadonlyMap<string, string>> {
  return synthesizePlatform(platformOf(text));
}

/** Terraform JSON to be broken, wrong types included. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a type that held the JSON right would refuse the mutants
export type Mutable = any;

/** A copy of the files in which one stack's JSON was changed. */
export function edited(
  files: ReadonlyMap<string, string>,
  stack: string,
  edit: (json: Mutable) => void,
): Map<string, string> {
  const path = `stacks/${stack}/cdk.tf.json`;
  const json: Mutable = JSON.parse(files.get(path) ?? '{}');
  edit(json);
  return new Map(files).set(path, JSON.stringify(json, null, 2));
}
