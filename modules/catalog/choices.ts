/** What was chosen for each part of a platform, and why: the choosers' result, read by constructs and by the report. */
import type { Architecture } from '../spec/platform';

export interface InstanceChoice {
  /** `m6g.large`; for RDS `db.m6g.large`, for MSK `kafka.m7g.large`. */
  readonly type: string;
  readonly architecture: Architecture;
  readonly vcpu: number;
  readonly memoryGiB: number;
  /** USD per hour, on demand. */
  readonly hourlyUsd: number;
  /** One sentence: `cheapest non-burstable with 2 vCPU and 8 GiB in us-east-2 (next: m7g.large, +6 %)`. */
  readonly why: string;
}

/** An availability zone as the platform uses it. */
export interface Zone {
  /** `a`, `b`, `c`: our letter, in the order of the ids; AWS's letters differ by account. */
  readonly letter: string;
  /** Zone id, such as `use2-az1`. */
  readonly id: string;
}

export interface Choices {
  readonly zones: readonly Zone[];
  readonly kubernetes: InstanceChoice;
  readonly kafka: InstanceChoice;
  readonly postgres: InstanceChoice;
  readonly mongodb: InstanceChoice;
  /** By service node name. */
  readonly nodes: Readonly<Record<string, InstanceChoice>>;
  /** Largest number of pods a node of the chosen type carries with prefix delegation. */
  readonly maxPodsPerNode: number;
}
