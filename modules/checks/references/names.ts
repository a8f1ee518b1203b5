import { isBuiltin } from './builtin';
import type { BlockSchema, ProviderSchemas } from '../schema';
import type { Local, Resource, Stack, TerraformProject } from '../terraform';
import { providerOf } from '../terraform/resolve';
import { producerOf } from '../terraform/remote-state';

/** What the names in one stack's expressions may mean, indexed. */
export class StackNames {
  readonly resources: ReadonlyMap<string, Resource>;
  readonly variables: ReadonlySet<string>;
  readonly locals: ReadonlyMap<string, Local>;
  readonly modules: ReadonlySet<string>;
  /** Remote state's name → the stack that it reads; undefined when no stack of the project keeps that state. */
  readonly producers: ReadonlyMap<string, Stack | undefined>;

  constructor(
    project: TerraformProject,
    readonly stack: Stack,
    private readonly schemas: ProviderSchemas,
  ) {
    this.resources = new Map([...stack.resources, ...stack.data].map((one) => [one.address, one]));
    this.variables = new Set(stack.variables.map(({ name }) => name));
    this.locals = new Map(stack.locals.map((one) => [one.name, one]));
    this.modules = new Set(stack.modules.map(({ name }) => name));
    this.producers = new Map(stack.remoteStates.map((remote) => [remote.name, producerOf(project, stack, remote)]));
  }

  /** Whether an address means something: `aws_vpc.main`, `data.x.y`, `local.a`, `module.b`. */
  declares(address: string): boolean {
    const [root, first = '', second = ''] = address.split('.');
    if (root === 'data' && first === 'terraform_remote_state') return this.producers.has(second);
    if (root === 'local') return this.locals.has(first);
    if (root === 'var') return this.variables.has(first);
    return root === 'module' ? this.modules.has(first) : this.resources.has(address);
  }

  /** Undefined: the provider's bindings are not there, or it has no such type. */
  schemaOf(resource: Resource): BlockSchema | undefined {
    const schema = isBuiltin(resource.type) ?? this.schemas[providerName(resource)];
    const types = resource.mode === 'data' ? schema?.data_source_schemas : schema?.resource_schemas;
    return types !== undefined && Object.hasOwn(types, resource.type) ? types[resource.type]?.block : undefined;
  }
}

/** The local name of a resource's provider, without its alias. */
export const providerName = (resource: Resource): string => providerOf(resource).split('.')[0] as string;
