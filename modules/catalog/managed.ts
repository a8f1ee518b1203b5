/**
 * Instance classes of the managed services: `db.m6g.large` (RDS for PostgreSQL), `kafka.m7g.large` (MSK). Each is an EC2 type
 * under another name and another price; only `large` was read for most, and a family is linear in its sizes.
 */
import capabilities from './data/capabilities.json';
import { instanceType, sizeInLarges, type InstanceType } from './ec2';
import { PRICED_REGIONS, price } from './services';
import { NoPrice, type Price } from './sources';

export type ManagedService = 'rds' | 'msk';

/** Families of which a price was read, and sizes sold: data/services.json `rds.postgres.*`, capabilities.json `msk`. */
const RDS_FAMILIES = ['m5', 'm6i', 'm6g', 'm7g', 'r5', 'r6i', 'r6g'];
const RDS_SIZES = ['large', 'xlarge', '2xlarge', '4xlarge', '8xlarge', '12xlarge', '16xlarge', '24xlarge'];
const MSK_CLASSES = [...capabilities.msk.brokersStandard, ...capabilities.msk.brokersExpress];

/** The EC2 type a class is made of; undefined when the class is not sold or not in the catalogue. */
export function classType(service: ManagedService, name: string): InstanceType | undefined {
  const [prefix, family, size] = name.split('.');
  if (family === undefined || size === undefined) return undefined;
  const sold =
    service === 'rds'
      ? prefix === 'db' && RDS_FAMILIES.includes(family) && RDS_SIZES.includes(size)
      : MSK_CLASSES.includes(name);
  return sold ? instanceType(`${family}.${size}`) : undefined;
}

/** Every class of the service that the catalogue prices somewhere. */
export function classNames(service: ManagedService): string[] {
  const all =
    service === 'rds'
      ? RDS_FAMILIES.flatMap((family) => RDS_SIZES.map((size) => `db.${family}.${size}`))
      : MSK_CLASSES.filter((name) => !name.startsWith('express.'));
  return all.filter((name) => classType(service, name) !== undefined);
}

/**
 * USD per hour of one instance: Single-AZ for RDS (Multi-AZ is twice it), one broker for MSK.
 * @throws NoPrice
 */
export function classPrice(service: ManagedService, name: string, region: string): Price {
  const item = service === 'rds' ? `rds.postgres.${name}.singleAz` : `msk.${name}`;
  const type = classType(service, name);
  if (type === undefined) throw new NoPrice(item, region, `${name} is not in the catalogue`);
  if (type.size === 'large') return price(item, region);
  const large = price(item.replace(`.${type.size}`, '.large'), region);
  const times = sizeInLarges(type.size) ?? NaN;
  return {
    ...large,
    item,
    usd: large.usd * times,
    confidence: 'estimate',
    note: `${times} × ${large.usd} of the large size: sizes are linear within a family`,
  };
}

export function regionsSelling(service: ManagedService, name: string): string[] {
  return PRICED_REGIONS.filter((region) => {
    try {
      classPrice(service, name, region);
      return true;
    } catch (error) {
      if (error instanceof NoPrice) return false;
      throw error;
    }
  });
}
