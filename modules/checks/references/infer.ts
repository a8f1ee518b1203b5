import type { CtyType } from '../schema';
import type { Expression, Step } from '../terraform/expression';
import { print, printStep } from '../terraform/print';
import type { Resource } from '../terraform';
import { convertible, isCollection, isObject, aType, stepInto, typeOfBlock } from './cty';
import functions from './functions.json';
import { suggest } from './nearest';
import type { StackNames } from './names';
import type { ReferenceRule } from './rules';

/** A fault in an expression, before it is known where the expression stands. */
export interface Problem {
  readonly rule: ReferenceRule;
  readonly value: string;
  readonly message: string;
  readonly fix: string;
}

interface Signature {
  readonly parameters: readonly CtyType[];
  readonly variadic?: CtyType;
  readonly returns: CtyType;
}

/** `terraform metadata functions -json` of Terraform 1.11.4. */
const FUNCTIONS = functions as unknown as Readonly<Record<string, Signature>>;

/** Names that an expression has besides those of its stack: `for` variables, a splat's element. */
type Names = ReadonlyMap<string, CtyType>;

/** The type of another stack's output; undefined when it has none of that name. */
export type OutputType = (stack: string, output: string) => CtyType | undefined;

/** No identifier has a blank in it, so no name of the user's can be this one. */
const ITEM = ' item';

/** https://developer.hashicorp.com/terraform/language/expressions/references */
const BUILTIN = {
  count: ['index'],
  each: ['key', 'value'],
  path: ['module', 'root', 'cwd'],
  terraform: ['workspace', 'applying', 'env'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

/** Works out the type of an expression, and tells of every name, attribute and function in it that is not there. */
export class Inference {
  readonly problems: Problem[] = [];
  /** Whatever of its own stack the expression depends on: `aws_vpc.main`, `local.x`. */
  readonly dependencies = new Set<string>();
  /** `each` and `count`, where they are named: whether there is such a thing depends on where the expression stands. */
  readonly copyNames = new Map<'count' | 'each', string>();
  /** Names that this asked of other stacks. */
  readonly stacks = new Set<string>();

  constructor(
    private readonly names: StackNames,
    private readonly outputType: OutputType,
    private readonly localType: (name: string) => CtyType,
  ) {}

  typeOf(expression: Expression, names: Names = new Map()): CtyType {
    const inner = (one: Expression) => this.typeOf(one, names);
    switch (expression.kind) {
      case 'literal':
        return literalType(expression.value);
      case 'template': {
        const types = expression.parts.map(inner);
        types.forEach((type, i) => this.mustBeText(type, expression.parts[i] as Expression));
        return 'string';
      }
      case 'traversal': {
        const known = names.get(expression.root);
        if (known !== undefined) return this.walk(known, expression.steps, print(expression), expression.root);
        return this.traversal(expression.root, expression.steps, print(expression));
      }
      case 'relative':
        return this.walk(inner(expression.source), expression.steps, print(expression), print(expression.source));
      case 'index': {
        const collection = inner(expression.collection);
        inner(expression.key);
        return isCollection(collection) ? collection[1] : 'dynamic';
      }
      case 'splat': {
        const source = inner(expression.source);
        const item = isCollection(source) && source[0] !== 'map' ? source[1] : isObject(source) ? source : 'dynamic';
        return ['list', this.typeOf(expression.each, new Map([...names, [ITEM, item]]))];
      }
      case 'item':
        return names.get(ITEM) ?? 'dynamic';
      case 'conditional': {
        inner(expression.condition);
        const [yes, no] = [inner(expression.yes), inner(expression.no)];
        return JSON.stringify(yes) === JSON.stringify(no) ? yes : 'dynamic';
      }
      case 'operation':
        expression.operands.forEach(inner);
        return ['add', 'subtract', 'multiply', 'divide', 'modulo', 'negate'].includes(expression.operator)
          ? 'number'
          : 'bool';
      case 'tuple': {
        const types = expression.items.map(inner);
        const same = types.every((type) => JSON.stringify(type) === JSON.stringify(types[0]));
        return ['list', same && types[0] !== undefined ? types[0] : 'dynamic'];
      }
      case 'object': {
        const fields = expression.entries.map(([key, value]) => {
          if (key.kind !== 'literal') inner(key);
          return [key.kind === 'literal' ? String(key.value) : print(key), inner(value)] as const;
        });
        return ['object', Object.fromEntries(fields)];
      }
      case 'call':
        return this.call(expression, names);
      case 'for':
        return this.loop(expression, names);
      case 'opaque':
        expression.parts.forEach(inner);
        return 'dynamic';
    }
  }

  private traversal(root: string, steps: readonly Step[], written: string): CtyType {
    const [first, ...rest] = steps;
    const name = String(first);
    switch (root) {
      case 'var':
        if (this.names.variables.has(name)) return 'dynamic';
        return this.undeclared('variable', name, written, [...this.names.variables]);
      case 'local':
        if (!this.names.locals.has(name)) return this.undeclared('local', name, written, [...this.names.locals.keys()]);
        this.dependencies.add(`local.${name}`);
        return this.walk(this.localType(name), rest, written, `local.${name}`);
      case 'module':
        if (this.names.modules.has(name)) return 'dynamic';
        return this.undeclared('module', name, written, [...this.names.modules]);
      case 'count':
      case 'each':
        this.copyNames.set(root, written);
        return this.builtin(root, name, written);
      case 'path':
      case 'terraform':
        return this.builtin(root, name, written);
      case 'self':
        return 'dynamic';
      case 'data':
        if (name === 'terraform_remote_state') return this.remoteOutput(rest, written);
        return this.resource(`data.${name}.${String(rest[0])}`, rest.slice(1), written);
      default:
        return this.resource(`${root}.${name}`, rest, written);
    }
  }

  /** Of names that Terraform has itself: `each.key`, `path.module`. */
  private builtin(root: keyof typeof BUILTIN, name: string, written: string): CtyType {
    const known: readonly string[] = BUILTIN[root];
    if (known.includes(name)) return 'dynamic';
    const message = `${written} reads "${name}", which ${root} does not have`;
    return this.fault('reference.no-such-attribute', written, message, suggest(name, known));
  }

  private resource(address: string, steps: readonly Step[], written: string): CtyType {
    const resource = this.names.resources.get(address);
    if (resource === undefined) {
      const kind = address.startsWith('data.') ? 'data source' : 'resource';
      return this.undeclared(kind, address, written, [...this.names.resources.keys()]);
    }
    this.dependencies.add(address);
    const schema = this.names.schemaOf(resource);
    const single = schema === undefined ? 'dynamic' : typeOfBlock(schema);
    const repeated = resource.meta.count !== undefined || resource.meta.for_each !== undefined;
    const [first] = steps;
    if (repeated && typeof first === 'string' && resource.meta.count !== undefined)
      return this.indexFault(resource, written, true);
    if (!repeated && typeof first === 'number') return this.indexFault(resource, written, false);
    const type: CtyType = !repeated ? single : [resource.meta.count !== undefined ? 'list' : 'map', single];
    return this.walk(type, steps, written, address);
  }

  private indexFault({ address, name, type }: Resource, written: string, missing: boolean): CtyType {
    const message = missing
      ? `${written} reads ${address}, which has count, without saying which copy`
      : `${written} asks for a copy of ${address}, which has neither count nor for_each`;
    const fix = missing ? `write ${type}.${name}[0], or [*] for all` : 'leave the index out';
    return this.fault('reference.missing-index', written, message, fix);
  }

  private remoteOutput([state, outputs, output, ...rest]: readonly Step[], written: string): CtyType {
    const name = String(state);
    if (!this.names.producers.has(name))
      return this.undeclared('remote state', name, written, [...this.names.producers.keys()]);
    const producer = this.names.producers.get(name);
    if (producer === undefined || outputs !== 'outputs' || output === undefined) return 'dynamic';
    this.stacks.add(producer.name);
    const type = this.outputType(producer.name, String(output));
    if (type !== undefined) return this.walk(type, rest, written, `output ${String(output)} of ${producer.name}`);
    const known = producer.outputs.map((one) => one.name);
    const message = `${written} reads output "${String(output)}" of stack ${producer.name}, which writes none of that name`;
    return this.fault('reference.dangling-output', written, message, suggest(String(output), known));
  }

  /** Follows steps into a type. */
  private walk(from: CtyType, steps: readonly Step[], written: string, of: string): CtyType {
    let type = from;
    let at = of;
    for (const step of steps) {
      const next = stepInto(type, step);
      if (next === undefined) {
        const known = isObject(type) ? Object.keys(type[1]) : [];
        const message = isObject(type)
          ? `${written} reads "${String(step)}", which ${at} does not have`
          : `${written} reads ${printStep(step)} of ${at}, which is ${aType(type)}`;
        const fix =
          isCollection(type) && typeof step === 'string'
            ? `write ${at}[0], or [*] for all`
            : suggest(String(step), known);
        return this.fault('reference.no-such-attribute', written, message, fix);
      }
      type = next;
      at += printStep(step);
    }
    return type;
  }

  private call({ name, args, expand }: Expression & { kind: 'call' }, names: Names): CtyType {
    // What `try` and `can` are given may fail: that is what they are for.
    const quiet = name === 'try' || name === 'can';
    const before = this.problems.length;
    const types = args.map((arg) => this.typeOf(arg, names));
    if (quiet) this.problems.length = before;
    if (name.startsWith('provider::')) return 'dynamic';
    const signature = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
    if (signature === undefined) {
      const message = `Terraform has no function "${name}"`;
      return this.fault('reference.unknown-function', `${name}(…)`, message, suggest(name, Object.keys(FUNCTIONS)));
    }
    const { parameters, variadic, returns } = signature;
    const few = args.length < parameters.length && !expand;
    if (few || (args.length > parameters.length && variadic === undefined)) {
      const message = `${name}() takes ${parameters.length}${variadic === undefined ? '' : ' or more'} arguments and is given ${args.length}`;
      this.fault('reference.function-arguments', `${name}(…)`, message, 'see the documentation of the function');
    } else if (!expand) {
      types.forEach((type, i) => {
        const wanted = parameters[i] ?? variadic ?? 'dynamic';
        if (convertible(type, wanted)) return;
        const message = `${name}() takes ${aType(wanted)} and is given ${print(args[i] as Expression)}, ${aType(type)}`;
        this.fault('reference.function-arguments', print(args[i] as Expression), message, `give ${aType(wanted)}`);
      });
    }
    if (['tolist', 'toset', 'concat', 'element', 'one', 'sort', 'reverse', 'distinct'].includes(name))
      return elementOf(name, types[0]);
    return returns;
  }

  private loop(
    { collection, keyName, valueName, key, value, condition }: Expression & { kind: 'for' },
    names: Names,
  ): CtyType {
    const source = this.typeOf(collection, names);
    const item = isCollection(source) ? source[1] : 'dynamic';
    const local = new Map([
      ...names,
      [valueName, item],
      ...(keyName === undefined ? [] : ([[keyName, 'dynamic']] as const)),
    ]);
    if (condition !== undefined) this.typeOf(condition, local);
    if (key !== undefined) this.typeOf(key, local);
    const made = this.typeOf(value, local);
    return key === undefined ? ['list', made] : ['map', made];
  }

  private mustBeText(type: CtyType, part: Expression): void {
    if (convertible(type, 'string')) return;
    const message = `${print(part)} is ${aType(type)} in the middle of a text`;
    this.fault(
      'reference.wrong-type',
      print(part),
      message,
      'name one of its attributes, or use jsonencode() or join()',
    );
  }

  private undeclared(kind: string, name: string, written: string, known: readonly string[]): CtyType {
    const message = `${written} names ${kind} "${name}", which stack ${this.names.stack.name} does not declare`;
    return this.fault('reference.undeclared', written, message, suggest(name, known));
  }

  private fault(rule: ReferenceRule, value: string, message: string, fix: string): CtyType {
    this.problems.push({ rule, value, message, fix });
    return 'dynamic';
  }
}

function literalType(value: unknown): CtyType {
  if (typeof value === 'number') return 'number';
  if (typeof value === 'boolean') return 'bool';
  return typeof value === 'string' ? 'string' : 'dynamic';
}

function elementOf(name: string, type: CtyType | undefined): CtyType {
  if (type === undefined || !isCollection(type)) return 'dynamic';
  if (name === 'element' || name === 'one') return type[1];
  return name === 'toset' ? ['set', type[1]] : ['list', type[1]];
}
