/** Reads arguments of a resource for pricing: a value, its documented default, or `Unpriced` by the attribute's name. */
import { block, boolean, isUnknown, number, text, type Value, type Values } from '../terraform';
import { Unpriced } from './line';

/** What an argument is when it can only be known at apply, or undefined when it is absent. */
function reject(path: string, value: Value | undefined, wanted: string): never {
  if (isUnknown(value)) throw new Unpriced(path, `${path} is ${value.text}, known only at apply`);
  if (value === undefined || value === null) throw new Unpriced(path, `${path} is missing`);
  throw new Unpriced(path, `${path} is ${JSON.stringify(value)}, which is not ${wanted}`);
}

const absent = (value: Value | undefined): value is undefined | null => value === undefined || value === null;

/** @throws Unpriced unless the argument is a text, or absent with a default given */
export function textOf(values: Values, path: string, fallback?: string): string {
  const value = at(values, path);
  if (absent(value) && fallback !== undefined) return fallback;
  return text(value) ?? reject(path, value, 'a text');
}

/** @throws Unpriced unless the argument is a number from 0 up, or absent with a default given */
export function numberOf(values: Values, path: string, fallback?: number): number {
  const value = at(values, path);
  if (absent(value) && fallback !== undefined) return fallback;
  const found = number(value) ?? reject(path, value, 'a number');
  if (found < 0) throw new Unpriced(path, `${path} is ${found}, below zero`);
  return found;
}

/** @throws Unpriced unless the argument is a boolean, or absent with a default given */
export function booleanOf(values: Values, path: string, fallback?: boolean): boolean {
  const value = at(values, path);
  if (absent(value) && fallback !== undefined) return fallback;
  return boolean(value) ?? reject(path, value, 'true or false');
}

/** How many a list or set holds. @throws Unpriced when only an apply can tell */
export function lengthOf(values: Values, path: string): number {
  const value = at(values, path);
  if (absent(value)) return 0;
  if (isUnknown(value)) reject(path, value, 'a list');
  return Array.isArray(value) ? value.length : 1;
}

/** An argument by its path through nested blocks of which there is one: `scaling_config.desired_size`. */
export function at(values: Values, path: string): Value | undefined {
  const steps = path.split('.');
  const last = steps.pop() as string;
  let here: Values | undefined = values;
  for (const step of steps) {
    const next: Value | undefined = here?.[step];
    if (isUnknown(next)) return next;
    here = block(next);
  }
  return here?.[last];
}
