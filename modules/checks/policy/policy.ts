import type { Severity } from '../finding';
import type { ProviderSchemas } from '../schema';
import { isUnknown, type Instance, type ResolvedProject, type Value, type Values } from '../terraform';

/** What a policy may ask of the world beside the project. */
export interface PolicyContext {
  /** ISO date against which support dates are judged. */
  readonly today: string;
  /** Of the types in use: says what can be tagged. */
  readonly schemas: ProviderSchemas;
}

/** Something that a policy objects to. */
export interface Objection {
  readonly instance: Instance;
  /** `root_block_device.encrypted`; empty when the whole resource is meant. */
  readonly attribute: string;
  readonly value?: unknown;
  /** One sentence without a full stop. */
  readonly message: string;
  /** When the policy's own is too general. */
  readonly fix?: string;
}

export interface Policy {
  /** `group.rule`, for waivers. */
  readonly id: string;
  readonly severity: Exclude<Severity, 'info'>;
  /** What must hold, as a sentence. */
  readonly title: string;
  /** Why, with the source of the rule. */
  readonly reason: string;
  readonly fix: string;
  find(project: ResolvedProject, context: PolicyContext): Iterable<Objection>;
}

/** A policy on each resource of some types, one at a time. */
export function onEach(
  types: readonly string[],
  judge: (
    instance: Instance,
    project: ResolvedProject,
    context: PolicyContext,
  ) => Iterable<Omit<Objection, 'instance'>>,
): Policy['find'] {
  return function* (project, context) {
    for (const type of types) {
      for (const instance of project.ofType(type)) {
        for (const objection of judge(instance, project, context)) yield { instance, ...objection };
      }
    }
  };
}

export interface Leaf {
  /** `root_block_device.0.volume_type` */
  readonly path: string;
  /** The last name in the path: `volume_type`. */
  readonly name: string;
  readonly value: Exclude<Value, readonly Value[] | Values>;
}

/** Every single value inside a resource, however deep. */
export function* leaves(value: Value, path = '', name = ''): Generator<Leaf> {
  if (Array.isArray(value)) {
    for (const [i, one] of (value as readonly Value[]).entries())
      yield* leaves(one, path === '' ? String(i) : `${path}.${i}`, name);
  } else if (typeof value === 'object' && value !== null && !isUnknown(value)) {
    for (const [key, one] of Object.entries(value as Values))
      yield* leaves(one, path === '' ? key : `${path}.${key}`, key);
  } else yield { path, name, value: value as Leaf['value'] };
}

/** What can be shown of a value: unknowns as they are written. */
export function shown(value: Value | undefined): unknown {
  return value === undefined
    ? undefined
    : JSON.parse(JSON.stringify(value, (_, one: unknown) => (isUnknown(one) ? one.text : one)) ?? 'null');
}
