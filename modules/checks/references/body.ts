import type { BlockSchema, CtyType, NestedBlockSchema } from '../schema';
import type { Body, Json } from '../terraform';
import type { Step } from '../terraform/expression';
import { isTemplate } from '../terraform/parse';
import { convertible, isCollection, isObject, aType } from './cty';
import type { Problem } from './infer';
import { suggest } from './nearest';

/** What a body is checked with: the type of a template (its own faults reported), and where faults go. */
export interface BodyContext {
  typeOf(template: string, path: readonly Step[]): CtyType;
  report(path: readonly Step[], problem: Problem): void;
  /** The same where a `dynamic` block's iterator is a name too. */
  within(iterator: string): BodyContext;
}

type Path = readonly Step[];

/** Whether a block's arguments and nested blocks are those that its schema has. */
export function checkBody(body: Body, schema: BlockSchema, context: BodyContext, path: Path = []): void {
  const given = new Set<string>();
  const known = [...Object.keys(schema.attributes), ...Object.keys(schema.block_types)];
  for (const [name, json] of Object.entries(body)) {
    if (json === null || name === '//') continue;
    const here = [...path, name];
    const attribute = Object.hasOwn(schema.attributes, name) ? schema.attributes[name] : undefined;
    const block = Object.hasOwn(schema.block_types, name) ? schema.block_types[name] : undefined;
    if (attribute !== undefined) {
      given.add(name);
      if (attribute.computed && !attribute.optional) {
        // An expression may be null, which is as if it were not given.
        if (typeof json === 'string' && isTemplate(json)) context.typeOf(json, here);
        else {
          const message = `${name} is given, but only the provider sets it`;
          context.report(here, { rule: 'reference.computed-only', value: show(json), message, fix: 'remove it' });
        }
      } else if (attribute.nested_type !== undefined) {
        const { attributes, nesting_mode } = attribute.nested_type;
        checkBlocks(name, json, { nesting_mode, block: { attributes, block_types: {} } }, context, here);
      } else checkValue(json, attribute.type ?? 'dynamic', context, here);
    } else if (block !== undefined) {
      if (checkBlocks(name, json, block, context, here) > 0) given.add(name);
    } else if (name === 'dynamic') {
      for (const label of checkDynamic(json, schema, context, here)) given.add(label);
    } else {
      const fault = {
        rule: 'reference.unknown-argument' as const,
        value: show(json),
        message: `there is no argument or block "${name}"`,
      };
      context.report(here, { ...fault, fix: suggest(name, known) });
      walkTemplates(json, context, here);
    }
  }
  for (const [name, { required }] of Object.entries(schema.attributes)) {
    if (required && !given.has(name)) missing(`argument "${name}" is required`, context, [...path, name]);
  }
  for (const [name, { min_items }] of Object.entries(schema.block_types)) {
    if (min_items !== undefined && !given.has(name))
      missing(`at least one block "${name}" is required`, context, [...path, name]);
  }
}

const missing = (message: string, context: BodyContext, path: Path): void =>
  context.report(path, { rule: 'reference.missing-argument', value: '', message, fix: 'add it' });

/** Returns how many blocks there are. */
function checkBlocks(name: string, json: Json, schema: NestedBlockSchema, context: BodyContext, path: Path): number {
  if (schema.nesting_mode === 'map' && isPlainObject(json)) {
    Object.entries(json).forEach(
      ([key, one]) => isPlainObject(one) && checkBody(one, schema.block, context, [...path, key]),
    );
    return 1;
  }
  const all: readonly Json[] = Array.isArray(json) ? (json as readonly Json[]) : [json];
  let count = 0;
  all.forEach((one, i) => {
    const here = Array.isArray(json) ? [...path, i] : path;
    if (one === null) return;
    count++;
    if (isPlainObject(one)) return checkBody(one, schema.block, context, here);
    const message = `${name} is ${show(one)}, and a block belongs there`;
    context.report(here, {
      rule: 'reference.block-as-attribute',
      value: show(one),
      message,
      fix: 'write an object, or a list of objects',
    });
  });
  const most = schema.nesting_mode === 'single' ? 1 : schema.max_items;
  if (most !== undefined && count > most) {
    const message = `${count} blocks "${name}" are given, and there may be ${most}`;
    context.report(path, { rule: 'reference.too-many-blocks', value: String(count), message, fix: `leave ${most}` });
  }
  return count;
}

/** `dynamic` blocks: `{ ingress: { for_each, iterator, content } }`. Returns the blocks that they make. */
function checkDynamic(json: Json, schema: BlockSchema, context: BodyContext, path: Path): readonly string[] {
  return eachDynamic(json, context, path, (label, content, inner, here) => {
    const block = Object.hasOwn(schema.block_types, label) ? schema.block_types[label]?.block : undefined;
    if (block !== undefined && isPlainObject(content)) return checkBody(content, block, inner, here);
    // Lists of objects that are arguments by their schema are written as blocks too.
    const attribute = Object.hasOwn(schema.attributes, label) ? schema.attributes[label]?.type : undefined;
    if (attribute !== undefined) return checkValue(content, attribute, inner, here);
    const known = Object.keys(schema.block_types);
    context.report(here, {
      rule: 'reference.unknown-argument',
      value: label,
      message: `there is no block "${label}"`,
      fix: suggest(label, known),
    });
    walkTemplates(content, inner, here);
  });
}

/** Hands over the content of every `dynamic` block, with its iterator as a name. Returns the labels. */
function eachDynamic(
  json: Json,
  context: BodyContext,
  path: Path,
  take: (label: string, content: Json, inner: BodyContext, here: Path) => void,
): readonly string[] {
  const labels = asList(json)
    .filter(isPlainObject)
    .flatMap((one) => Object.entries(one));
  for (const [label, made] of labels) {
    for (const { for_each: elements, iterator, content } of asList(made).filter(isPlainObject)) {
      walkTemplates(elements ?? null, context, [...path, label, 'for_each']);
      const name = typeof iterator === 'string' ? iterator.replace(/^\$\{(.*)\}$/, '$1') : label;
      take(label, asList(content ?? {})[0] ?? {}, context.within(name), [...path, label, 'content']);
    }
  }
  return labels.map(([label]) => label);
}

const asList = (json: Json): readonly Json[] => (Array.isArray(json) ? (json as readonly Json[]) : [json]);

function checkValue(json: Json, type: CtyType, context: BodyContext, path: Path): void {
  const wrong = (is: string) =>
    context.report(path, {
      rule: 'reference.wrong-type',
      value: show(json),
      message: `${String(path.at(-1))} is ${is}, and ${aType(type)} belongs there`,
      fix: `give ${aType(type)}`,
    });
  if (json === null) return;
  if (typeof json === 'string' && isTemplate(json)) {
    const given = context.typeOf(json, path);
    if (!convertible(given, type)) wrong(`${json}, ${aType(given)}`);
  } else if (typeof json !== 'object') {
    if (type === 'dynamic') return;
    if (typeof type !== 'string' || !literalFits(json, type)) wrong(JSON.stringify(json));
  } else if (Array.isArray(json)) {
    const elements = json as readonly Json[];
    if (type === 'dynamic') elements.forEach((one, i) => checkValue(one, type, context, [...path, i]));
    else if (isCollection(type) && type[0] !== 'map')
      elements.forEach((one, i) => checkValue(one, type[1], context, [...path, i]));
    else wrong('a list');
  } else checkObject(json as Body, type, context, path, () => wrong('an object'));
}

function checkObject(body: Body, type: CtyType, context: BodyContext, path: Path, wrong: () => void): void {
  // One object where a list of them belongs is how a block that may repeat is written.
  if (isCollection(type) && type[0] !== 'map' && isObject(type[1]))
    return checkObject(body, type[1], context, path, wrong);
  if (!(type === 'dynamic' || isObject(type) || (isCollection(type) && type[0] === 'map'))) return wrong();
  for (const [name, value] of Object.entries(body)) {
    if (isTemplate(name)) context.typeOf(name, [...path, name]);
    if (!isObject(type)) checkValue(value, type === 'dynamic' ? type : (type[1] as CtyType), context, [...path, name]);
    else if (type[1][name] !== undefined) checkValue(value, type[1][name], context, [...path, name]);
    else if (value !== null) {
      const message = `there is no argument "${name}"`;
      context.report([...path, name], {
        rule: 'reference.unknown-argument',
        value: show(value),
        message,
        fix: suggest(name, Object.keys(type[1])),
      });
    }
  }
}

const literalFits = (value: string | number | boolean, type: CtyType): boolean => {
  if (type === 'string') return true;
  if (type === 'number')
    return (
      typeof value === 'number' || (typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value)))
    );
  return typeof value === 'boolean' || value === 'true' || value === 'false';
};

/** Reads every template of a value whose shape is nobody's business. */
export function walkTemplates(json: Json, context: BodyContext, path: Path): void {
  if (typeof json === 'string') {
    if (isTemplate(json)) context.typeOf(json, path);
  } else if (Array.isArray(json))
    (json as readonly Json[]).forEach((one, i) => walkTemplates(one, context, [...path, i]));
  else if (json !== null && typeof json === 'object') {
    for (const [name, one] of Object.entries(json)) {
      if (isTemplate(name)) context.typeOf(name, [...path, name]);
      if (name !== 'dynamic') walkTemplates(one as Json, context, [...path, name]);
      else
        eachDynamic(one as Json, context, [...path, name], (_, content, inner, here) =>
          walkTemplates(content, inner, here),
        );
    }
  }
}

const isPlainObject = (json: Json | undefined): json is Body =>
  typeof json === 'object' && json !== null && !Array.isArray(json);

const show = (json: Json): string => (typeof json === 'string' ? json : JSON.stringify(json));
