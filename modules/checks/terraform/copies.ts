/** How often `count`, `for_each` and `dynamic` repeat a thing, and what each copy is told. */
import type { Step } from './expression';
import { isUnknown, text, Unknown, type Value, type Values } from './value';

/** One copy: `count.index` or `each.key`, and `each.value`. */
export interface Copy {
  readonly key?: Step;
  readonly value?: Value;
}

export interface Copies {
  /** Unknown: known only at apply, and then one copy without a key stands for all. */
  readonly count: number | Unknown;
  readonly copies: readonly Copy[];
}

export function copiesByCount(value: Value): Copies {
  const count = isUnknown(value) ? value : Number(text(value) ?? Number.NaN);
  if (isUnknown(count) || !Number.isInteger(count) || count < 0)
    return { count: isUnknown(count) ? count : new Unknown(JSON.stringify(value)), copies: [{}] };
  return { count, copies: Array.from({ length: count }, (_, key) => ({ key })) };
}

export function copiesByKey(value: Value): Copies {
  if (isUnknown(value)) return { count: value, copies: [{}] };
  if (Array.isArray(value)) {
    const keys = (value as readonly Value[]).map(text);
    if (keys.every((key) => key !== undefined))
      return { count: keys.length, copies: keys.map((key) => ({ key, value: key })) };
    const copies = (value as readonly Value[]).map((one, key) => ({ key, value: one }));
    return { count: copies.length, copies };
  }
  if (typeof value !== 'object') return { count: new Unknown(JSON.stringify(value)), copies: [{}] };
  const entries = Object.entries((value ?? {}) as Values);
  return { count: entries.length, copies: entries.map(([key, one]) => ({ key, value: one })) };
}
