/** Where a price was read, when, and how far it can be trusted. */

/** `published`: read in a price list or a copy of one. `estimate`: derived here, and said so wherever it is printed. */
export type Confidence = 'published' | 'estimate';

export interface Price {
  /** The catalogue's name of what is sold, such as `ebs.gp3.gbMonth` or `ec2.m6g.large`. */
  readonly item: string;
  readonly region: string;
  readonly usd: number;
  /** `USD/GB-month`, `USD/hour` … */
  readonly unit: string;
  /** Short name of the source, the key of `SOURCES`. */
  readonly source: string;
  /** ISO date of the reading, or as near as the source says (`2024-07 .. 2026-05`). */
  readonly asOf: string;
  readonly confidence: Confidence;
  readonly note?: string;
}

/** Asked for something that this catalogue does not price: never answered with 0. */
export class NoPrice extends Error {
  constructor(
    readonly item: string,
    readonly region: string,
    readonly reason: string,
  ) {
    super(`no price of ${item} in ${region}: ${reason}`);
    this.name = 'NoPrice';
  }
}
