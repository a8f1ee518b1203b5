/** `depends_on` and `lifecycle`, whose texts are names, not templates; and what `count` and `for_each` cannot be. */
import type { Problem } from './infer';
import type { StackNames } from './names';
import { suggest } from './nearest';
import type { BlockSchema } from '../schema';
import { number, type Json, type MetaArguments } from '../terraform';
import { isTemplate } from '../terraform/parse';
import { readTraversal } from '../terraform/plain-expression';

type Fault = Omit<Problem, 'rule'>;

/** What a resource waits for, by address. */
export function dependencies(meta: MetaArguments): { address: string; written: string; index: number }[] {
  return textsOf(meta.depends_on).map((text, index) => {
    const written = text.replace(/^\$\{(.*)\}$/, '$1');
    const { root = '', steps = [] } = readTraversal(written) ?? {};
    const address = [root, ...steps.slice(0, root === 'data' ? 2 : 1)].join('.');
    return { address, written, index };
  });
}

export const undeclaredDependency = (written: string, names: StackNames): Fault => ({
  value: written,
  message: `depends on "${written}", which stack ${names.stack.name} does not declare`,
  fix: suggest(written, [...names.resources.keys()]),
});

/** Arguments whose changes are to be ignored and that the type does not have. */
export function unknownIgnored(meta: MetaArguments, schema: BlockSchema): { problem: Fault; index: number }[] {
  const known = [...Object.keys(schema.attributes), ...Object.keys(schema.block_types)];
  return lifecycleList(meta, 'ignore_changes').flatMap((written, index) => {
    const name = readTraversal(written.replace(/^\$\{(.*)\}$/, '$1'))?.root ?? written;
    if (name === 'all' || known.includes(name)) return [];
    const message = `changes of "${name}" are to be ignored, and there is no such argument`;
    return [{ problem: { value: written, message, fix: suggest(name, known) }, index }];
  });
}

/**
 * What is written for `count` and `for_each` and makes no copies:
 * https://developer.hashicorp.com/terraform/language/meta-arguments/count, …/for_each. Templates are not looked into.
 */
export function miscounted({ count, for_each }: MetaArguments): { problem: Fault; argument: 'count' | 'for_each' }[] {
  const found: { problem: Fault; argument: 'count' | 'for_each' }[] = [];
  const report = (argument: 'count' | 'for_each', json: Json, rest: string, fix: string) => {
    const value = JSON.stringify(json);
    found.push({ argument, problem: { value, message: `${argument} is ${value}, and ${rest}`, fix } });
  };
  const isRead = typeof count === 'string' && isTemplate(count);
  if (count !== undefined && !isRead && !(Number.isInteger(number(count)) && number(count)! >= 0))
    report('count', count, 'a whole number from 0 on belongs there', 'count the copies; 0 makes none');
  if (Array.isArray(for_each))
    report('for_each', for_each, 'a map or a set of texts belongs there', 'write it as ${toset([…])}');
  if (count !== undefined && for_each !== undefined)
    report('for_each', for_each, 'count is given as well', 'keep one of the two');
  return found;
}

/** As templates. */
export const replacementTriggers = (meta: MetaArguments): readonly string[] =>
  lifecycleList(meta, 'replace_triggered_by').map((one) => (isTemplate(one) ? one : `\${${one}}`));

/** Conditions of `lifecycle`, with what they say when they do not hold. */
export function conditions({ lifecycle }: MetaArguments): readonly Json[] {
  const all = (Array.isArray(lifecycle) ? lifecycle : [lifecycle]) as readonly (
    Readonly<Record<string, Json>> | undefined
  )[];
  return all.flatMap((one) => [one?.precondition, one?.postcondition]).filter((one) => one !== undefined);
}

/** A list in `lifecycle`, which may be an object or a list of one; a text alone (`all`) is a list of it. */
function lifecycleList({ lifecycle }: MetaArguments, name: string): readonly string[] {
  const one = (Array.isArray(lifecycle) ? lifecycle[0] : lifecycle) as Readonly<Record<string, Json>> | undefined;
  const value = one?.[name];
  return typeof value === 'string' ? [value] : textsOf(value);
}

const textsOf = (json: Json | undefined): readonly string[] =>
  Array.isArray(json) ? (json as readonly Json[]).filter((one): one is string => typeof one === 'string') : [];
