/** What AWS takes off for a commitment, as shares of the on-demand price (data/services.json, discounts). */
import services from './data/services.json';

export interface Commitment {
  readonly name: string;
  readonly term: string;
  /** Share taken off an item's on-demand price, 0.338 for 33.8 %; undefined when the commitment does not cover it. */
  readonly discount: (priceItem: string) => number | undefined;
  /** Which rates were read, where and when, and what was assumed beyond them. */
  readonly source: string;
}

const { discounts } = services;
const compute = discounts['ec2.computeSavingsPlan.1yr.noUpfront']['m6a (us-east-1)'];
const oneYear = discounts['ec2.instanceSavingsPlan.1yr.noUpfront (= standard RI)'];
const threeYears = discounts['ec2.3yr.noUpfront (instance SP / std RI)'];
const reserved = discounts['rds.ri.postgres.db.m6g.large'];

/** `ec2.m6g.large` → `m`; undefined for what is no EC2 machine. */
const letterOf = (item: string) => /^ec2\.([cmr])/.exec(item)?.[1] as 'c' | 'm' | 'r' | undefined;
const byLetter = (rates: { c: number; m: number; r: number }) => (item: string) => {
  const letter = letterOf(item);
  return letter === undefined ? undefined : rates[letter] / 100;
};

const FAMILIES = 'applied to every family of the letter; older families are usually discounted more';

/** Savings Plans cover EC2 only; MSK and the EKS control plane have neither plan nor reservation. */
export const COMMITMENTS: readonly Commitment[] = [
  {
    name: 'Compute Savings Plan',
    term: '1 year, no upfront',
    discount: (item) => (letterOf(item) === undefined ? undefined : compute.discountPct / 100),
    source: `m6a in us-east-1: ${compute.rate}, read ${compute.asOf} (${compute.src}); ${FAMILIES}`,
  },
  {
    name: 'EC2 Instance Savings Plan',
    term: '1 year, no upfront',
    discount: byLetter({
      c: oneYear['c7g.large'].discountPct,
      m: oneYear['m7g.large'].discountPct,
      r: oneYear['r7g.large'].discountPct,
    }),
    source: `m7g, c7g, r7g in us-east-1, read 2026-08-26 (${oneYear.src}); ${FAMILIES}`,
  },
  {
    name: 'EC2 Instance Savings Plan',
    term: '3 years, no upfront',
    discount: byLetter({
      c: threeYears['c7g.large'].discountPct,
      m: threeYears['m7g.large'].discountPct,
      r: threeYears['r7g.large'].discountPct,
    }),
    source: `m7g, c7g, r7g in us-east-1, read 2026-08-26 (${threeYears.src}); ${FAMILIES}`,
  },
  {
    name: 'RDS reserved instance',
    term: '1 year, no upfront',
    discount: (item) => (item.startsWith('rds.postgres.') ? reserved['1yr noUpfront'].discountPct / 100 : undefined),
    source: `db.m6g.large for PostgreSQL in us-east-1, read 2026-10-01 (${reserved.src}); applied to every class`,
  },
];

const SPOT = discounts.spot['m7g.large meanDiscountPct'] as Readonly<Record<string, number>>;

/** Mean share that Spot took off m7g.large in a region; it moves by the hour. Undefined where none was read. */
export function spotDiscount(region: string): { readonly share: number; readonly source: string } | undefined {
  const percent = SPOT[region];
  return percent === undefined
    ? undefined
    : {
        share: percent / 100,
        source: `m7g.large in ${region}: ${percent} % off (${discounts.spot.src}), mean over zones of one snapshot`,
      };
}
