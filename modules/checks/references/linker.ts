import { checkBody, walkTemplates, type BodyContext } from './body';
import { cyclesOf } from './cycles';
import { Inference, type Problem } from './infer';
import type { LinkInput } from './link';
import {
  conditions,
  dependencies,
  miscounted,
  replacementTriggers,
  undeclaredDependency,
  unknownIgnored,
} from './meta-arguments';
import { providerName, StackNames } from './names';
import { suggest } from './nearest';
import { checkProviders } from './providers';
import { finding, type ReferenceRule } from './rules';
import type { Finding } from '../finding';
import type { BlockSchema, CtyType } from '../schema';
import type { Json, Origin, Resource, Stack } from '../terraform';
import type { Step } from '../terraform/expression';
import { isTemplate } from '../terraform/parse';

/** What reading one template gave. */
interface Reading {
  readonly type: CtyType;
  readonly problems: readonly Problem[];
  readonly dependencies: ReadonlySet<string>;
  readonly copyNames: Inference['copyNames'];
}

/** What makes copies: `count` and `for_each` of a resource, data source or module. */
interface Repeated {
  readonly count?: unknown;
  readonly for_each?: unknown;
}

/** Reads one stack; asks the linkers of others for the types of what they hand over. */
export class StackLinker {
  readonly stacksRead = new Set<string>();
  private readonly findings: Finding[] = [];
  private readonly names: StackNames;
  private readonly readings = new Map<string, Reading>();
  private readonly open = new Set<string>();
  private readonly graph = new Map<string, Set<string>>();

  constructor(
    private readonly stack: Stack,
    private readonly input: LinkInput,
    private readonly linkers: ReadonlyMap<string, StackLinker>,
  ) {
    this.names = new StackNames(input.resolved.project, stack, input.schemas);
  }

  check(): readonly Finding[] {
    const { stack } = this;
    for (const local of stack.locals) this.walk(local.value, `local.${local.name}`, local.origin);
    for (const resource of [...stack.resources, ...stack.data]) this.resource(resource);
    for (const { name, alias, body, origin } of stack.providers) {
      const address = `provider.${name}${alias === undefined ? '' : `.${alias}`}`;
      const schema = this.input.schemas[name]?.provider?.block;
      if (schema === undefined) this.walk(body, address, origin);
      else checkBody(body, schema, this.context(address, origin));
    }
    for (const { name, value, origin } of stack.outputs)
      this.walk(value, `output.${name}`, { ...origin, path: [...origin.path, 'value'] });
    for (const { name, value, origin } of stack.assertions) this.walk(value, `check.${name}`, origin);
    for (const remote of stack.remoteStates) this.remoteState(remote);
    for (const { name, body, origin } of stack.modules) {
      // Providers are handed over by name, not by expression.
      const given = Object.entries(body).filter(([argument]) => argument !== 'providers' && argument !== 'depends_on');
      this.walk(Object.fromEntries(given), `module.${name}`, origin, body);
      const message = `module "${name}" is called, and what it makes is not in this JSON`;
      this.report(
        'reference.module',
        `module.${name}`,
        '',
        { value: '', message, fix: 'check the module on its own' },
        origin,
      );
    }
    this.findings.push(...checkProviders(this.input.resolved, stack));
    for (const cycle of cyclesOf(this.graph)) {
      const [first = ''] = cycle;
      const problem = {
        value: cycle.join(' → '),
        message: `need each other: ${cycle.join(' → ')}`,
        fix: 'take one of the references out',
      };
      this.report('reference.cycle', first, '', problem, this.names.resources.get(first)?.origin);
    }
    return this.findings;
  }

  private remoteState(remote: Stack['remoteStates'][number]): void {
    const address = `data.terraform_remote_state.${remote.name}`;
    this.walk(remote.config, address, { ...remote.origin, path: [...remote.origin.path, 'config'] });
    this.walk(remote.defaults, address, { ...remote.origin, path: [...remote.origin.path, 'defaults'] });
    if (this.names.producers.get(remote.name) !== undefined) return;
    const message = 'reads a state that no stack of this project keeps, so its outputs are not checked';
    this.report(
      'reference.foreign-state',
      address,
      'config',
      { value: JSON.stringify(remote.config), message, fix: 'give all stacks together' },
      remote.origin,
    );
  }

  private resource(resource: Resource): void {
    const { address, body, meta, origin } = resource;
    if (!this.graph.has(address)) this.graph.set(address, new Set());
    const schema = this.schemaOf(resource);
    if (schema === undefined) this.walk(body, address, origin, meta);
    else checkBody(body, schema, this.context(address, origin, [], meta));
    const { count, for_each, provisioner, connection } = meta;
    const own = [count, for_each].filter((one) => one !== undefined);
    const further = [provisioner, connection, ...conditions(meta)].filter((one) => one !== undefined);
    this.walk(own, address, origin);
    this.walk(further, address, origin, meta);
    for (const { problem, argument } of miscounted(meta)) {
      this.report('reference.wrong-type', address, argument, problem, { ...origin, path: [...origin.path, argument] });
    }
    for (const target of dependencies(meta)) {
      this.edge(address, target.address);
      const problem = this.names.declares(target.address)
        ? undefined
        : undeclaredDependency(target.written, this.names);
      const path = [...origin.path, 'depends_on', target.index];
      if (problem !== undefined)
        this.report('reference.undeclared', address, 'depends_on', problem, { ...origin, path });
    }
    for (const { problem, index } of schema === undefined ? [] : unknownIgnored(meta, schema)) {
      const place = { ...origin, path: [...origin.path, 'lifecycle', 'ignore_changes', index] };
      this.report('reference.unknown-argument', address, 'lifecycle.ignore_changes', problem, place);
    }
    for (const trigger of replacementTriggers(meta)) {
      this.walk(trigger, address, { ...origin, path: [...origin.path, 'lifecycle'] }, meta);
    }
  }

  /** Says so when there is none. */
  private schemaOf(resource: Resource): BlockSchema | undefined {
    const schema = this.names.schemaOf(resource);
    if (schema !== undefined) return schema;
    const { type, mode, address, origin } = resource;
    const provider = providerName(resource);
    const known = this.input.typesOf(provider, mode);
    if (known === undefined) {
      const message = `the bindings of provider "${provider}" are not installed, so its arguments are not checked`;
      this.report(
        'reference.no-schema',
        address,
        '',
        { value: type, message, fix: `add the bindings of ${provider} to package.json` },
        origin,
      );
      return undefined;
    }
    const kind = mode === 'data' ? 'data source' : 'resource';
    this.report(
      'reference.unknown-type',
      address,
      '',
      { value: type, message: `provider ${provider} has no ${kind} type "${type}"`, fix: suggest(type, known) },
      origin,
    );
    return undefined;
  }

  private walk(json: Json, address: string, origin: Origin, copies: Repeated = {}): void {
    walkTemplates(json, this.context(address, origin, [], copies), []);
  }

  private context(
    address: string,
    origin: Origin,
    iterators: readonly string[] = [],
    copies: Repeated = {},
  ): BodyContext {
    const report = (path: readonly Step[], { rule, ...problem }: Problem) =>
      this.report(rule, address, path.join('.'), problem, { ...origin, path: [...origin.path, ...path] });
    return {
      report,
      within: (iterator) => this.context(address, origin, [...iterators, iterator], copies),
      typeOf: (template, path) => {
        const { type, problems, dependencies, copyNames } = this.read(template, iterators);
        for (const problem of problems) report(path, problem);
        for (const problem of withoutCopies(copyNames, copies)) report(path, problem);
        for (const dependency of dependencies) this.edge(address, dependency);
        return type;
      },
    };
  }

  /** @param iterators names of the `dynamic` blocks that the template stands in; their values may be of any type */
  private read(template: string, iterators: readonly string[] = []): Reading {
    const key = iterators.length === 0 ? template : `${iterators.join(' ')}\n${template}`;
    const known = this.readings.get(key);
    if (known !== undefined) return known;
    const expression = this.input.templates.get(template);
    const inference = new Inference(
      this.names,
      (stack, output) => this.linkers.get(stack)?.outputType(output),
      (name) => this.typeOfJson(`local.${name}`, this.names.locals.get(name)?.value),
    );
    let reading: Reading;
    if (expression === undefined || expression.kind === 'fault') {
      const why = expression?.message ?? 'was not read';
      const problem: Problem = {
        rule: 'reference.syntax',
        value: template,
        message: `${template} cannot be read: ${why}`,
        fix: 'mend the expression; a literal ${ is written $${',
      };
      reading = { type: 'dynamic', problems: [problem], dependencies: new Set(), copyNames: new Map() };
    } else {
      const type = inference.typeOf(expression, new Map(iterators.map((name) => [name, 'dynamic'])));
      const { problems, dependencies, copyNames } = inference;
      reading = { type, problems, dependencies, copyNames };
      for (const stack of inference.stacks) this.stacksRead.add(stack);
    }
    this.readings.set(key, reading);
    return reading;
  }

  /** Undefined when the stack has no such output. */
  outputType(name: string): CtyType | undefined {
    const output = this.stack.outputs.find((one) => one.name === name);
    return output && this.typeOfJson(`output.${name}`, output.value);
  }

  private typeOfJson(place: string, json: Json | undefined): CtyType {
    if (typeof json !== 'string' || !isTemplate(json)) return typeof json === 'string' ? 'string' : 'dynamic';
    if (this.open.has(place)) return 'dynamic';
    this.open.add(place);
    try {
      return this.read(json).type;
    } finally {
      this.open.delete(place);
    }
  }

  private edge(from: string, to: string): void {
    const edges = this.graph.get(from);
    if (edges === undefined) this.graph.set(from, new Set([to]));
    else edges.add(to);
  }

  private report(
    id: ReferenceRule,
    address: string,
    attribute: string,
    problem: Omit<Problem, 'rule'>,
    origin?: Origin,
  ): void {
    this.findings.push(finding(id, this.stack.name, address, attribute, problem, origin));
  }
}

/** `each` is there where `for_each` is, and `count` where `count` is. */
function withoutCopies(named: Inference['copyNames'], copies: Repeated): Problem[] {
  return [...named].flatMap(([root, written]) => {
    const argument = root === 'each' ? 'for_each' : 'count';
    if (copies[argument] !== undefined && copies[argument] !== null) return [];
    const message = `${written} is read where there is no ${argument}`;
    return [
      { rule: 'reference.undeclared', value: written, message, fix: `give ${argument}, or write the value itself` },
    ];
  });
}
