import type { Expression, Step } from './expression';
import { FUNCTIONS, jsonOfPartlyKnown, unknownsIn } from './functions';
import { print } from './print';
import type { Resource } from './project';
import { isUnknown, text, Unknown, type Value, type Values } from './value';

/** A resource named as a whole: what splats and `[0]` pick copies of. */
export class Handle extends Unknown {
  constructor(
    readonly resource: Resource,
    readonly key: Step | undefined,
    written: string,
  ) {
    super(written, [{ resource, path: [] }]);
  }
}

/** What the names in an expression stand for. */
export interface Scope {
  /** Undefined: no such name, or known only at apply. */
  lookup(root: string, steps: readonly Step[]): Value | undefined;
  /** Copies of a resource that a handle stands for; undefined when their number is unknown. */
  copies(handle: Handle): readonly Handle[] | undefined;
  attribute(handle: Handle, steps: readonly Step[]): Value;
}

/** Works out an expression as far as it can be known before an apply; never throws. */
export function evaluate(expression: Expression, scope: Scope, names: Values = {}): Value {
  const inner = (one: Expression) => evaluate(one, scope, names);
  const unknown = (...values: readonly Value[]) => unknownOf(expression, values);
  // What is null is known to be.
  const found = (value: Value | undefined, ...from: readonly Value[]) =>
    value === undefined ? unknown(...from) : value;
  switch (expression.kind) {
    case 'literal':
      return expression.value as Value;
    case 'template':
      return template(expression.parts.map(inner), expression);
    case 'traversal': {
      const known = Object.hasOwn(names, expression.root) ? names[expression.root] : undefined;
      if (known !== undefined) return found(navigate(known, expression.steps, scope), known);
      return found(scope.lookup(expression.root, expression.steps));
    }
    case 'relative': {
      const source = inner(expression.source);
      return found(navigate(source, expression.steps, scope), source);
    }
    case 'index': {
      const [collection, key] = [inner(expression.collection), inner(expression.key)];
      const step = typeof key === 'number' ? key : text(key);
      return found(step === undefined ? undefined : navigate(collection, [step], scope), collection, key);
    }
    case 'splat': {
      const source = inner(expression.source);
      const items = source instanceof Handle ? scope.copies(source) : isUnknown(source) ? undefined : listOf(source);
      if (items === undefined) return unknown(source);
      return items.map((item) => evaluate(expression.each, scope, { ...names, [ITEM]: item }));
    }
    case 'item':
      return names[ITEM] ?? null;
    case 'conditional': {
      const condition = inner(expression.condition);
      if (isUnknown(condition) || condition === null)
        return unknown(condition, inner(expression.yes), inner(expression.no));
      return inner(condition === true || condition === 'true' ? expression.yes : expression.no);
    }
    case 'operation': {
      const operands = expression.operands.map(inner);
      return operate(expression.operator, operands) ?? unknown(...operands);
    }
    case 'tuple':
      return expression.items.map(inner);
    case 'object':
      return Object.fromEntries(
        expression.entries.map(([key, value]) => [String(text(inner(key)) ?? print(key)), inner(value)]),
      );
    case 'call':
      return call(expression, scope, names);
    case 'for':
      return loop(expression, scope, names) ?? unknown(inner(expression.collection));
    case 'opaque':
      return unknown(...expression.parts.map(inner));
  }
}

/** No identifier has a blank in it, so no name of the user's can be this one. */
const ITEM = ' item';

const listOf = (value: Value): readonly Value[] =>
  Array.isArray(value) ? (value as readonly Value[]) : value === null ? [] : [value];

function unknownOf(expression: Expression, values: readonly Value[]): Unknown {
  return new Unknown(
    `\${${print(expression)}}`,
    values.flatMap(unknownsIn).flatMap(({ references }) => references),
  );
}

function template(parts: readonly Value[], expression: Expression): Value {
  const [only] = parts;
  if (parts.length === 1 && only !== undefined && expression.kind === 'template') {
    const [source] = expression.parts;
    // A template of one literal is text; one interpolation alone keeps its type.
    return source?.kind === 'literal' ? String(only) : only;
  }
  const unknowns = parts.filter(isUnknown);
  const written = parts
    .map((part) => (isUnknown(part) ? part.text : part === null ? '' : (text(part) ?? JSON.stringify(part))))
    .join('');
  return unknowns.length === 0
    ? written
    : new Unknown(
        written,
        unknowns.flatMap(({ references }) => references),
      );
}

/** Follows steps into a value; undefined where the way ends. */
export function navigate(value: Value, steps: readonly Step[], scope: Scope): Value | undefined {
  let at: Value | undefined = value;
  for (const [i, step] of steps.entries()) {
    if (at instanceof Handle) return scope.attribute(at, steps.slice(i));
    if (isUnknown(at)) {
      const { reference } = at;
      const path = [...(reference?.path ?? []), ...steps.slice(i)];
      const written = at.text.replace(
        /\}$/,
        `${steps
          .slice(i)
          .map((one) => (typeof one === 'number' ? `[${one}]` : `.${one}`))
          .join('')}}`,
      );
      return new Unknown(written, reference ? [{ resource: reference.resource, path }] : at.references);
    }
    if (Array.isArray(at)) at = (at as readonly Value[])[Number(step)];
    else if (typeof at === 'object' && at !== null) {
      // A nested block that may come once is written as an object and read as a list of one.
      at = Object.hasOwn(at, String(step)) ? (at as Values)[String(step)] : step === 0 ? at : undefined;
    } else return undefined;
    if (at === undefined) return undefined;
  }
  return at;
}

function operate(operator: string, operands: readonly Value[]): Value | undefined {
  const [left, right] = operands;
  // `false && unknown` and `true || unknown` are known.
  if (operator === 'logicalAnd' && (left === false || right === false)) return false;
  if (operator === 'logicalOr' && (left === true || right === true)) return true;
  if (operands.some((operand) => unknownsIn(operand).length > 0)) return undefined;
  const [a, b] = [Number(left), Number(right)];
  const same = () => JSON.stringify(left) === JSON.stringify(right);
  const table: Readonly<Record<string, () => Value>> = {
    logicalAnd: () => true,
    logicalOr: () => false,
    logicalNot: () => !(left === true || left === 'true'),
    negate: () => -a,
    add: () => a + b,
    subtract: () => a - b,
    multiply: () => a * b,
    divide: () => a / b,
    modulo: () => a % b,
    equal: same,
    notEqual: () => !same(),
    lessThan: () => a < b,
    lessThanOrEqual: () => a <= b,
    greaterThan: () => a > b,
    greaterThanOrEqual: () => a >= b,
  };
  // Terraform refuses to reckon with null and with what is no number.
  if (operands.includes(null) && !['equal', 'notEqual'].includes(operator)) return undefined;
  const result = table[operator]?.();
  return typeof result === 'number' && !Number.isFinite(result) ? undefined : result;
}

function call(expression: Expression & { kind: 'call' }, scope: Scope, names: Values): Value {
  const given = expression.args.map((arg) => copiesOf(evaluate(arg, scope, names), scope));
  const last = given.at(-1);
  const args =
    expression.expand && Array.isArray(last) ? [...given.slice(0, -1), ...(last as readonly Value[])] : given;
  const { name } = expression;
  const known = args.map((arg) => unknownsIn(arg).length === 0);
  if (name === 'try' || name === 'coalesce') {
    const first = args[0];
    if (first !== undefined && known[0] && first !== null && !(name === 'coalesce' && first === '')) return first;
  }
  // Shapes are known although what is in them is not.
  const structural = [
    'concat',
    'merge',
    'flatten',
    'tolist',
    'toset',
    'element',
    'length',
    'values',
    'lookup',
    'one',
    'slice',
  ];
  if (known.every(Boolean) || (structural.includes(name) && !args.some(isUnknown))) {
    const value = FUNCTIONS[name]?.(...args);
    if (value !== undefined) return value;
  } else if (name === 'jsonencode' && args[0] !== undefined && !isUnknown(args[0])) {
    return new Unknown(
      jsonOfPartlyKnown(args[0]),
      unknownsIn(args[0]).flatMap(({ references }) => references),
    );
  }
  return unknownOf(expression, args);
}

/** A resource with `count` is a list of its copies, one with `for_each` a map of them. */
function copiesOf(value: Value, scope: Scope): Value {
  const copies = value instanceof Handle && value.key === undefined ? scope.copies(value) : undefined;
  if (copies === undefined || copies.some(({ key }) => key === undefined)) return value;
  if (copies.every(({ key }) => typeof key === 'number')) return copies;
  return Object.fromEntries(copies.map((copy) => [String(copy.key), copy]));
}

function loop(expression: Expression & { kind: 'for' }, scope: Scope, names: Values): Value | undefined {
  const collection = copiesOf(evaluate(expression.collection, scope, names), scope);
  if (isUnknown(collection) || collection === null || typeof collection !== 'object') return undefined;
  const entries: readonly (readonly [Value, Value])[] = Array.isArray(collection)
    ? (collection as readonly Value[]).map((value, i) => [i, value] as const)
    : Object.entries(collection as Values);
  const results: [string, Value][] = [];
  for (const [key, value] of entries) {
    const local = { ...names, [expression.valueName]: value, ...(expression.keyName && { [expression.keyName]: key }) };
    if (expression.condition !== undefined) {
      const wanted = evaluate(expression.condition, scope, local);
      if (isUnknown(wanted)) return undefined;
      if (wanted !== true) continue;
    }
    const name = expression.key === undefined ? '' : text(evaluate(expression.key, scope, local));
    if (name === undefined) return undefined;
    results.push([name, evaluate(expression.value, scope, local)]);
  }
  if (expression.key === undefined) return results.map(([, value]) => value);
  if (!expression.grouped) return Object.fromEntries(results);
  return Object.fromEntries(
    results.map(([name]) => [name, results.filter(([other]) => other === name).map(([, value]) => value)]),
  );
}
