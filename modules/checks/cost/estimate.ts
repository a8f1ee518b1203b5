/** The estimate: every resource of a project → priced lines, declared zeros, or a failure by name and place. */
import { CURRENCY, HOURS_PER_MONTH, NoPrice } from '../../catalog';
import type { UsageRange, UsageSpec } from '../../spec/platform';
import { isUnknown, type Instance, type Origin, type ResolvedProject, type ResolvedResource } from '../terraform';
import { Locator } from '../terraform/locate';
import { isTemplate } from '../terraform/parse';
import { Unpriced, type Charge, type CostLine, type FixedCharge, type UnpricedItem, type UsageCharge } from './line';
import { billLine, freeLine, toCent, toMillionth, type Whose } from './bill-line';
import { FREE_TYPES, PRICERS } from './pricers';
import { purposeOf } from './purpose';
import { trafficLines } from './traffic';

export interface EstimateOptions {
  readonly usage: UsageSpec;
  /** ISO date against which support dates are judged. */
  readonly today: string;
  /** Region of resources whose provider names none. */
  readonly region?: string;
  /** What comes from elsewhere, such as the volumes of rendered manifests. */
  readonly further?: { readonly lines: readonly CostLine[]; readonly unpriced: readonly UnpricedItem[] };
}

export interface Estimate {
  readonly currency: string;
  readonly hoursPerMonth: number;
  /** ISO dates of the newest and of the oldest price that was used. */
  readonly pricesReadOn: string;
  readonly oldestPriceReadOn: string;
  /** USD per month: the sum of the lines, each of which is in cents. */
  readonly monthly: UsageRange;
  readonly yearly: UsageRange;
  readonly lines: readonly CostLine[];
  readonly unpriced: readonly UnpricedItem[];
}

type Claim = { readonly instance: Instance; readonly charge: UsageCharge };

/** Pure. What cannot be priced is in `unpriced`; an estimate that has any is not a total. */
export function estimate(project: ResolvedProject, options: EstimateOptions): Estimate {
  const lines: CostLine[] = [];
  const unpriced: UnpricedItem[] = [];
  const claims: Claim[] = [];
  const placeOf = placesIn(project);

  for (const { stack, resources } of project.stacks) {
    for (const { name, origin } of stack.modules) {
      const message = 'what a module makes is not in the JSON: give its own synthesized Terraform';
      unpriced.push({
        stack: stack.name,
        address: `module.${name}`,
        type: 'module',
        attribute: 'source',
        message,
        place: placeOf(origin),
      });
    }
    for (const resolved of resources) {
      try {
        for (const [instance, charge] of chargesOf(resolved, project, options)) {
          if (charge.kind === 'usage') claims.push({ instance, charge });
          else lines.push(charge.kind === 'free' ? freeLine(whose(instance), charge) : fixedLine(instance, charge));
        }
      } catch (error) {
        const { resource } = resolved;
        unpriced.push({
          stack: resource.stack,
          address: resource.address,
          type: resource.type,
          attribute: error instanceof Unpriced ? error.attribute : 'type',
          message: messageOf(error),
          place: placeOf(resource.origin, error instanceof Unpriced ? error.attribute : undefined),
        });
      }
    }
  }
  lines.push(...usageLines(claims, options.usage));
  try {
    lines.push(...trafficLines(project, options.usage, options.region));
  } catch (error) {
    const where = { stack: '', address: 'usage', type: 'traffic', attribute: 'region', place: '' };
    unpriced.push({ ...where, message: messageOf(error) });
  }
  lines.push(...(options.further?.lines ?? []));
  unpriced.push(...(options.further?.unpriced ?? []));
  return total(lines, unpriced);
}

/** @throws Unpriced, NoPrice */
function chargesOf(
  { resource, count, instances }: ResolvedResource,
  project: ResolvedProject,
  { today, region: fallback }: EstimateOptions,
): [Instance, Charge][] {
  const pricer = PRICERS.get(resource.type);
  if (pricer === undefined) {
    throw new Unpriced('type', `${resource.type} has neither a price nor a declared zero`);
  }
  if (isUnknown(count) && !FREE_TYPES.has(resource.type)) {
    const attribute = resource.meta.count === undefined ? 'for_each' : 'count';
    const why = isTemplate(count.text) ? 'known only at apply' : 'and that is no number of copies';
    throw new Unpriced(attribute, `how many there are is ${count.text}, ${why}`);
  }
  const region = project.region(resource) ?? fallback;
  if (region === undefined && !FREE_TYPES.has(resource.type)) {
    throw new Unpriced('region', 'neither the resource nor its provider names a region');
  }
  return instances.flatMap((instance) => {
    const charges = pricer(instance, { project, region: region ?? '', today });
    if (charges.length === 0) throw new Unpriced('type', `nothing was found that ${resource.type} is billed for`);
    return charges.map((charge): [Instance, Charge] => [instance, charge]);
  });
}

function messageOf(error: unknown): string {
  if (error instanceof Unpriced || error instanceof NoPrice) return error.message;
  throw error;
}

/** Says where things were written: `stacks/data/cdk.tf.json:120`. */
function placesIn(project: ResolvedProject): (origin: Origin, attribute?: string) => string {
  const locators = new Map<string, Locator>();
  return ({ file, path }, attribute) => {
    const source = project.project.texts.get(file);
    if (source === undefined) return file;
    const locator = locators.get(file) ?? new Locator(source);
    locators.set(file, locator);
    return `${file}:${locator.lineOf(attribute === undefined ? path : [...path, ...attribute.split('.')])}`;
  };
}

function fixedLine(instance: Instance, charge: FixedCharge): CostLine {
  const { item, price, quantity, unit } = charge;
  const { basis, reason } = basisOf(charge);
  return billLine(whose(instance, charge.purpose), { item, price, quantity, unit, basis, reason });
}

function basisOf({ quantity, unit, assumed }: FixedCharge): Pick<CostLine, 'basis' | 'reason'> {
  if (quantity === 0) return { basis: 'zero', reason: `the resource says 0 ${unit}` };
  return assumed === undefined ? { basis: 'priced', reason: '' } : { basis: 'assumed', reason: assumed };
}

/**
 * A usage is the project's; those who share a meter (the same item by the same usage) share it evenly, and what a third leaves
 * over in the last cent goes to one of them, so that the shares are the whole.
 */
function usageLines(claims: readonly Claim[], usage: UsageSpec): CostLine[] {
  const meter = ({ charge }: Claim) => `${charge.usage} ${charge.price.item}`;
  const sharers = new Map<string, number>();
  for (const claim of claims) sharers.set(meter(claim), (sharers.get(meter(claim)) ?? 0) + 1);
  const served = new Map<string, number>();
  return claims.map((claim) => {
    const { instance, charge } = claim;
    const of = sharers.get(meter(claim)) as number;
    const before = served.get(meter(claim)) ?? 0;
    served.set(meter(claim), before + 1);
    const portion = (whole: number, rounded: (amount: number) => number) =>
      rounded(rounded((whole * (before + 1)) / of) - rounded((whole * before) / of));
    const amount = (used: number) => portion(used * charge.factor * charge.price.usd, toCent);
    const { low, likely, high } = usage[charge.usage];
    return billLine(whose(instance, charge.purpose), {
      item: charge.item,
      price: charge.price,
      quantity: portion(likely * charge.factor, toMillionth),
      unit: charge.unit,
      basis: 'assumed',
      reason: `usage.${charge.usage} ${likely}: ${charge.reason}`,
      amounts: { low: amount(low), likely: amount(likely), high: amount(high) },
    });
  });
}

function whose(instance: Instance, purpose = purposeOf(instance)): Whose {
  return { stack: instance.resource.stack, address: instance.address, purpose };
}

function total(lines: readonly CostLine[], unpriced: readonly UnpricedItem[]): Estimate {
  const cents = (of: (line: CostLine) => number) => lines.reduce((all, line) => all + Math.round(of(line) * 100), 0);
  const bounds = (months: number): UsageRange => ({
    low: (cents((line) => line.low) * months) / 100,
    likely: (cents((line) => line.monthly) * months) / 100,
    high: (cents((line) => line.high) * months) / 100,
  });
  // A derived price was not read; a reading that spans years ("2024-07 .. 2026-05") counts by its last.
  const read = lines.filter(({ confidence }) => confidence === 'published');
  const dates = read.flatMap(({ asOf }) => asOf.match(/\d{4}-\d\d(-\d\d)?/g)?.at(-1) ?? []).sort();
  return {
    currency: CURRENCY,
    hoursPerMonth: HOURS_PER_MONTH,
    pricesReadOn: dates.at(-1) ?? '',
    oldestPriceReadOn: dates.at(0) ?? '',
    monthly: bounds(1),
    yearly: bounds(12),
    lines,
    unpriced,
  };
}
