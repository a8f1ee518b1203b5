/** What an argument is worth before anything is applied: a literal, or an `Unknown` that says whose attribute it is. */
import type { Resource } from './project';

/** `aws_subnet.a` and `['id']`. */
export interface AttributeReference {
  readonly resource: Resource;
  readonly path: readonly (string | number)[];
}

/** What only an apply can tell. */
export class Unknown {
  constructor(
    /** The expression with everything known filled in: `${aws_s3_bucket.logs.arn}/*`. */
    readonly text: string,
    /** Every resource attribute it depends on, across stacks. */
    readonly references: readonly AttributeReference[] = [],
  ) {}

  /** The one attribute that it is, when it is an attribute as it stands: `${aws_vpc.main.id}`. */
  get reference(): AttributeReference | undefined {
    return this.references.length === 1 && /^\$\{[^{}]*\}$/.test(this.text) ? this.references[0] : undefined;
  }
}

export type Value = null | boolean | number | string | Unknown | readonly Value[] | Values;
export interface Values {
  readonly [name: string]: Value;
}

/** One of the copies that `count` or `for_each` make; a resource without either has one. */
export interface Instance {
  /** `aws_instance.node`, `aws_instance.node[0]`, `aws_instance.node["a"]`. */
  readonly address: string;
  readonly key?: string | number;
  readonly resource: Resource;
  /** Arguments and nested blocks, `dynamic` blocks expanded, references followed within and across stacks. */
  readonly values: Values;
}

export interface ResolvedResource {
  readonly resource: Resource;
  /** How many there are; an Unknown when `count` or `for_each` is known only at apply, and then `instances` holds one. */
  readonly count: number | Unknown;
  readonly instances: readonly Instance[];
}

export const isUnknown = (value: unknown): value is Unknown => value instanceof Unknown;

const isValues = (value: Value | undefined): value is Values =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !isUnknown(value);

/** Nested blocks, written as one object or as a list of them; an absent or unknown block is none. */
export function blocks(value: Value | undefined): readonly Values[] {
  if (Array.isArray(value)) return (value as readonly Value[]).filter(isValues);
  return isValues(value) ? [value] : [];
}

/** The first of a nested block, which for most is the only one. */
export const block = (value: Value | undefined): Values | undefined => blocks(value)[0];

export const text = (value: Value | undefined): string | undefined =>
  typeof value === 'string'
    ? value
    : typeof value === 'number' || typeof value === 'boolean'
      ? String(value)
      : undefined;

/** A number, or a text that Terraform converts to one. */
export function number(value: Value | undefined): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  return typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value)) ? Number(value) : undefined;
}

/** A boolean, or a text that Terraform converts to one. */
export function boolean(value: Value | undefined): boolean | undefined {
  if (typeof value === 'boolean') return value;
  return value === 'true' ? true : value === 'false' ? false : undefined;
}

/** A list's elements; a single value is a list of one, as Terraform has it for sets. */
export function list(value: Value | undefined): readonly Value[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? (value as readonly Value[]) : [value];
}

/** The resource that an argument points to: `vpc_id = "${aws_vpc.main.id}"` gives `aws_vpc.main`. */
export const referent = (value: Value | undefined): Resource | undefined =>
  isUnknown(value) ? value.references[0]?.resource : undefined;
