import { copiesByCount, copiesByKey, type Copies, type Copy } from './copies';
import { evaluate, Handle, navigate, type Scope } from './evaluate';
import type { Expression, Step } from './expression';
import { isTemplate, parseTemplates, type Templates } from './parse';
import { printStep } from './print';
import type { Json, Local, Output, Resource, Stack, TerraformProject, Variable } from './project';
import { producerOf } from './remote-state';
import type { ResolvedProject, ResolvedStack } from './resolved';
import { isUnknown, text, Unknown, type Instance, type ResolvedResource, type Value, type Values } from './value';

/** Reads every expression of a project and follows every reference, within and across stacks. */
export async function resolveProject(project: TerraformProject): Promise<ResolvedProject> {
  return resolveWith(project, await parseTemplates(templatesOf(project)));
}

/** The same when the templates have been read before (the linker needs them too). */
export function resolveWith(project: TerraformProject, templates: Templates): ResolvedProject {
  const resolver = new Resolver(project, templates);
  const stacks = project.stacks.map((stack) => resolver.stack(stack));
  const resources = stacks.flatMap(({ resources, data }) => [...resources, ...data]);
  const byResource = new Map(resources.map((one) => [one.resource, one.instances]));
  const instances = stacks.flatMap((stack) => stack.resources.flatMap((one) => one.instances));
  const byType = new Map<string, Instance[]>();
  for (const instance of instances) {
    const same = byType.get(instance.resource.type);
    if (same === undefined) byType.set(instance.resource.type, [instance]);
    else same.push(instance);
  }
  const providers = new Map(stacks.map(({ stack, providers }) => [stack.name, providers]));
  return {
    project,
    stacks,
    instances,
    of: (resource) => byResource.get(resource) ?? [],
    ofType: (type) => byType.get(type) ?? [],
    region: (resource) => {
      const own = byResource.get(resource)?.[0]?.values.region;
      return text(own) ?? text(providers.get(resource.stack)?.[providerOf(resource)]?.region);
    },
  };
}

/** `aws`, or `aws.east` when the resource says so. */
export function providerOf({ meta, type }: Resource): string {
  const named = typeof meta.provider === 'string' ? meta.provider.replace(/^\$\{(.*)\}$/, '$1') : undefined;
  return named ?? type.slice(0, type.indexOf('_') === -1 ? undefined : type.indexOf('_'));
}

/** Every text of a project that holds an expression. */
export function* templatesOf(project: TerraformProject): Generator<string> {
  for (const stack of project.stacks) {
    for (const { body, meta } of [...stack.resources, ...stack.data]) yield* templatesIn([body, meta as Json]);
    for (const { body } of [...stack.providers, ...stack.modules]) yield* templatesIn(body);
    for (const { value } of [...stack.locals, ...stack.outputs, ...stack.assertions]) yield* templatesIn(value);
    for (const { config, defaults } of stack.remoteStates) yield* templatesIn([config, defaults]);
  }
}

function* templatesIn(value: Json): Generator<string> {
  if (typeof value === 'string') {
    if (isTemplate(value)) yield value;
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, inner] of Object.entries(value)) {
      if (isTemplate(key)) yield key;
      yield* templatesIn(inner as Json);
    }
  }
}

/** What a stack declares, by name. */
interface StackIndex {
  readonly stack: Stack;
  readonly resources: ReadonlyMap<string, Resource>;
  readonly variables: ReadonlyMap<string, Variable>;
  readonly locals: ReadonlyMap<string, Local>;
  readonly outputs: ReadonlyMap<string, Output>;
  /** Remote state's name → the stack that it reads. */
  readonly producers: ReadonlyMap<string, Stack | undefined>;
}

const indexOf = (project: TerraformProject, stack: Stack): StackIndex => ({
  stack,
  resources: new Map([...stack.resources, ...stack.data].map((one) => [one.address, one])),
  variables: new Map(stack.variables.map((one) => [one.name, one])),
  locals: new Map(stack.locals.map((one) => [one.name, one])),
  outputs: new Map(stack.outputs.map((one) => [one.name, one])),
  producers: new Map(stack.remoteStates.map((remote) => [remote.name, producerOf(project, stack, remote)])),
});

class Resolver {
  private readonly indices: ReadonlyMap<string, StackIndex>;
  /** What is being read, so that a cycle ends (the linker reports it). */
  private readonly open = new Set<string>();
  private readonly copiesOf = new Map<Resource, Copies>();

  constructor(
    project: TerraformProject,
    private readonly templates: Templates,
  ) {
    this.indices = new Map(project.stacks.map((stack) => [stack.name, indexOf(project, stack)]));
  }

  stack(stack: Stack): ResolvedStack {
    const resolve = (resource: Resource) => this.resource(stack, resource);
    const providers = stack.providers.map(({ name, alias, body }) => [
      alias === undefined ? name : `${name}.${alias}`,
      this.value(stack, body, {}),
    ]);
    return {
      stack,
      resources: stack.resources.map(resolve),
      data: stack.data.map(resolve),
      providers: Object.fromEntries(providers) as ResolvedStack['providers'],
      outputs: Object.fromEntries(stack.outputs.map(({ name, value }) => [name, this.value(stack, value, {})])),
    };
  }

  private resource(stack: Stack, resource: Resource): ResolvedResource {
    const { count, copies } = this.copies(stack, resource);
    const instances = copies.map((copy): Instance => {
      const key = copy.key === undefined ? {} : { key: copy.key };
      const index = copy.key === undefined ? (isUnknown(count) ? '[*]' : '') : `[${JSON.stringify(copy.key)}]`;
      return {
        address: resource.address + index,
        ...key,
        resource,
        values: given(this.value(stack, resource.body, copy)) as Values,
      };
    });
    return { resource, count, instances };
  }

  private copies(stack: Stack, resource: Resource): Copies {
    const known = this.copiesOf.get(resource);
    if (known !== undefined) return known;
    const result = this.guarded(`${stack.name}/${resource.address}#`, () => {
      const { count, for_each } = resource.meta;
      if (count !== undefined) return copiesByCount(this.value(stack, count, {}));
      if (for_each !== undefined) return this.copiesOfEach(stack, this.value(stack, for_each, {}));
      return { count: 1, copies: [{}] };
    }) ?? { count: new Unknown(`\${${resource.address}}`), copies: [{}] };
    this.copiesOf.set(resource, result);
    return result;
  }

  /** A set of what the same apply has yet to make has no keys before it. */
  private copiesOfEach(stack: Stack, value: Value): Copies {
    const unmade = Array.isArray(value)
      ? (value as readonly Value[])
          .filter(isUnknown)
          .find(({ references }) =>
            references.some(({ resource }) => resource.mode === 'resource' && resource.stack === stack.name),
          )
      : undefined;
    return unmade === undefined ? copiesByKey(value) : { count: unmade, copies: [{}] };
  }

  private value(stack: Stack, json: Json, copy: Copy, names: Values = {}): Value {
    if (typeof json === 'string') {
      if (!isTemplate(json)) return json;
      const expression = this.templates.get(json);
      if (expression === undefined || expression.kind === 'fault') return new Unknown(json);
      const value = evaluate(expression as Expression, this.scope(stack, copy), names);
      return value instanceof Handle ? new Unknown(value.text, value.references) : value;
    }
    if (Array.isArray(json)) return (json as readonly Json[]).map((one) => this.value(stack, one, copy, names));
    if (typeof json !== 'object' || json === null) return json;
    const values: Record<string, Value> = {};
    for (const [name, one] of Object.entries(json)) {
      if (name === 'dynamic' && typeof one === 'object') continue;
      const key = isTemplate(name) ? (text(this.value(stack, name, copy, names)) ?? name) : name;
      values[key] = this.value(stack, one as Json, copy, names);
    }
    const { dynamic } = json as { readonly dynamic?: Json };
    if (dynamic !== undefined) {
      for (const [label, made] of this.dynamic(stack, dynamic, copy, names)) {
        const before = values[label];
        values[label] = [
          ...(before === undefined ? [] : Array.isArray(before) ? (before as Value[]) : [before]),
          ...made,
        ];
      }
    }
    return values;
  }

  /** `dynamic "ingress" { for_each, iterator, content }` becomes one block an element; one with unknowns when the list is unknown. */
  private dynamic(stack: Stack, json: Json, copy: Copy, names: Values): (readonly [string, readonly Value[]])[] {
    return blocksOf(json).flatMap((labelled) =>
      Object.entries(labelled).flatMap(([label, bodies]) =>
        blocksOf(bodies).map(({ for_each, iterator, content }) => {
          const name = typeof iterator === 'string' ? iterator.replace(/^\$\{(.*)\}$/, '$1') : label;
          const elements = copiesByKey(this.value(stack, for_each ?? null, copy, names)).copies;
          const made = elements.map(({ key, value }) => {
            const unknown = new Unknown(`\${${name}.value}`);
            const iteration: Values = { key: key ?? unknown, value: value ?? unknown };
            return this.value(stack, blocksOf(content ?? {})[0] ?? {}, copy, { ...names, [name]: iteration });
          });
          return [label, made] as const;
        }),
      ),
    );
  }

  private scope(stack: Stack, copy: Copy): Scope {
    return {
      lookup: (root, steps) => this.lookup(stack, copy, root, steps),
      copies: ({ resource, text: written }) => {
        const owner = this.stackOf(resource);
        const { count, copies } = this.copies(owner, resource);
        return isUnknown(count) ? undefined : copies.map(({ key }) => new Handle(resource, key, written));
      },
      attribute: (handle, steps) => this.attribute(handle, steps),
    };
  }

  private lookup(stack: Stack, copy: Copy, root: string, steps: readonly Step[]): Value | undefined {
    const [first, ...rest] = steps;
    const scope = this.scope(stack, copy);
    const into = (value: Value | undefined, way: readonly Step[]) =>
      value === undefined ? undefined : navigate(value, way, scope);
    switch (root) {
      case 'var': {
        const found = this.indices.get(stack.name)?.variables.get(String(first));
        return into(found?.default === undefined ? undefined : (found.default as Value), rest);
      }
      case 'local': {
        const found = this.indices.get(stack.name)?.locals.get(String(first));
        const read = () => (found === undefined ? undefined : this.value(stack, found.value, {}));
        return into(this.guarded(`${stack.name}/local.${String(first)}`, read), rest);
      }
      case 'count':
        return first === 'index' ? copy.key : undefined;
      case 'each':
        return into(first === 'key' ? copy.key : first === 'value' ? copy.value : undefined, rest);
      case 'data':
        if (first === 'terraform_remote_state') return this.remoteOutput(stack, rest);
        return this.reference(stack, `data.${String(first)}.${String(rest[0])}`, rest.slice(1));
      default:
        return this.reference(stack, `${root}.${String(first)}`, rest);
    }
  }

  private reference(stack: Stack, address: string, steps: readonly Step[]): Value | undefined {
    const resource = this.indices.get(stack.name)?.resources.get(address);
    return resource === undefined
      ? undefined
      : this.attribute(new Handle(resource, undefined, `\${${address}}`), steps);
  }

  /** What the configuration says of an attribute, or that only an apply can say. */
  private attribute(handle: Handle, steps: readonly Step[]): Value {
    const { resource } = handle;
    const owner = this.stackOf(resource);
    const { copies } = this.copies(owner, resource);
    const repeated = resource.meta.count !== undefined || resource.meta.for_each !== undefined;
    const [first, ...others] = steps;
    if (handle.key === undefined && repeated && first !== undefined && copies.some(({ key }) => key === first))
      return others.length === 0
        ? new Handle(resource, first, `${handle.text.slice(0, -1)}${printStep(first)}}`)
        : this.attribute(new Handle(resource, first, `${handle.text.slice(0, -1)}[${JSON.stringify(first)}]}`), others);
    if (first === undefined) return handle;
    const written = () =>
      new Unknown(`${handle.text.slice(0, -1)}${steps.map(printStep).join('')}}`, [{ resource, path: steps }]);
    const json = typeof first === 'string' && Object.hasOwn(resource.body, first) ? resource.body[first] : undefined;
    if (json === undefined) return written();
    const copy = copies.find(({ key }) => key === handle.key) ?? {};
    const place = `${owner.name}/${resource.address}.${String(first)}[${String(handle.key)}]`;
    const value = this.guarded(place, () => this.value(owner, json, copy));
    if (value === undefined) return written();
    return navigate(value, others, this.scope(owner, copy)) ?? written();
  }

  private remoteOutput(stack: Stack, [name, outputs, output, ...rest]: readonly Step[]): Value | undefined {
    const owner = this.indices.get(stack.name)?.producers.get(String(name));
    const found =
      owner && outputs === 'outputs' ? this.indices.get(owner.name)?.outputs.get(String(output)) : undefined;
    if (owner === undefined || found === undefined) return undefined;
    const value = this.guarded(`${owner.name}/output.${found.name}`, () => this.value(owner, found.value, {}));
    return value === undefined ? undefined : navigate(value, rest, this.scope(owner, {}));
  }

  private stackOf(resource: Resource): Stack {
    return this.indices.get(resource.stack)?.stack as Stack;
  }

  private guarded<T>(place: string, read: () => T): T | undefined {
    if (this.open.has(place)) return undefined;
    this.open.add(place);
    try {
      return read();
    } finally {
      this.open.delete(place);
    }
  }
}

/** An argument that is null is one that is not given: https://developer.hashicorp.com/terraform/language/expressions/types */
function given(value: Value): Value {
  if (Array.isArray(value)) return (value as readonly Value[]).map(given);
  if (typeof value !== 'object' || value === null || isUnknown(value)) return value;
  return Object.fromEntries(
    Object.entries(value as Values).flatMap(([name, one]) => (one === null ? [] : [[name, given(one)]])),
  );
}

const blocksOf = (json: Json): readonly Readonly<Record<string, Json>>[] =>
  (Array.isArray(json) ? (json as readonly Json[]) : [json]).filter(
    (one): one is { readonly [key: string]: Json } => typeof one === 'object' && one !== null && !Array.isArray(one),
  );
