/** What a pricer is given and what it gives: one instance of a resource → its charges. */
import { HOURS_PER_MONTH, NoPrice, price, type Price } from '../../catalog';
import type { Instance, ResolvedProject } from '../terraform';
import { Unpriced, type Charge, type FixedCharge } from './line';

export interface PricingContext {
  readonly project: ResolvedProject;
  readonly region: string;
  /** ISO date: support that has ended by then costs extra. */
  readonly today: string;
}

/** @throws Unpriced, NoPrice */
export type Pricer = (instance: Instance, context: PricingContext) => readonly Charge[];

/** `quantity` machines that run all month. */
export function hourly(item: string, unitPrice: Price, quantity = 1, assumed?: string): FixedCharge {
  return { kind: 'fixed', item, price: unitPrice, quantity: quantity * HOURS_PER_MONTH, unit: 'hour', assumed };
}

/** `quantity` of what is billed by the month. */
export function monthly(item: string, unitPrice: Price, quantity: number, unit: string, assumed?: string): FixedCharge {
  return { kind: 'fixed', item, price: unitPrice, quantity, unit, assumed };
}

/** A price by the catalogue's item name, blamed on the attribute when it is unknown. @throws Unpriced */
export function priceFor(attribute: string, ask: () => Price): Price {
  try {
    return ask();
  } catch (error) {
    if (error instanceof NoPrice) throw new Unpriced(attribute, error.message);
    throw error;
  }
}

/** Public IPv4 addresses, each billed by the hour since 2024-02-01, whoever holds them. */
export function publicAddresses(count: number, region: string, whose: string, assumed?: string): Charge[] {
  return count === 0 ? [] : [hourly(`public IPv4 of ${whose}`, price('publicIpv4.hour', region), count, assumed)];
}
