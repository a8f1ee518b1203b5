import { distance } from 'fastest-levenshtein';
import { Rejection } from '../../rejection';
import type { ParsedFile } from './load';
import { lineOf } from './locate';
import type { Backend, Body, Json, ModuleCall, Origin, RemoteState, Resource, Stack } from './project';

/** Every block that a file may hold at its top: https://developer.hashicorp.com/terraform/language/syntax/json */
const TOP_LEVEL = [
  'terraform',
  'provider',
  'resource',
  'data',
  'variable',
  'locals',
  'output',
  'module',
  'moved',
  'import',
  'removed',
  'check',
  'ephemeral',
];

const META = ['count', 'for_each', 'provider', 'depends_on', 'lifecycle', 'provisioner', 'connection'];

interface Labelled {
  readonly labels: readonly string[];
  readonly body: Body;
  readonly origin: Origin;
}

/** Makes one stack of a folder's files; `*override.tf.json` and `*override.tf` are merged over the rest, as Terraform does. */
export function readStack(
  name: string,
  folder: string,
  files: readonly ParsedFile[],
  place: (path: string) => string,
): Stack {
  const reader = new StackReader(place, new Map(files.map((file) => [file.path, file])));
  const isOverride = ({ path }: ParsedFile) => /(^|\/|_)override\.tf(\.json)?$/.test(path);
  const ordered = [...files.filter((file) => !isOverride(file)), ...files.filter(isOverride)];
  for (const file of files) reader.refuseUnknownBlocks(file);
  const all = (block: string, labels: number) =>
    merged(
      ordered.flatMap((file) =>
        reader.labelled(file, block, labels).map((one) => ({ ...one, over: isOverride(file) })),
      ),
      reader,
    );

  const terraform = ordered.flatMap((file) => reader.labelled(file, 'terraform', 0));
  const resource = (mode: Resource['mode']) =>
    all(mode, 2).map(({ labels, body, origin }): Resource =>
      readResource(name, mode, labels as [string, string], body, origin),
    );
  const data = resource('data');
  return {
    name,
    folder,
    resources: resource('resource'),
    data: data.filter(({ type }) => type !== 'terraform_remote_state'),
    remoteStates: data.filter(({ type }) => type === 'terraform_remote_state').map(readRemoteState),
    providers: ordered.flatMap((file) =>
      reader.labelled(file, 'provider', 1).map(({ labels, body, origin }) => ({
        name: labels[0] as string,
        ...(typeof body.alias === 'string' ? { alias: body.alias } : {}),
        body: without(body, ['alias', 'version']),
        origin,
      })),
    ),
    requiredProviders: Object.assign(
      {},
      ...terraform.map(({ body }) => readRequiredProviders(body)),
    ) as Stack['requiredProviders'],
    variables: all('variable', 1).map(({ labels, body, origin }) => ({
      name: labels[0] as string,
      ...('default' in body ? { default: body.default } : {}),
      origin,
    })),
    locals: ordered.flatMap((file) =>
      reader.labelled(file, 'locals', 0).flatMap(({ body, origin }) =>
        Object.entries(body).map(([local, value]) => ({
          name: local,
          value,
          origin: { ...origin, path: [...origin.path, local] },
        })),
      ),
    ),
    outputs: all('output', 1).map(({ labels, body, origin }) => ({
      name: labels[0] as string,
      value: body.value ?? null,
      sensitive: body.sensitive === true,
      origin,
    })),
    modules: all('module', 1).map(({ labels, body, origin }): ModuleCall => {
      const source = typeof body.source === 'string' ? { source: body.source } : {};
      return { name: labels[0] as string, ...source, body, origin };
    }),
    ...backendOf(terraform.map(({ body }) => body)),
    moved: ordered.flatMap((file) =>
      reader
        .labelled(file, 'moved', 0)
        .flatMap(({ body }) =>
          typeof body.from === 'string' && typeof body.to === 'string'
            ? [{ from: bareAddress(body.from), to: bareAddress(body.to) }]
            : [],
        ),
    ),
    forgotten: ordered.flatMap((file) =>
      reader
        .labelled(file, 'removed', 0)
        .flatMap(({ body }) =>
          typeof body.from === 'string' && objectOf(body.lifecycle).destroy === false ? [bareAddress(body.from)] : [],
        ),
    ),
    assertions: all('check', 1).flatMap(({ labels, body, origin }) =>
      body.assert === undefined || body.data !== undefined
        ? []
        : [{ name: labels[0] as string, value: body.assert, origin: { ...origin, path: [...origin.path, 'assert'] } }],
    ),
  };
}

class StackReader {
  constructor(
    private readonly place: (path: string) => string,
    private readonly files: ReadonlyMap<string, ParsedFile>,
  ) {}

  /** Unknown block names are typing errors or another tool's files; either way nothing in them would be judged. */
  refuseUnknownBlocks({ path, json }: ParsedFile): void {
    for (const block of Object.keys(json)) {
      if (block === '//' || TOP_LEVEL.includes(block)) continue;
      const nearest = TOP_LEVEL.find((known) => distance(known, block) <= 2);
      const fix = nearest === undefined ? `Terraform knows ${TOP_LEVEL.join(', ')}` : `did you mean "${nearest}"?`;
      throw this.reject({ file: path, path: [block] }, `unknown block "${block}"`, fix);
    }
  }

  /** Blocks with their labels, however objects and arrays are nested. */
  labelled({ path: file, json }: ParsedFile, block: string, depth: number): Labelled[] {
    const found: Labelled[] = [];
    const walk = (value: Json | undefined, labels: readonly string[], path: readonly (string | number)[]): void => {
      if (Array.isArray(value)) return value.forEach((one: Json, i) => walk(one, labels, [...path, i]));
      if (typeof value !== 'object' || value === null) {
        const what = [block, ...labels].join('.');
        throw this.reject(
          { file, path },
          `${what} is ${JSON.stringify(value)}`,
          'a block is an object or an array of objects',
        );
      }
      const body = value as Body;
      if (labels.length === depth) {
        found.push({ labels, body: without(body, ['//']), origin: { file, path } });
        return;
      }
      for (const [label, inner] of Object.entries(body)) {
        if (label !== '//') walk(inner, [...labels, label], [...path, label]);
      }
    };
    if (json[block] !== undefined) walk(json[block], [], [block]);
    return found;
  }

  reject({ file, path }: Origin, problem: string, fix: string): Rejection {
    const source = this.files.get(file)?.text ?? '';
    return new Rejection(`${this.place(file)}:${lineOf(source, path)}`, problem, fix);
  }
}

/** Refuses what is declared twice, and lays override files over what they override. */
function merged(found: readonly (Labelled & { readonly over: boolean })[], reader: StackReader): Labelled[] {
  const byName = new Map<string, Labelled>();
  for (const one of found) {
    const key = one.labels.join('.');
    const before = byName.get(key);
    if (before !== undefined && !one.over) {
      throw reader.reject(one.origin, `${key} is declared twice`, `it is also in ${before.origin.file}: rename one`);
    }
    byName.set(key, before === undefined ? one : { ...before, body: { ...before.body, ...one.body } });
  }
  return [...byName.values()];
}

const without = (body: Body, names: readonly string[]): Body =>
  Object.fromEntries(Object.entries(body).filter(([name]) => !names.includes(name)));

function readResource(
  stack: string,
  mode: Resource['mode'],
  [type, name]: readonly [string, string],
  body: Body,
  origin: Origin,
): Resource {
  const meta = Object.fromEntries(Object.entries(body).filter(([argument]) => META.includes(argument)));
  const address = mode === 'data' ? `data.${type}.${name}` : `${type}.${name}`;
  return { stack, mode, address, type, name, body: without(body, META), meta: meta as Resource['meta'], origin };
}

/** Terraform JSON has addresses as they are, and what is converted from HCL has them in `${…}`. */
const bareAddress = (written: string): string => written.replace(/^\$\{(.*)\}$/, '$1');

const objectOf = (value: Json | undefined): Body => {
  const one: Json | undefined = Array.isArray(value) ? (value as readonly Json[])[0] : value;
  return typeof one === 'object' && one !== null && !Array.isArray(one) ? (one as Body) : {};
};

const readRemoteState = ({ name, body, origin }: Resource): RemoteState => ({
  name,
  backend: typeof body.backend === 'string' ? body.backend : '',
  config: objectOf(body.config),
  defaults: objectOf(body.defaults),
  origin,
});

function readRequiredProviders(terraform: Body): Stack['requiredProviders'] {
  return Object.fromEntries(
    Object.entries(objectOf(terraform.required_providers)).map(([name, value]) => {
      if (typeof value === 'string') return [name, { version: value }];
      const { source, version } = objectOf(value);
      return [name, { ...(typeof source === 'string' && { source }), ...(typeof version === 'string' && { version }) }];
    }),
  );
}

function backendOf(terraform: readonly Body[]): { backend?: Backend } {
  for (const body of [...terraform].reverse()) {
    const [type, config] = Object.entries(objectOf(body.backend))[0] ?? [];
    if (type !== undefined) return { backend: { type, body: objectOf(config) } };
  }
  return {};
}
