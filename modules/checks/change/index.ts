/**
 * What an edit would do, told from two synths without credentials or state: made, changed in place, replaced, destroyed; and what
 * that means for data, for the network's edge, for addresses and for the bill.
 */
import type { Finding } from '../finding';
import type { ResolvedProject } from '../terraform';
import { idOf } from '../topology';
import { compare, type Action, type Difference } from './compare';
import { effectsOf, EFFECTS, type Effect } from './effects';

export { REPLACEMENT } from './replacement';
export { EFFECTS, type Action, type Effect };

export interface Change {
  readonly stack: string;
  readonly address: string;
  readonly type: string;
  readonly action: Action;
  readonly attributes: readonly string[];
  readonly effects: readonly Effect[];
  /** USD per month more, or less when negative; undefined when prices were not given. */
  readonly monthlyDelta?: number;
  /** Arguments that force the replacement, with the provider's file that says so. */
  readonly forcedBy: readonly string[];
  /** Terraform will refuse: `prevent_destroy` stands on what would be destroyed. */
  readonly refused: boolean;
  /** What would spare it: a `moved` block for a rename. */
  readonly hint?: string;
}

/** One synth with what was found and what it costs. */
export interface Synth {
  readonly resolved: ResolvedProject;
  readonly findings: readonly Finding[];
  /** USD per month by `stack/address` of a copy; undefined when it was not priced. */
  readonly monthly?: ReadonlyMap<string, number>;
}

/** Findings that say that something is open to more than it should be. */
const OPEN = /^(exposure\.|access\.everybody$)/;

export function changesBetween(before: Synth, after: Synth): Change[] {
  const known = new Set(before.findings.filter(({ id }) => OPEN.test(id)).map(findingKey));
  const differences = compare(before.resolved, after.resolved);
  const was = new Map(
    differences.flatMap(({ pair, movedFrom }) => (pair.after ? [[idOf(pair.after), movedFrom]] : [])),
  );
  const opened = after.findings.filter((one) => {
    const address = was.get(`${one.stack}/${one.address}`) ?? one.address;
    return OPEN.test(one.id) && !known.has(findingKey({ ...one, address }));
  });
  const changes = differences.map((difference) => changeOf(difference, opened, before, after));
  const told = new Set(changes.map(({ stack, address }) => `${stack}/${address}`));
  return [
    ...changes,
    ...opened.filter(({ stack, address }) => !told.has(`${stack}/${address}`)).map(openedFromOutside),
  ];
}

/** What stays as it is and is opened by a change of something else: a bucket whose guard is lowered. */
const openedFromOutside = ({ stack, address, attribute, message }: Finding): Change => ({
  stack,
  address,
  type: address.split('.')[0] as string,
  action: 'update',
  attributes: attribute === '' ? [] : [attribute],
  effects: ['exposure'],
  forcedBy: [],
  refused: false,
  hint: message,
});

const findingKey = ({ id, stack, address, attribute, value }: Finding): string =>
  JSON.stringify([id, stack, address, attribute, value]);

function changeOf(difference: Difference, opened: readonly Finding[], before: Synth, after: Synth): Change {
  const { action, pair, attributes, forcedBy, movedFrom, looksLike } = difference;
  const instance = pair.after ?? pair.before;
  if (instance === undefined) throw new Error('a difference is between at least one thing and nothing');
  const { stack, type } = instance.resource;
  const cost = (one: typeof instance | undefined, synth: Synth) =>
    one === undefined ? 0 : (synth.monthly?.get(`${one.resource.stack}/${one.address}`) ?? 0);
  const priced = before.monthly !== undefined && after.monthly !== undefined;
  const hint =
    movedFrom !== undefined
      ? `moved from ${movedFrom}`
      : looksLike !== undefined
        ? `looks like ${looksLike} renamed: a moved block keeps it`
        : undefined;
  return {
    stack,
    address: instance.address,
    type,
    action,
    attributes,
    effects: effectsOf(difference, opened),
    ...(priced && { monthlyDelta: cents(cost(pair.after, after) - cost(pair.before, before)) }),
    forcedBy,
    refused: refuses(difference),
    ...(hint !== undefined && { hint }),
  };
}

/** `prevent_destroy` protects while it stands in the configuration; a resource that was taken out of it is not protected. */
function refuses({ action, pair: { after } }: Difference): boolean {
  if (action !== 'replace' || after === undefined) return false;
  const { lifecycle } = after.resource.meta;
  const one = (Array.isArray(lifecycle) ? lifecycle[0] : lifecycle) as { prevent_destroy?: unknown } | undefined;
  return one?.prevent_destroy === true;
}

const cents = (amount: number): number => Math.round(amount * 100) / 100;
