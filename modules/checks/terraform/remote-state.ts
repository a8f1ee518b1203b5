import { posix } from 'node:path';
import type { Json, RemoteState, Stack, TerraformProject } from './project';

/**
 * The stack whose outputs a remote state reads: the one that keeps its state where the reader looks. Undefined when no stack
 * of the project does; the state is then somebody else's and its outputs are unknown here.
 */
export function producerOf(project: TerraformProject, reader: Stack, remote: RemoteState): Stack | undefined {
  const wanted = stateKey(remote.backend, remote.config, reader.folder);
  return wanted === undefined ? undefined : keepers(project).get(wanted);
}

const KEEPERS = new WeakMap<TerraformProject, ReadonlyMap<string, Stack>>();

/** Stacks by where they keep their state. */
function keepers(project: TerraformProject): ReadonlyMap<string, Stack> {
  const known = KEEPERS.get(project);
  if (known !== undefined) return known;
  const index = new Map(
    project.stacks.flatMap((stack) => [[keyOfStack(stack) ?? `stack:${stack.name}`, stack] as const]),
  );
  KEEPERS.set(project, index);
  return index;
}

const keyOfStack = (stack: Stack): string | undefined =>
  stack.backend === undefined
    ? stateKey('local', { path: 'terraform.tfstate' }, stack.folder)
    : stateKey(stack.backend.type, stack.backend.body, stack.folder);

/** What names a state in each backend: a file for `local`, else every setting that says which object it is. */
function stateKey(backend: string, config: Readonly<Record<string, Json>>, folder: string): string | undefined {
  if (backend === 'local') {
    const path = typeof config.path === 'string' ? config.path : 'terraform.tfstate';
    return `local:${posix.isAbsolute(path) ? posix.normalize(path) : posix.join(folder, path)}`;
  }
  const names = [
    'bucket',
    'key',
    'prefix',
    'container_name',
    'storage_account_name',
    'organization',
    'hostname',
    'address',
  ];
  const named = names
    .filter((name) => typeof config[name] === 'string')
    .map((name) => `${name}=${String(config[name])}`);
  const workspaces = config.workspaces === undefined ? [] : [JSON.stringify(config.workspaces)];
  return named.length + workspaces.length === 0 ? undefined : [backend, ...named, ...workspaces].join(':');
}
