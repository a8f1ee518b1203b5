import type { Instance, ResolvedProject, Value, Values } from '../terraform';
import { isUnknown } from '../terraform';
import { unknownsIn } from '../terraform/functions';
import { idOf } from '../topology';
import { REPLACEMENT, replacedByRule } from './replacement';

export type Action = 'create' | 'update' | 'replace' | 'delete';

/** One copy of one resource in both synths. */
export interface Pair {
  readonly before?: Instance;
  readonly after?: Instance;
}

export interface Difference {
  readonly action: Action;
  readonly pair: Pair;
  /** Paths that differ: `scaling_config.max_size`. */
  readonly attributes: readonly string[];
  /** Which of them force a replacement, and why. */
  readonly forcedBy: readonly string[];
  /** The old address when a `moved` block says that it is the same thing. */
  readonly movedFrom?: string;
  /** A deleted resource that looks the same: very likely a rename without a `moved` block. */
  readonly looksLike?: string;
}

/** What a plan would do, told from the two configurations alone: the state is taken to be what the old one says. */
export function compare(before: ResolvedProject, after: ResolvedProject): Difference[] {
  const fresh = new Map(after.instances.map((instance) => [idOf(instance), instance]));
  const moved = movedAddresses(after);
  const old = new Map(before.instances.map((instance) => [becomes(idOf(instance), moved, fresh), instance]));
  const pairs = [...new Set([...old.keys(), ...fresh.keys()])]
    .map((key): Pair => ({
      before: old.get(key),
      after: fresh.get(key),
    }))
    .filter((pair) => !isForgotten(pair, after));
  const elsewhere = (pair: Pair) => movesRegion(pair, before, after);
  const differences = new Map(pairs.map((pair) => [pair, differenceOf(pair, elsewhere(pair))]));
  cascade(pairs, differences);
  return markRenames([...differences.values()].filter((one): one is Difference => one !== undefined));
}

/** What a `removed` block leaves standing, out of Terraform's care: nothing happens to it. */
function isForgotten({ before, after }: Pair, fresh: ResolvedProject): boolean {
  if (before === undefined || after !== undefined) return false;
  const { resource } = before;
  const stack = fresh.stacks.find((one) => one.stack.name === resource.stack)?.stack;
  return stack?.forgotten.includes(resource.address) ?? false;
}

/** `stack/old` → `stack/new`, as `moved` blocks say. */
function movedAddresses(project: ResolvedProject): Map<string, string> {
  return new Map(
    project.stacks.flatMap(({ stack }) =>
      stack.moved.map(({ from, to }) => [`${stack.name}/${from}`, `${stack.name}/${to}`] as const),
    ),
  );
}

/** The address that a copy has now: blocks lead from one to the next, and one that moves a resource moves each of its copies. */
function becomes(id: string, moved: ReadonlyMap<string, string>, fresh: ReadonlyMap<string, Instance>): string {
  const passed = new Set<string>();
  let now = id;
  while (!passed.has(now)) {
    passed.add(now);
    const [whole, copy] = parted(now);
    const to = moved.get(whole);
    now = moved.get(now) ?? (to === undefined ? now : to + copy);
  }
  return passed.size > 1 ? now : moveOfCount(id, fresh);
}

/**
 * Where no block says otherwise, Terraform itself takes a resource that gets `count` for its first copy, and the first copy for the
 * resource that loses it: https://developer.hashicorp.com/terraform/language/modules/develop/refactoring
 */
function moveOfCount(id: string, fresh: ReadonlyMap<string, Instance>): string {
  const [whole, copy] = parted(id);
  const to = copy === '' ? `${whole}[0]` : whole;
  const { resource } = fresh.get(to) ?? {};
  const isCounted = resource?.meta.count !== undefined;
  const isSingle = resource !== undefined && !isCounted && resource.meta.for_each === undefined;
  return !fresh.has(id) && ((copy === '' && isCounted) || (copy === '[0]' && isSingle)) ? to : id;
}

/** `aws_eip.a[0]` is `aws_eip.a` and `[0]`. */
function parted(id: string): readonly [string, string] {
  const copy = /\[(?:\d+|"(?:[^"\\]|\\.)*")\]$/.exec(id)?.[0] ?? '';
  return [id.slice(0, id.length - copy.length), copy];
}

/** Types of services that are the same in all regions. */
const GLOBAL =
  /^aws_(iam|budgets|cloudfront|organizations|globalaccelerator|route53_(zone|record|health_check|delegation_set|zone_association))/;

/** From which region to which a resource goes: AWS makes it anew there (AWS provider 6, guide "Enhanced Region Support"). */
function movesRegion({ before, after }: Pair, old: ResolvedProject, fresh: ResolvedProject): string | undefined {
  if (before === undefined || after === undefined) return undefined;
  const { type } = after.resource;
  if (!type.startsWith('aws_') || GLOBAL.test(type)) return undefined;
  const [from, to] = [old.region(before.resource), fresh.region(after.resource)];
  return from === undefined || to === undefined || from === to ? undefined : `region: from ${from} to ${to}`;
}

function differenceOf(pair: Pair, region: string | undefined): Difference | undefined {
  const { before, after } = pair;
  if (before === undefined) return { action: 'create', pair, attributes: [], forcedBy: [] };
  if (after === undefined) return { action: 'delete', pair, attributes: [], forcedBy: [] };
  const ignored = ignoredArguments(after);
  const attributes = [
    ...new Set([...differing(before.values, after.values), ...(region === undefined ? [] : ['region'])]),
  ].filter((path) => !ignored.includes('all') && !ignored.includes(path.split('.')[0] as string));
  const moved = idOf(before) === idOf(after) ? {} : { movedFrom: before.address };
  if (attributes.length === 0)
    return moved.movedFrom === undefined ? undefined : { action: 'update', pair, attributes, forcedBy: [], ...moved };
  const forcedBy = attributes.flatMap((path) =>
    path === 'region' && region !== undefined ? [region] : forces(before, after, path),
  );
  return { action: forcedBy.length > 0 ? 'replace' : 'update', pair, attributes, forcedBy, ...moved };
}

function ignoredArguments({ resource }: Instance): readonly string[] {
  const one = (Array.isArray(resource.meta.lifecycle) ? resource.meta.lifecycle[0] : resource.meta.lifecycle) as
    { ignore_changes?: unknown } | undefined;
  const ignored = one?.ignore_changes;
  return (Array.isArray(ignored) ? (ignored as unknown[]) : [ignored]).filter(
    (name): name is string => typeof name === 'string',
  );
}

function forces(before: Instance, after: Instance, path: string): string[] {
  const { type } = after.resource;
  const names = path.split('.').filter((step) => !/^\d+$/.test(step));
  const plain = names.join('.');
  const rule = REPLACEMENT[type];
  const listed = rule?.arguments.find(
    (name) => plain === name || plain.startsWith(`${name}.`) || name.startsWith(`${plain}.`),
  );
  if (listed !== undefined) return [`${path} (${rule?.source ?? ''})`];
  const why = replacedByRule(
    type,
    before.values[names[0] as string],
    after.values[names[0] as string],
    names[0] as string,
  );
  if (why !== undefined) return [`${path}: ${why}`];
  const script =
    type === 'aws_instance' &&
    ['user_data', 'user_data_base64'].includes(plain) &&
    after.values.user_data_replace_on_change === true;
  return script ? [`${path}: user_data_replace_on_change is true (ec2/ec2_instance.go)`] : [];
}

/** Paths at which two values differ; a block that is written as an object and as a list of one is the same. */
export function differing(before: Value | undefined, after: Value | undefined, path = ''): string[] {
  const [left, right] = [single(before), single(after)];
  if (isObject(left) && isObject(right)) {
    const names = [...new Set([...Object.keys(left), ...Object.keys(right)])];
    return names.flatMap((name) => differing(left[name], right[name], path === '' ? name : `${path}.${name}`));
  }
  if (Array.isArray(left) && Array.isArray(right) && [...left, ...right].some((one) => isObject(one as Value))) {
    const size = Math.max(left.length, right.length);
    return Array.from({ length: size }, (_, i) =>
      differing(left[i] as Value, right[i] as Value, `${path}.${i}`),
    ).flat();
  }
  return key(left) === key(right) ? [] : [path];
}

const single = (value: Value | undefined): Value | undefined =>
  Array.isArray(value) && value.length === 1 && isObject(value[0] as Value) ? (value[0] as Value) : value;

const isObject = (value: Value | undefined): value is Values =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !isUnknown(value);

/** Sets come in any order, numbers as texts, and null is nothing. */
function key(value: Value | undefined): string {
  if (value === undefined || value === null) return '';
  if (isUnknown(value)) return value.text;
  if (Array.isArray(value)) return JSON.stringify((value as readonly Value[]).map(key).sort());
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** What refers to a replaced resource gets a new value from it, and is itself replaced where that argument forces it. */
function cascade(pairs: readonly Pair[], differences: Map<Pair, Difference | undefined>): void {
  for (let again = true; again;) {
    again = false;
    const replaced = new Map<unknown, string>();
    for (const [{ after }, difference] of differences) {
      if (difference?.action === 'replace' && after !== undefined) replaced.set(after.resource, after.address);
    }
    for (const pair of pairs) {
      const { before, after } = pair;
      const known = differences.get(pair);
      if (before === undefined || after === undefined || known?.action === 'replace') continue;
      const ignored = ignoredArguments(after);
      const touched = Object.entries(after.values).flatMap(([name, value]) => {
        const from = ignored.includes(name) ? undefined : newlyMade(value, after, replaced);
        return from === undefined ? [] : [{ name, from }];
      });
      const forced = touched.flatMap(({ name, from }) =>
        forces(before, after, name).map((why) => `${why}, because ${from} is replaced`),
      );
      const attributes = [...new Set([...(known?.attributes ?? []), ...touched.map(({ name }) => name)])];
      if (forced.length === 0 && attributes.length === (known?.attributes.length ?? 0)) continue;
      differences.set(pair, {
        ...known,
        action: forced.length > 0 ? 'replace' : 'update',
        pair,
        attributes,
        forcedBy: [...(known?.forcedBy ?? []), ...forced],
      });
      again = true;
    }
  }
}

/** What stays the same when a resource is replaced with the same arguments: another stack, applied later, sees no change. */
const KEPT = new Set([
  'availability_zone',
  'availability_zone_id',
  'name',
  'owner_id',
  'region',
  'tags',
  'tags_all',
  'vpc_id',
]);

/** The replaced resource that a value comes from, if any. */
function newlyMade(value: Value, user: Instance, replaced: ReadonlyMap<unknown, string>): string | undefined {
  const references = unknownsIn(value).flatMap((unknown) => unknown.references);
  const found = references.find(({ resource, path }) => {
    // Within a stack whatever a replaced resource computes is unknown at plan; from another stack its new value is read.
    const changes = resource.stack === user.resource.stack || !KEPT.has(String(path[0]));
    return resource !== user.resource && changes && replaced.has(resource);
  });
  return found && replaced.get(found.resource);
}

/** Something deleted and something made of the same type with the same arguments: a rename that Terraform cannot see. */
function markRenames(differences: readonly Difference[]): Difference[] {
  const deleted = differences.filter(({ action }) => action === 'delete');
  const taken = new Set<Difference>();
  return differences.map((one) => {
    const { after } = one.pair;
    if (one.action !== 'create' || after === undefined) return one;
    const twin = deleted.find((other) => {
      const { before } = other.pair;
      return (
        before?.resource.type === after.resource.type &&
        !taken.has(other) &&
        differing(before.values, after.values).every((path) => path.startsWith('tags'))
      );
    });
    if (twin === undefined) return one;
    taken.add(twin);
    return { ...one, looksLike: twin.pair.before?.address ?? '' };
  });
}
