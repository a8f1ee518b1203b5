/**
 * Terraform's functions, as far as configurations use them on values that are known before an apply. What is not here is
 * evaluated to an Unknown; whether a name is a function at all is the linker's question.
 */
import { isUnknown, text, Unknown, type Value, type Values } from './value';

type Fn = (...args: readonly Value[]) => Value | undefined;

const asList = (value: Value | undefined): readonly Value[] | undefined =>
  Array.isArray(value) ? (value as readonly Value[]) : undefined;

const asMap = (value: Value | undefined): Values | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !isUnknown(value)
    ? (value as Values)
    : undefined;

const distinct = (values: readonly Value[]): Value[] => {
  const seen = new Set<string>();
  return values.filter((value) => {
    const key = JSON.stringify(value);
    return seen.has(key) ? false : (seen.add(key), true);
  });
};

const onText =
  (apply: (value: string) => Value | undefined): Fn =>
  (value) => {
    const one = text(value);
    return one === undefined ? undefined : apply(one);
  };

const onTexts =
  (apply: (...values: string[]) => Value | undefined): Fn =>
  (...values) => {
    const all = values.map(text);
    return all.every((one) => one !== undefined) ? apply(...(all as string[])) : undefined;
  };

const onNumbers =
  (apply: (...values: number[]) => number): Fn =>
  (...values) => {
    const all = values.flatMap((value) => asList(value) ?? [value]).map(Number);
    return all.every(Number.isFinite) ? apply(...all) : undefined;
  };

const json = (source: string): Value | undefined => {
  try {
    return JSON.parse(source) as Value;
  } catch {
    return undefined;
  }
};

export const FUNCTIONS: Readonly<Record<string, Fn>> = {
  abs: onNumbers((value) => Math.abs(value)),
  base64decode: onText((value) => Buffer.from(value, 'base64').toString('utf8')),
  base64encode: onText((value) => Buffer.from(value).toString('base64')),
  ceil: onNumbers((value) => Math.ceil(value)),
  coalesce: (...values) => values.find((value) => value !== null && value !== ''),
  compact: (values) => asList(values)?.filter((value) => value !== null && value !== ''),
  concat: (...lists) => lists.flatMap((one) => asList(one) ?? []),
  contains: (values, wanted) => asList(values)?.some((value) => text(value) === text(wanted)),
  distinct: (values) => asList(values) && distinct(asList(values) as readonly Value[]),
  element: (values, index) => {
    const all = asList(values);
    return all && all.length > 0 ? all[Number(index) % all.length] : undefined;
  },
  flatten: (values) => {
    const flat = (one: Value): readonly Value[] => asList(one)?.flatMap(flat) ?? [one];
    return asList(values) && flat(values ?? null);
  },
  floor: onNumbers((value) => Math.floor(value)),
  format: (pattern, ...args) => {
    const parts = [...args];
    const source = text(pattern);
    if (source === undefined || /%[^%sdvq]/.test(source)) return undefined;
    return source.replace(/%[%sdvq]/g, (verb) => {
      if (verb === '%%') return '%';
      const one = text(parts.shift()) ?? '';
      return verb === '%q' ? JSON.stringify(one) : one;
    });
  },
  join: (separator, ...lists) => {
    const all = lists.flatMap((one) => asList(one) ?? [one]).map(text);
    return all.every((one) => one !== undefined) ? all.join(text(separator)) : undefined;
  },
  jsondecode: onText(json),
  jsonencode: (value) => JSON.stringify(value),
  keys: (map) => asMap(map) && Object.keys(asMap(map) as Values).sort(),
  length: (value) =>
    asList(value)?.length ?? (asMap(value) ? Object.keys(asMap(value) as Values).length : text(value)?.length),
  lookup: (map, key, otherwise) => asMap(map)?.[String(key)] ?? otherwise,
  lower: onText((value) => value.toLowerCase()),
  max: onNumbers((...values) => Math.max(...values)),
  merge: (...maps) => Object.assign({}, ...maps) as Values,
  min: onNumbers((...values) => Math.min(...values)),
  nonsensitive: (value) => value,
  one: (values) => (asList(values)?.length === 1 ? asList(values)?.[0] : null),
  range: (...bounds) => {
    const [start, end, step] = bounds.length === 1 ? [0, Number(bounds[0]), 1] : [...bounds.map(Number), 1];
    const size = Math.max(0, Math.ceil(((end ?? 0) - (start ?? 0)) / (step || 1)));
    return size > 1024 ? undefined : Array.from({ length: size }, (_, i) => (start ?? 0) + i * (step ?? 1));
  },
  replace: onTexts((source, from = '', to = '') =>
    from.length > 1 && from.startsWith('/') && from.endsWith('/') ? undefined : source.replaceAll(from, to),
  ),
  reverse: (values) => asList(values) && [...(asList(values) as readonly Value[])].reverse(),
  sensitive: (value) => value,
  slice: (values, from, to) => asList(values)?.slice(Number(from), Number(to)),
  sort: (values) => asList(values) && [...(asList(values) as readonly Value[])].sort(),
  split: onTexts((separator, source = '') => source.split(separator)),
  startswith: onTexts((source, prefix = '') => source.startsWith(prefix)),
  substr: (source, from, size) => text(source)?.substring(Number(from), Number(from) + Number(size)),
  sum: onNumbers((...values) => values.reduce((total, value) => total + value, 0)),
  tobool: (value) => (text(value) === 'true' ? true : text(value) === 'false' ? false : undefined),
  tolist: (values) => asList(values),
  tomap: (map) => asMap(map),
  tonumber: onNumbers((value) => value),
  toset: (values) => asList(values) && distinct(asList(values) as readonly Value[]),
  tostring: onText((value) => value),
  trimprefix: onTexts((source, prefix = '') => (source.startsWith(prefix) ? source.slice(prefix.length) : source)),
  trimspace: onText((value) => value.trim()),
  trimsuffix: onTexts((source, suffix = '') =>
    source.endsWith(suffix) ? source.slice(0, -suffix.length || undefined) : source,
  ),
  upper: onText((value) => value.toUpperCase()),
  values: (map) => {
    const entries = asMap(map);
    return (
      entries &&
      Object.keys(entries)
        .sort()
        .map((key) => entries[key] as Value)
    );
  },
  zipmap: (names, values) =>
    asList(names) && asList(values)
      ? Object.fromEntries(
          (asList(names) as readonly Value[]).map((name, i) => [String(name), asList(values)?.[i] ?? null]),
        )
      : undefined,
};

/**
 * JSON of a value in which something is unknown: the text has each unknown's expression in its place, so that an IAM policy
 * can be read although it names an ARN that does not exist yet.
 */
export const jsonOfPartlyKnown = (value: Value): string =>
  JSON.stringify(value, (_, one: unknown) => (one instanceof Unknown ? one.text : one));

/** Everything unknown inside a value, however deep. */
export function unknownsIn(value: Value): readonly Unknown[] {
  if (isUnknown(value)) return [value];
  if (Array.isArray(value)) return (value as readonly Value[]).flatMap(unknownsIn);
  return typeof value === 'object' && value !== null ? Object.values(value as Values).flatMap(unknownsIn) : [];
}
