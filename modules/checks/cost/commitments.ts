/** What a year's or three years' commitment would take off an estimate, and off which part of it. */
import { COMMITMENTS } from '../../catalog';
import type { CostLine } from './line';

export interface CommitmentShare {
  readonly name: string;
  readonly term: string;
  /** USD per month on demand that it covers, and what it takes off, to the cent. */
  readonly covers: number;
  readonly saves: number;
  readonly source: string;
}

/** Commitments of one kind exclude each other; one on EC2 and one on RDS add up. */
export function commitmentShares(lines: readonly CostLine[]): CommitmentShare[] {
  return COMMITMENTS.map(({ name, term, discount, source }) => {
    const covered = lines.flatMap((line) => {
      const share = discount(line.priceItem);
      return share === undefined ? [] : [{ monthly: line.monthly, saved: line.monthly * share }];
    });
    const cents = (amount: number) => Math.round(amount * 100) / 100;
    return {
      name,
      term,
      covers: cents(covered.reduce((sum, one) => sum + one.monthly, 0)),
      saves: cents(covered.reduce((sum, one) => sum + one.saved, 0)),
      source,
    };
  });
}
