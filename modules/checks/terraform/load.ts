import { posix } from 'node:path';
import { Rejection, Rejections } from '../../rejection';
import { readStack } from './stack';
import { lineAt } from './locate';
import type { Json, Stack, TerraformProject } from './project';
import { jsonDefect } from './json-defect';

/** A file of one stack, parsed. */
export interface ParsedFile {
  readonly path: string;
  readonly text: string;
  readonly json: Readonly<Record<string, Json>>;
}

/**
 * Reads a `cdktf.out` (its manifest names the stacks) or any tree with `*.tf.json` in it (each folder is a stack).
 *
 * @param files text by path, relative to the root, with `/`; anything but `manifest.json`, `*.tf.json` and `*.tf` (converted to
 *   JSON) is passed over
 * @param root what the user typed, for messages
 * @param written the HCL that a `*.tf` was converted from: lines are its
 * @throws Rejection with file and line for what is no JSON, missing, or no block of Terraform's
 */
export function loadTerraform(
  files: ReadonlyMap<string, string>,
  root = '.',
  written: ReadonlyMap<string, string> = new Map(),
): TerraformProject {
  const rejections: Rejection[] = [];
  const attempt = <T>(read: () => T): T[] => {
    try {
      return [read()];
    } catch (error) {
      if (!(error instanceof Rejection)) throw error;
      rejections.push(...(error instanceof Rejections ? error.all : [error]));
      return [];
    }
  };
  const place = (path: string) => (root === '.' ? path : posix.join(root, path));
  const parse = (path: string): ParsedFile => {
    const text = files.get(path) ?? '';
    return { path, text: written.get(path) ?? text, json: parseObject(place(path), text) };
  };

  const names = attempt(() => stackNames(files, place)).at(0);
  const folders = new Map<string, string[]>();
  for (const path of [...files.keys()].sort()) {
    if (!/\.tf(\.json)?$/.test(path) || (names !== undefined && !names.has(path) && !names.has(posix.dirname(path))))
      continue;
    const folder = posix.dirname(path);
    folders.set(folder, [...(folders.get(folder) ?? []), path]);
  }
  if (folders.size === 0 && rejections.length === 0) {
    const fix = 'give a cdktf.out, or a folder with a cdk.tf.json or *.tf.json in it';
    throw new Rejection(root, 'no Terraform JSON in it', fix);
  }
  const stacks = [...folders].flatMap(([folder, paths]): Stack[] => {
    const parsed = paths.flatMap((path) => attempt(() => parse(path)));
    const name = paths.map((path) => names?.get(path)).find((one) => one !== undefined) ?? nameOfFolder(folder);
    return attempt(() => readStack(name, folder, parsed, place));
  });
  const [first, ...others] = rejections;
  if (first !== undefined) throw others.length === 0 ? first : new Rejections([first, ...others]);
  return { stacks, texts: new Map([...files, ...written]) };
}

const nameOfFolder = (folder: string): string => (folder === '.' ? 'root' : posix.basename(folder));

/** Path of a synthesized file → stack's name, as cdktf's manifest has it; undefined without a manifest. */
function stackNames(
  files: ReadonlyMap<string, string>,
  place: (path: string) => string,
): Map<string, string> | undefined {
  const source = files.get('manifest.json');
  if (source === undefined) return undefined;
  const where = place('manifest.json');
  const { stacks } = parseObject(where, source);
  if (!isObject(stacks)) return undefined;
  const names = new Map<string, string>();
  for (const [name, entry] of Object.entries(stacks)) {
    const path = isObject(entry) ? entry.synthesizedStackPath : undefined;
    if (typeof path !== 'string')
      throw new Rejection(where, `stack ${name} has no synthesizedStackPath`, 'synthesize anew');
    if (!files.has(path))
      throw new Rejection(where, `stack ${name} is in ${path}, which is missing`, 'synthesize anew');
    names.set(posix.normalize(path), name);
    names.set(posix.dirname(path), name);
  }
  return names;
}

const BYTE_ORDER_MARK = '\ufeff';

const isObject = (value: Json | undefined): value is { readonly [key: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function parseObject(where: string, source: string): Readonly<Record<string, Json>> {
  let json: Json;
  try {
    json = JSON.parse(source) as Json;
  } catch (error) {
    throw syntaxRejection(where, source, error as SyntaxError);
  }
  if (!isObject(json)) throw new Rejection(where, 'holds no JSON object', 'a Terraform file is one object of blocks');
  const defect = jsonDefect(source);
  if (defect !== undefined)
    throw new Rejection(`${where}:${lineAt(source, defect.offset)}`, defect.problem, defect.fix);
  return json;
}

function syntaxRejection(where: string, source: string, error: SyntaxError): Rejection {
  if (source.trim() === '') return new Rejection(where, 'is empty', 'synthesize anew, or delete it');
  if (source.startsWith(BYTE_ORDER_MARK))
    return new Rejection(`${where}:1`, 'begins with a byte order mark', 'save it as UTF-8 without one');
  const [words = ''] = /^Unexpected token '.+?'(?=,)|^.*?(?= in JSON| at position|$)/s.exec(error.message) ?? [];
  return new Rejection(
    `${where}:${lineAt(source, offsetOf(source, error))}`,
    `is no JSON: ${/^Unexpected end/.test(words) ? 'ends in the middle' : words}`,
    'synthesize anew; was it cut off while being written?',
  );
}

/** Where V8 stopped reading; where the text ends, if it wanted more. */
function offsetOf(source: string, { message }: SyntaxError): number {
  const position = /at position (\d+)/.exec(message)?.[1];
  if (position !== undefined) return Number(position);
  if (!message.startsWith(UNEXPECTED)) return source.trimEnd().length;
  // V8 names such a token without its place: it is the last character of the shortest beginning of which V8 says the same.
  let [without, having] = [0, source.length];
  while (having - without > 1) {
    const middle = (without + having) >> 1;
    if (hasUnexpected(source.slice(0, middle))) having = middle;
    else without = middle;
  }
  return without;
}

const UNEXPECTED = 'Unexpected token';

function hasUnexpected(source: string): boolean {
  try {
    JSON.parse(source);
    return false;
  } catch (error) {
    return (error as SyntaxError).message.startsWith(UNEXPECTED);
  }
}
