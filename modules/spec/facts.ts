/**
 * What `spec` must know of the world to refuse a platform that cannot be had. The catalogue answers; spec only asks, so that
 * data keeps flowing down (spec imports no catalogue).
 */
import type { Architecture } from './platform';

/** Why a type cannot be used, or what it is. */
export type InstanceVerdict =
  | { readonly kind: 'offered'; readonly vcpu: number; readonly memoryGiB: number; readonly architecture: Architecture }
  | { readonly kind: 'burstable'; readonly why: string }
  /** Sold, but not for what this platform does with it. */
  | { readonly kind: 'unfit'; readonly why: string }
  | { readonly kind: 'not-offered'; readonly offeredIn: readonly string[] }
  | { readonly kind: 'unknown'; readonly nearest?: string };

/** Which catalogue a type is looked up in: `db.*` and `kafka.*` have their own names. */
export type InstanceService = 'ec2' | 'rds' | 'msk';

export interface RegionFact {
  readonly name: string;
  readonly northAmerica: boolean;
  /** Zone ids in which EKS can be used, in the order in which they are used. */
  readonly zoneIds: readonly string[];
  /** Zone ids that exist and that EKS refuses. */
  readonly refusedZoneIds: readonly string[];
  /** Whether prices of this region are known well enough to be printed. */
  readonly priced: boolean;
}

/** A version that can be bought, and how long without extra charge. */
export interface VersionFact {
  readonly version: string;
  /** ISO date. */
  readonly standardUntil: string;
}

export interface Facts {
  /** The day against which dates are judged, ISO. */
  readonly today: string;
  /** Every region of AWS that is known by name, North American or not. */
  readonly regions: readonly RegionFact[];
  /** Newest first. */
  readonly kubernetesVersions: readonly VersionFact[];
  readonly postgresVersions: readonly VersionFact[];
  readonly mongodbVersions: readonly VersionFact[];
  readonly kafkaVersions: readonly VersionFact[];
  /** Kafka as MSK sells it, by minor version; undefined: the same as `kafkaVersions`. */
  readonly mskVersions?: readonly VersionFact[];
  instance(service: InstanceService, type: string, region: string): InstanceVerdict;
}
