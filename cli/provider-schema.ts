/** Reads the schema of the types in use from the provider bindings in node_modules: 0.1 s for forty types. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  bindingOf,
  extractSchema,
  originalSource,
  type ProviderSchema,
  type ProviderSchemas,
} from '../modules/checks/schema';
import type { BlockSchema, SchemaKind } from '../modules/checks/schema';
import type { Resource, TerraformProject } from '../modules/checks/terraform';
import { providerName } from '../modules/checks/references';
import { cachedSchema } from './schema-cache';

export interface SchemasInUse {
  readonly schemas: ProviderSchemas;
  /** Every type that a provider has; undefined when its bindings are not installed. */
  readonly typesOf: (provider: string, mode: Resource['mode']) => readonly string[] | undefined;
}

/** Providers that speak protocol 6 nest attributes where others nest blocks, and the bindings write both alike. */
const NESTED_ATTRIBUTES = new Set(['helm']);

export function schemasInUse(project: TerraformProject): SchemasInUse {
  const wanted = new Map<string, Set<string>>();
  const want = (provider: string, key: string) => wanted.set(provider, (wanted.get(provider) ?? new Set()).add(key));
  for (const stack of project.stacks) {
    for (const { name } of stack.providers) want(name, 'provider ');
    for (const one of [...stack.resources, ...stack.data]) want(providerName(one), `${one.mode} ${one.type}`);
  }
  const schemas = Object.fromEntries([...wanted].map(([provider, keys]) => [provider, providerSchema(provider, keys)]));
  return { schemas, typesOf };
}

function providerSchema(provider: string, keys: Iterable<string>): ProviderSchema {
  const resources: Record<string, { version: number; block: BlockSchema }> = {};
  const data: typeof resources = {};
  let own: ProviderSchema['provider'];
  for (const key of keys) {
    const [kind, type = ''] = key.split(' ') as [SchemaKind, string];
    const block = readSchema(provider, kind, type);
    if (block === undefined) continue;
    if (kind === 'provider') own = { version: 0, block };
    else (kind === 'data' ? data : resources)[type] = { version: 0, block };
  }
  return { ...(own && { provider: own }), resource_schemas: resources, data_source_schemas: data };
}

/** Undefined when the provider has no such type, or no bindings here. */
export function readSchema(provider: string, kind: SchemaKind, type: string): BlockSchema | undefined {
  const key = `${provider} ${kind} ${type}`;
  if (!READ.has(key)) READ.set(key, readBinding(provider, kind, type));
  return READ.get(key);
}

/** Bindings do not change while a process runs. */
const READ = new Map<string, BlockSchema | undefined>();

function readBinding(provider: string, kind: SchemaKind, type: string): BlockSchema | undefined {
  const root = packageOf(provider);
  const folder = root && join(root, bindingOf(kind, type));
  if (root === undefined || folder === undefined || !existsSync(join(folder, 'index.js'))) return undefined;
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  return cachedSchema(provider, version, `${kind}.${type}`, () => extracted(provider, folder));
}

function extracted(provider: string, folder: string): BlockSchema | undefined {
  // Three types are so large that their structs are in files beside.
  const structs = join(folder, 'index-structs');
  const more = existsSync(structs) ? readdirSync(structs).filter((name) => name.endsWith('.js')) : [];
  const files = [join(folder, 'index.js'), ...more.map((name) => join(structs, name))];
  const source = files.map((file) => originalSource(readFileSync(file, 'utf8')) ?? '').join('\n');
  return extractSchema(source, { nestedAttributes: NESTED_ATTRIBUTES.has(provider) })?.block;
}

function typesOf(provider: string, mode: Resource['mode']): readonly string[] | undefined {
  const root = packageOf(provider);
  if (root === undefined) return undefined;
  const data = `data-${provider}-`;
  const folders = readdirSync(join(root, 'lib'), { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const names = folders
    .map(({ name }) => name)
    .filter((name) => name !== 'provider' && name.startsWith(data) === (mode === 'data'));
  return names.map((name) => `${provider}_${(mode === 'data' ? name.slice(data.length) : name).replaceAll('-', '_')}`);
}

function packageOf(provider: string): string | undefined {
  try {
    return dirname(require.resolve(`@cdktf/provider-${provider}/package.json`));
  } catch {
    return undefined;
  }
}
