/** Terraform's types: which value goes where, and what a step into one gives. https://developer.hashicorp.com/terraform/language/expressions/types */
import type { BlockSchema, CtyType } from '../schema';
import type { Step } from '../terraform/expression';

export const isCollection = (type: CtyType): type is readonly ['list' | 'set' | 'map', CtyType] =>
  typeof type !== 'string' && type[0] !== 'object';

export const isObject = (type: CtyType): type is readonly ['object', Readonly<Record<string, CtyType>>] =>
  typeof type !== 'string' && type[0] === 'object';

/** `set of string`, `object`. */
export const printType = (type: CtyType): string => {
  if (typeof type === 'string') return type === 'bool' ? 'boolean' : type === 'dynamic' ? 'value' : type;
  return type[0] === 'object' ? 'object' : `${type[0]} of ${printType(type[1])}`;
};

/** `a set of string`, `an object`. */
export const aType = (type: CtyType): string =>
  /^[aeiou]/.test(printType(type)) ? `an ${printType(type)}` : `a ${printType(type)}`;

/** A block as the type that references to it have. */
export function typeOfBlock(block: BlockSchema): CtyType {
  const known = TYPES.get(block) ?? makeType(block);
  TYPES.set(block, known);
  return known;
}

/** A type is made once, not once a reference. */
const TYPES = new WeakMap<BlockSchema, CtyType>();

function makeType({ attributes, block_types }: BlockSchema): CtyType {
  const fields: Record<string, CtyType> = {};
  for (const [name, { type, nested_type }] of Object.entries(attributes)) {
    if (nested_type === undefined) fields[name] = type ?? 'dynamic';
    else
      fields[name] = nested(
        nested_type.nesting_mode,
        typeOfBlock({ attributes: nested_type.attributes, block_types: {} }),
      );
  }
  for (const [name, { nesting_mode, block }] of Object.entries(block_types))
    fields[name] = nested(nesting_mode, typeOfBlock(block));
  return ['object', fields];
}

const nested = (mode: 'single' | 'list' | 'set' | 'map', type: CtyType): CtyType =>
  mode === 'single' ? type : [mode, type];

/** What one step gives; undefined when there is no such thing. */
export function stepInto(type: CtyType, step: Step): CtyType | undefined {
  if (type === 'dynamic') return 'dynamic';
  if (isObject(type)) return Object.hasOwn(type[1], String(step)) ? type[1][String(step)] : undefined;
  if (!isCollection(type)) return undefined;
  if (type[0] === 'map') return type[1];
  return typeof step === 'number' ? type[1] : undefined;
}

/** Whether Terraform converts a value of one type to the other without knowing the value. */
export function convertible(from: CtyType, to: CtyType): boolean {
  if (from === 'dynamic' || to === 'dynamic') return true;
  if (typeof from === 'string' || typeof to === 'string')
    return (
      typeof from === 'string' &&
      typeof to === 'string' &&
      !(from !== to && [from, to].includes('bool') && [from, to].includes('number'))
    );
  if (isObject(from) && isObject(to)) {
    return Object.entries(to[1]).every(
      ([name, type]) => from[1][name] === undefined || convertible(from[1][name], type),
    );
  }
  if (isObject(from))
    return isCollection(to) && to[0] === 'map' && Object.values(from[1]).every((type) => convertible(type, to[1]));
  if (isObject(to)) return from[0] === 'map';
  if ((from[0] === 'map') !== (to[0] === 'map')) return false;
  return convertible(from[1], to[1]);
}
