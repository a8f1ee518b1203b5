/** Makes the lines of a bill: quantity × unit price, in cents. */
import type { Price } from '../../catalog';
import type { UsageRange } from '../../spec/platform';
import type { CostLine, FreeCharge, Purpose } from './line';

export interface Whose {
  readonly stack: string;
  readonly address: string;
  readonly purpose: Purpose;
}

export interface Billed {
  readonly item: string;
  readonly price: Price;
  /** In `unit` per month, at the likely usage. */
  readonly quantity: number;
  readonly unit: string;
  readonly basis: CostLine['basis'];
  readonly reason: string;
  /** USD per month at the bounds of the usage; quantity × price at all of them unless given. */
  readonly amounts?: UsageRange;
}

/** Half a cent goes up; the millionth before it takes off what binary fractions add or lack. */
export const toCent = (amount: number) => Math.round(Math.round(amount * 1e6) / 1e4) / 100;
export const toMillionth = (amount: number) => Math.round(amount * 1e6) / 1e6;

/** A line is in cents, so that the lines add up to the total in anybody's arithmetic. */
export function billLine(whose: Whose, { item, price, quantity, unit, basis, reason, amounts }: Billed): CostLine {
  const monthly = toCent(amounts?.likely ?? quantity * price.usd);
  return {
    stack: whose.stack,
    address: whose.address,
    purpose: whose.purpose,
    item,
    quantity: toMillionth(quantity),
    unit,
    unitPrice: price.usd,
    monthly,
    low: amounts === undefined ? monthly : toCent(amounts.low),
    high: amounts === undefined ? monthly : toCent(amounts.high),
    basis,
    reason,
    source: price.source,
    asOf: price.asOf,
    confidence: price.confidence,
    priceItem: price.item,
  };
}

/** What costs nothing, with the reason why. */
export function freeLine(whose: Whose, { item, reason }: FreeCharge): CostLine {
  return {
    stack: whose.stack,
    address: whose.address,
    purpose: whose.purpose,
    item,
    quantity: 1,
    unit: '',
    unitPrice: 0,
    monthly: 0,
    low: 0,
    high: 0,
    basis: 'zero',
    reason,
    source: '',
    asOf: '',
    confidence: 'published',
    priceItem: '',
  };
}
