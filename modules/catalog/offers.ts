/** What one service sells in one region, under one shape: the choosers and the tables read it. */
import type { InstanceService } from '../spec/facts';
import { ec2Price, instanceTypes, zonesOffering, type InstanceType } from './ec2';
import { classNames, classPrice, classType } from './managed';
import { region as regionFact } from './regions';
import { NoPrice, type Price } from './sources';

export interface Offer {
  /** As the service names it: `m6g.large`, `db.m6g.large`, `kafka.m7g.large`. */
  readonly name: string;
  readonly type: InstanceType;
  readonly hourly: Price;
  /** Zone ids EKS accepts that offer it; for RDS and MSK, which publish none, all of the region's. */
  readonly zoneIds: readonly string[];
}

const CACHE = new Map<string, readonly Offer[]>();

/**
 * Non-burstable classes of plain families (EBS volumes, standard network) with a price in the region, cheapest first; of two
 * at one price the newer generation first, then the smaller.
 */
export function offers(service: InstanceService, region: string): readonly Offer[] {
  const key = `${service} ${region}`;
  const known = CACHE.get(key);
  if (known !== undefined) return known;
  const found = (service === 'ec2' ? ec2Offers(region) : managedOffers(service, region)).sort(
    (a, b) =>
      a.hourly.usd - b.hourly.usd ||
      b.type.generation - a.type.generation ||
      a.type.vcpu - b.type.vcpu ||
      a.name.localeCompare(b.name),
  );
  CACHE.set(key, found);
  return found;
}

function ec2Offers(region: string): Offer[] {
  return [...instanceTypes()]
    .filter((type) => type.plain)
    .flatMap((type) => {
      const hourly = priceOrNothing(() => ec2Price(type.type, region));
      return hourly === undefined ? [] : [{ name: type.type, type, hourly, zoneIds: zonesOffering(type.type, region) }];
    });
}

function managedOffers(service: 'rds' | 'msk', region: string): Offer[] {
  const zoneIds = regionFact(region)?.zoneIds ?? [];
  return classNames(service).flatMap((name) => {
    const type = classType(service, name);
    const hourly = priceOrNothing(() => classPrice(service, name, region));
    return type === undefined || hourly === undefined || !type.plain ? [] : [{ name, type, hourly, zoneIds }];
  });
}

function priceOrNothing(ask: () => Price): Price | undefined {
  try {
    return ask();
  } catch (error) {
    if (error instanceof NoPrice) return undefined;
    throw error;
  }
}
