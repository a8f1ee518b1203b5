/** The brief's "base instances of each generation", as a table with prices. */
import type { InstanceService } from '../spec/facts';
import type { InstanceRequirement } from '../spec/platform';
import { HOURS_PER_MONTH } from './services';
import { offers, type Offer } from './offers';

export interface GenerationRow extends Offer {
  readonly generation: number;
  /** USD for a month of 730 h. */
  readonly monthlyUsd: number;
  /** 0.06 when it costs 6 % more than the cheapest of the table. */
  readonly overCheapest: number;
  /** Whether enough zones offer it. */
  readonly eligible: boolean;
}

/** Where a type must be sold: in so many zones, or in each of these. */
export type ZoneDemand = number | readonly string[];

/** Whether a class has what is asked for, in enough zones. */
export function satisfies(offer: Offer, requirement: InstanceRequirement, zones: ZoneDemand): boolean {
  return fits(offer, requirement) && soldIn(offer, zones);
}

function soldIn({ zoneIds }: Offer, zones: ZoneDemand): boolean {
  return typeof zones === 'number' ? zoneIds.length >= zones : zones.every((id) => zoneIds.includes(id));
}

function fits({ type }: Offer, requirement: InstanceRequirement): boolean {
  return (
    type.vcpu >= requirement.vcpu &&
    type.memoryGiB >= requirement.memoryGiB &&
    (requirement.architecture === undefined || type.architecture === requirement.architecture)
  );
}

/**
 * One row a family: the smallest size that meets the requirement, in the class of memory per vCPU that was asked for (up to
 * 2 GiB a vCPU is `c`, up to 4 `m`, above that `r`). For 2 vCPU and 8 GiB that is `large` of every `m` family: the base size,
 * the smallest that every generation sells. By generation, then by price.
 */
export function generations(
  requirement: InstanceRequirement,
  region: string,
  service: InstanceService = 'ec2',
  zones: ZoneDemand = 3,
): GenerationRow[] {
  const perVcpu = requirement.memoryGiB / requirement.vcpu;
  const letter = perVcpu <= 2 ? 'c' : perVcpu <= 4 ? 'm' : 'r';
  const smallest = new Map<string, Offer>();
  // Cheapest first, so the first of a family that fits is its smallest size that does.
  for (const offer of offers(service, region)) {
    if (offer.type.letter === letter && fits(offer, requirement) && !smallest.has(offer.type.family)) {
      smallest.set(offer.type.family, offer);
    }
  }
  const rows = [...smallest.values()];
  const cheapest = Math.min(...rows.map((row) => row.hourly.usd));
  return rows
    .map((offer) => ({
      ...offer,
      generation: offer.type.generation,
      monthlyUsd: offer.hourly.usd * HOURS_PER_MONTH,
      overCheapest: offer.hourly.usd / cheapest - 1,
      eligible: soldIn(offer, zones),
    }))
    .sort((a, b) => a.generation - b.generation || a.hourly.usd - b.hourly.usd || a.name.localeCompare(b.name));
}
