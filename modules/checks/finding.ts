/** What a check found: one shape for references, policies and capacity, so that one waiver and one report serve all. */
import type { Origin } from './terraform';

export type FindingKind = 'policy' | 'reference' | 'capacity';

/** `info` is said and fails nothing; everything else fails the run unless it is waived. */
export type Severity = 'critical' | 'high' | 'medium' | 'low' | 'info';

export const SEVERITIES: readonly Severity[] = ['critical', 'high', 'medium', 'low', 'info'];

export interface Finding {
  /** `instance.burstable`, `reference.undeclared`: the key of its row in docs/policies.md. */
  readonly id: string;
  readonly kind: FindingKind;
  readonly severity: Severity;
  readonly stack: string;
  /** `aws_instance.node["a"]`; a provider, output or stack where no resource is meant. */
  readonly address: string;
  /** `root_block_device.encrypted`; empty when the whole is meant. */
  readonly attribute: string;
  /** What is there; undefined when something is missing. */
  readonly value?: unknown;
  /** One sentence without a full stop. */
  readonly message: string;
  /** What to do about it. */
  readonly fix: string;
  /** Where the resource was written. */
  readonly origin?: Origin;
  /** The waiver's reason and last day, when it is accepted for now. */
  readonly waived?: { readonly reason: string; readonly until: string };
}
