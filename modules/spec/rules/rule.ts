/** A rule looks at the whole platform and says what is wrong with it. */
import type { Facts } from '../facts';
import type { Platform } from '../platform';
import type { Path, Problem } from '../problems';

export interface Judged {
  readonly platform: Platform;
  readonly facts: Facts;
  /** Whether the file itself says something at this path, or a default speaks. */
  writes(path: Path): boolean;
}

export type Rule = (judged: Judged) => Problem[];
