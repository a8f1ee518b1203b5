/**
 * Keeps the schemas that were read from the provider bindings in node_modules/.cache: reading one takes a megabyte of source map
 * apart. A key is made of the bindings' version and of the extractor's own source, so neither can outlive its entry; what cannot
 * be written is read again next time.
 */
import { createHash, type Hash } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { BlockSchema } from '../modules/checks/schema';

const ROOT = join(__dirname, '..');
const EXTRACTOR = join(ROOT, 'modules/checks/schema');

let extractor: string | undefined;

function extractorHash(): string {
  const digest = (hash: Hash) => hash.digest('hex').slice(0, 16);
  return (extractor ??= digest(
    readdirSync(EXTRACTOR)
      .sort()
      .reduce((hash, name) => hash.update(readFileSync(join(EXTRACTOR, name))), createHash('sha256')),
  ));
}

/** @param version of the bindings @param read called when nothing is kept */
export function cachedSchema(
  provider: string,
  version: string,
  type: string,
  read: () => BlockSchema | undefined,
): BlockSchema | undefined {
  const folder = `node_modules/.cache/cimiento/schema-${extractorHash()}/${provider}@${version}`;
  const file = join(ROOT, folder, `${type}.json`);
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as BlockSchema;
  } catch {
    const schema = read();
    if (schema !== undefined) keep(file, schema);
    return schema;
  }
}

/** Written aside and renamed: two runs at once never read half a file. */
function keep(file: string, schema: BlockSchema): void {
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(`${file}.${process.pid}`, JSON.stringify(schema));
    renameSync(`${file}.${process.pid}`, file);
  } catch {
    // A read-only checkout: slower, not wrong.
  }
}
