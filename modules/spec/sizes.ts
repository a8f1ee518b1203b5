/** Sizes as people write them: `100 GiB`, `7 days`, `2 vCPU 8 GiB`, `1500 USD`, and usage with its bounds. */
import { isMapping, mapping, otherKind, Refused } from './leaf';
import type { Read } from './leaf';
import { show } from './problems';
import type { UsageRange } from './platform';

const NUMBER = String.raw`(\d+(?:\.\d+)?)`;
const GIB: Readonly<Record<string, number>> = { GiB: 1, TiB: 1024 };
/** What people write for it, and what they get. */
const GIB_MISSPELT = /^(gb|gib|g|gi|tb|tib|t|ti)$/i;

/** A bare number lacks its unit; say it with the unit that was meant. */
function withoutUnit(value: number, unit: string): Refused {
  return new Refused(`${value} has no unit`, `did you mean ${value} ${unit}?`);
}

/** `100 GiB` or `1 TiB`: whole GiB, between bounds. Of what there is only one, nothing can be spread: `beyond` says what helps. */
export function disk(least: number, most: number, why: string, beyond = 'spread it over more nodes'): Read<number> {
  return (value) => {
    if (typeof value === 'number') throw withoutUnit(value, 'GiB');
    if (typeof value !== 'string') throw otherKind(value, 'a size', '100 GiB');
    const [, digits, unit] = new RegExp(`^${NUMBER} ?([A-Za-z]*)$`).exec(value) ?? [];
    if (digits === undefined) throw new Refused(`${show(value)} is not a size`, 'write it like 100 GiB');
    if (unit === '') throw withoutUnit(Number(digits), 'GiB');
    const factor = GIB[unit!];
    if (factor === undefined) {
      if (!GIB_MISSPELT.test(unit!))
        throw new Refused(`${show(value)} has an unknown unit`, 'write it like 100 GiB or 1 TiB');
      throw new Refused(
        `AWS sells volumes in GiB, not ${unit}`,
        `did you mean ${digits} ${/^t/i.test(unit!) ? 'TiB' : 'GiB'}?`,
      );
    }
    const gib = Number(digits) * factor;
    if (!Number.isInteger(gib))
      throw new Refused(`${value} is not a whole number of GiB`, `did you mean ${Math.ceil(gib)} GiB?`);
    if (gib < least)
      throw new Refused(`${value} is too small: ${why} at least ${least} GiB`, `did you mean ${least} GiB?`);
    if (gib > most) throw new Refused(`${value} is too large: ${why} at most ${most} GiB`, beyond);
    return gib;
  };
}

/** `7 days`; RDS keeps automated backups for 1 to 35 days (CreateDBInstance, BackupRetentionPeriod). */
export function backups(value: unknown): number {
  if (typeof value === 'number') throw withoutUnit(value, 'days');
  if (typeof value !== 'string') throw otherKind(value, 'a duration', '7 days');
  const [, digits] = /^(\d+) ?days?$/.exec(value) ?? [];
  if (digits === undefined) throw new Refused(`${show(value)} is not a number of days`, 'write it like 7 days');
  const days = Number(digits);
  if (days === 0)
    throw new Refused('0 days turns backups off, and with them point-in-time recovery', 'at least 1 day; 7 is usual');
  if (days > 35) throw new Refused(`${value} is longer than RDS keeps backups`, 'at most 35 days');
  return days;
}

/** `2 vCPU 8 GiB`, in either order. */
export function minimum(value: unknown): { vcpu: number; memoryGiB: number } {
  if (typeof value !== 'string') throw otherKind(value, 'a machine size', '2 vCPU 8 GiB');
  const parts = new RegExp(`^${NUMBER} ?(vCPUs?|GiB),? ${NUMBER} ?(vCPUs?|GiB)$`).exec(value) ?? [];
  const cores = /^vCPU/.test(parts[2] ?? '') ? parts[1] : parts[3];
  const memory = parts[2] === 'GiB' ? parts[1] : parts[3];
  if (parts[2] === undefined || (parts[2] === 'GiB') === (parts[4] === 'GiB')) {
    throw new Refused(`${show(value)} is not a machine size`, 'write it like 2 vCPU 8 GiB');
  }
  const size = { vcpu: Number(cores), memoryGiB: Number(memory) };
  if (!Number.isInteger(size.vcpu) || size.vcpu < 1)
    throw new Refused(`${show(value)} has no whole vCPU`, 'write it like 2 vCPU 8 GiB');
  if (size.memoryGiB <= 0) throw new Refused(`${show(value)} has no memory`, 'write it like 2 vCPU 8 GiB');
  return size;
}

/** More a month than anybody's bill; AWS Budgets takes plain digits, and a larger number would be written with an exponent. */
const MOST_USD = 1_000_000_000;

/** `1500 USD` a month. */
export function usd(value: unknown): number {
  if (typeof value === 'number') throw withoutUnit(value, 'USD');
  if (typeof value !== 'string') throw otherKind(value, 'an amount', '1500 USD');
  const [, digits] = new RegExp(`^${NUMBER} ?USD$`).exec(value) ?? [];
  if (digits === undefined) throw new Refused(`${show(value)} is not an amount in USD`, 'write it like 1500 USD');
  const amount = Number(digits);
  if (amount === 0) throw new Refused('a budget of 0 USD alarms at once', 'remove budget to have none');
  if (/\.\d{3}/.test(digits))
    throw new Refused(`${value} divides a cent`, `did you mean ${Math.max(amount, 0.01).toFixed(2)} USD?`);
  if (amount > MOST_USD) throw new Refused(`${value} never alarms`, `at most ${MOST_USD} USD`);
  return amount;
}

const BOUNDS = ['low', 'likely', 'high'] as const;

/** A number, taken as likely with half of it as low and its double as high; or the three of them. */
export function usage(value: unknown): UsageRange {
  if (isMapping(value)) {
    const bounds = mapping(value, BOUNDS, 'a range', '{ low: 100, likely: 200, high: 400 }');
    const [low, likely, high] = BOUNDS.map((bound) => amount(bounds[bound], [bound])) as [number, number, number];
    if (low > likely || likely > high) {
      throw new Refused(`low ${low}, likely ${likely}, high ${high} is not in order`, 'low ≤ likely ≤ high');
    }
    return { low, likely, high };
  }
  const likely = amount(value, []);
  return { low: likely / 2, likely, high: likely * 2 };
}

/** A zettabyte in GB: beyond it a figure is a slip, and its price a number that nobody reads. */
const MOST_USED = 1_000_000_000_000;

function amount(value: unknown, below: readonly string[]): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) {
    const { problem, fix } = otherKind(value, 'a number a month', '200');
    throw new Refused(problem, fix, below);
  }
  if (value < 0) throw new Refused(`${value} is negative`, 'usage is 0 or more', below);
  if (value > MOST_USED) throw new Refused(`${value} is no usage of one platform`, `at most ${MOST_USED}`, below);
  return value;
}
