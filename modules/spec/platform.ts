/**
 * `Platform`: platform.yaml after parsing, complete and normalised. Every default is filled in, every size is a number in
 * the unit its name says, every reference (segment, zone, service) is known to exist.
 */
import type { ServiceName } from './services';

/** How the platform trades money for work: see docs/adr. `cheapest-durable` loses no data with a zone. */
export type Profile = 'cheapest-durable' | 'managed';

/** Where Terraform keeps its state: in .state/ beside the project, or in a bucket that the `state` stack makes. */
export type StateBackend = { readonly kind: 'local' } | { readonly kind: 's3'; readonly bucket: string };

/** The name of the one segment of the Kubernetes block; service segments bear the names given in platform.yaml. */
export const KUBERNETES_SEGMENT = 'kubernetes';

/** A permitted direction of traffic between segments; whatever no rule permits is denied. */
export interface AllowRule {
  /** A segment's name, or `kubernetes`. */
  readonly from: string;
  readonly to: string;
  readonly services: readonly ServiceName[];
}

/** One of the five ways six subnets fill a block without a gap, by name; `auto` chooses by the stated rules. */
export type ShapeChoice = string;

export interface NetworkSpec {
  /** Availability zones to spread over: 3 to 6. */
  readonly zones: number;
  /** Zone ids, `zones` of them, when the file names them; undefined: the catalogue takes the first that offer every type. */
  readonly zoneIds?: readonly string[];
  readonly kubernetes: { readonly cidr: string; readonly serviceCidr: string; readonly shape: ShapeChoice };
  readonly services: { readonly cidr: string; readonly segments: readonly string[]; readonly shape: ShapeChoice };
  readonly egress: 'single-nat' | 'nat-per-zone';
  readonly allow: readonly AllowRule[];
}

export type Architecture = 'arm64' | 'x86_64';

/** What a machine must have at least; a chooser finds the cheapest non-burstable type that does. */
export interface InstanceRequirement {
  readonly vcpu: number;
  readonly memoryGiB: number;
  /** Undefined: whichever is cheaper. */
  readonly architecture?: Architecture;
  /** A type pinned by the user, such as `m7g.large`; checked against the catalogue. */
  readonly instance?: string;
}

export type VolumeType = 'gp2' | 'gp3';

export interface KubernetesSpec {
  readonly version: string;
  readonly nodes: InstanceRequirement & { readonly count: number; readonly diskGiB: number };
  /** CIDRs that may reach the public API endpoint; empty keeps it private. */
  readonly api: { readonly publicFrom: readonly string[] };
  /** The way in. Without the ARN of an ACM certificate it speaks plain HTTP, since a certificate needs a domain. */
  readonly entry: { readonly certificate?: string };
  /** IAM principal ARNs with cluster-admin by access entry. */
  readonly admins: readonly string[];
}

/** Whether clients enter by HTTP, for want of a certificate. */
export const entersByHttp = ({ entry }: Pick<KubernetesSpec, 'entry'>): boolean => entry.certificate === undefined;

export interface KafkaSpec extends InstanceRequirement {
  /** `ec2`: three KRaft nodes of our own; `msk`: Amazon MSK. Follows the profile unless set. */
  readonly engine: 'ec2' | 'msk';
  readonly version: string;
  readonly nodes: number;
  readonly diskGiB: number;
}

export interface PostgresSpec extends InstanceRequirement {
  readonly version: number;
  readonly diskGiB: number;
  readonly multiAz: boolean;
  readonly backupDays: number;
}

export interface MongodbSpec extends InstanceRequirement {
  readonly version: string;
  readonly nodes: number;
  readonly diskGiB: number;
}

/** An EC2 node that holds services (brief 2.5). */
export interface ServiceNodeSpec extends InstanceRequirement {
  readonly name: string;
  readonly segment: string;
  /** Index into the platform's zones: `zone: a` is 0. */
  readonly zone: number;
  readonly diskGiB: number;
}

/** A usage that no resource states, per month, with the bounds that the estimate's range is made of. */
export interface UsageRange {
  readonly low: number;
  readonly likely: number;
  readonly high: number;
}

/** Monthly usage; the unit is in each name. `basis` of every one of these in the estimate is "assumed". */
export interface UsageSpec {
  /** GB through NAT gateways. */
  readonly natGb: UsageRange;
  /** GB that producers write to Kafka, before replication. */
  readonly producedGb: UsageRange;
  /** GB to the internet. */
  readonly egressGb: UsageRange;
  /** GB between zones other than Kafka's replication (each is billed in both directions). */
  readonly interZoneGb: UsageRange;
  /** GB of logs ingested by CloudWatch. */
  readonly logsGb: UsageRange;
  /** Average load balancer capacity units. */
  readonly lcu: UsageRange;
  /** GB of snapshots and backups beyond what is free. */
  readonly snapshotGb: UsageRange;
}

/** A finding that is accepted for a while: with a reason, until a date, never for ever. */
export interface Waiver {
  /** The policy's id, such as `encryption.ebs`. */
  readonly id: string;
  /** A resource address or a pattern with `*`; undefined waives the policy everywhere. */
  readonly address?: string;
  readonly reason: string;
  /** ISO date after which the waiver no longer counts. */
  readonly until: string;
}

export interface Platform {
  readonly name: string;
  readonly region: string;
  readonly profile: Profile;
  readonly state: StateBackend;
  readonly network: NetworkSpec;
  /** What block volumes are made of; gp2 only for comparison. */
  readonly volumes: VolumeType;
  readonly kubernetes: KubernetesSpec;
  readonly kafka: KafkaSpec;
  readonly postgres: PostgresSpec;
  readonly mongodb: MongodbSpec;
  readonly nodes: readonly ServiceNodeSpec[];
  readonly gitops: { readonly repository: string; readonly revision: string; readonly images: string };
  readonly usage: UsageSpec;
  /** Monthly budget alarm in USD; undefined makes none. */
  readonly budget?: { readonly monthlyUsd: number; readonly email: string };
  /** Added to every resource that can be tagged. */
  readonly tags: Readonly<Record<string, string>>;
  readonly waivers: readonly Waiver[];
}
