/** What an estimate is made of: charges as a pricer states them, and lines as a bill prints them. */
import type { Price } from '../../catalog';
import type { UsageSpec } from '../../spec/platform';

/** What money is spent for; the bill's second table is by purpose. */
export type Purpose =
  | 'Kubernetes'
  | 'Kafka'
  | 'PostgreSQL'
  | 'MongoDB'
  | 'Service nodes'
  | 'Network'
  | 'Load balancing'
  | 'Traffic'
  | 'Security'
  | 'Observability'
  | 'Storage'
  | 'Other';

/** What a resource costs whatever happens to it. */
export interface FixedCharge {
  readonly kind: 'fixed';
  /** In words: `EC2 m6g.large, on demand`. */
  readonly item: string;
  readonly price: Price;
  /** In `unit` per month: hours, GB-months, keys … */
  readonly quantity: number;
  readonly unit: string;
  /** Set when the resource does not state the quantity itself: what was taken for it, and why. */
  readonly assumed?: string;
  readonly purpose?: Purpose;
}

/** What a resource costs by use. The usage is the whole project's; resources with the same meter share it evenly. */
export interface UsageCharge {
  readonly kind: 'usage';
  readonly item: string;
  readonly price: Price;
  readonly usage: keyof UsageSpec;
  /** Quantity per unit of usage: 730 for an average that is billed by the hour. */
  readonly factor: number;
  readonly unit: string;
  /** Why this usage makes this quantity. */
  readonly reason: string;
  readonly purpose?: Purpose;
}

/** What costs nothing, and why. */
export interface FreeCharge {
  readonly kind: 'free';
  readonly item: string;
  readonly reason: string;
}

export type Charge = FixedCharge | UsageCharge | FreeCharge;

/** One line of the bill. */
export interface CostLine {
  readonly stack: string;
  readonly address: string;
  readonly purpose: Purpose;
  readonly item: string;
  /** Per month, at the likely usage. */
  readonly quantity: number;
  readonly unit: string;
  /** USD per unit. */
  readonly unitPrice: number;
  /** USD per month, in cents; `low` and `high` at the bounds of the usage. */
  readonly monthly: number;
  readonly low: number;
  readonly high: number;
  /** `assumed`: the price is known, the quantity is taken from `usage:` or from a stated default. */
  readonly basis: 'priced' | 'zero' | 'assumed';
  readonly reason: string;
  /** Key of the catalogue's sources; empty on a zero. */
  readonly source: string;
  /** When the price was read. */
  readonly asOf: string;
  /** `estimate`: derived by the catalogue from a price that was read elsewhere; never a published figure. */
  readonly confidence: 'published' | 'estimate';
  /** The catalogue's item, such as `ec2.m6g.large`; empty on a zero. */
  readonly priceItem: string;
}

/** What could not be priced: the estimate fails by it. */
export interface UnpricedItem {
  readonly stack: string;
  readonly address: string;
  readonly type: string;
  readonly attribute: string;
  readonly message: string;
  /** `stacks/data/cdk.tf.json:120` */
  readonly place: string;
}

/** Thrown by a pricer: this resource cannot be priced, because of this attribute. */
export class Unpriced extends Error {
  constructor(
    readonly attribute: string,
    message: string,
  ) {
    super(message);
    this.name = 'Unpriced';
  }
}
