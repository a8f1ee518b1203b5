import type { Finding, Severity } from '../finding';
import type { Origin } from '../terraform';

/** Every fault that the linker knows, with what makes it one. */
export const REFERENCE_RULES = {
  'reference.syntax': ['critical', 'an expression cannot be read'],
  'reference.undeclared': [
    'critical',
    'a name is used that nothing declares: a resource, data source, variable, local or module',
  ],
  'reference.no-such-attribute': ['critical', 'an attribute is read that the type does not have'],
  'reference.missing-index': [
    'critical',
    'a resource with count or for_each is read without saying which copy, or one without is read with an index',
  ],
  'reference.dangling-output': ['critical', 'an output of another stack is read that the stack does not write'],
  'reference.foreign-state': [
    'info',
    'a state is read that no stack of this project keeps, so its outputs cannot be checked',
  ],
  'reference.cycle': ['critical', 'resources, or stacks, need each other'],
  'reference.unknown-function': ['critical', 'a function is called that Terraform does not have'],
  'reference.function-arguments': [
    'critical',
    'a function is given too few or too many arguments, or one of a type that it does not take',
  ],
  'reference.unknown-type': ['critical', 'a resource or data source type is used that its provider does not have'],
  'reference.no-schema': ['info', 'a provider whose bindings are not installed: its arguments cannot be checked'],
  'reference.unknown-argument': ['critical', 'an argument is given that the type does not take'],
  'reference.missing-argument': ['critical', 'an argument or block is not given that the type requires'],
  'reference.computed-only': ['critical', 'an argument is given that only the provider may set'],
  'reference.wrong-type': ['critical', 'an argument is of a type that cannot be converted to the one it takes'],
  'reference.block-as-attribute': ['critical', 'a value stands where a block belongs'],
  'reference.too-many-blocks': ['critical', 'a block is given more often than it may be'],
  'reference.provider-alias': ['critical', 'a provider configuration is asked for that is not declared'],
  'reference.provider-unknown': ['critical', 'a provider is configured from values that are known only after an apply'],
  'reference.count-unknown': ['critical', 'count or for_each depends on values that are known only after an apply'],
  'reference.module': ['info', 'a module is called: what it makes is not in this JSON and is not checked'],
} as const satisfies Readonly<Record<string, readonly [Severity, string]>>;

export type ReferenceRule = keyof typeof REFERENCE_RULES;

export const finding = (
  id: ReferenceRule,
  stack: string,
  address: string,
  attribute: string,
  { value, message, fix }: { readonly value: string; readonly message: string; readonly fix: string },
  origin?: Origin,
): Finding => ({
  id,
  kind: 'reference',
  severity: REFERENCE_RULES[id][0],
  stack,
  address,
  attribute,
  ...(value !== '' && { value }),
  message,
  fix,
  ...(origin && { origin }),
});
