/** The shape of an address plan: what the planner returns, the verifier checks, the network stack builds. */

export type Tier = 'public' | 'private';

export type NetworkName = 'kubernetes' | 'services';

export interface SubnetPlan {
  /** `kubernetes-private-a`, `production-public-c`: unique in the plan, stable over edits. */
  readonly name: string;
  readonly cidr: string;
  readonly tier: Tier;
  /** Index of the zone in the platform's zone list: 0 is `a`. */
  readonly zoneIndex: number;
  /** Zone id, such as `use2-az1` (ids are the same in every account, letters are not). */
  readonly zone: string;
  /** Addresses in the subnet. */
  readonly size: number;
  /** `size` less the five that AWS keeps in every subnet. */
  readonly usable: number;
}

/** One segment's block, filled with subnets to the last address. */
export interface BlockPlan {
  /** The network it was cut from: `kubernetes` or `services`. */
  readonly name: NetworkName;
  /** `kubernetes`, or the service segment's name. */
  readonly segment: string;
  readonly cidr: string;
  readonly size: number;
  readonly allocated: number;
  /** The shape's name: its extra prefix bits, sorted, such as `2,2,3,3,3,3`. */
  readonly shape: string;
  readonly subnets: readonly SubnetPlan[];
}

export interface AddressPlan {
  readonly blocks: readonly BlockPlan[];
  readonly certificate: Certificate;
}

/** What the plan claims of itself; `verify` proves each claim by other means than the planner's. */
export interface Certificate {
  readonly networks: readonly {
    readonly name: NetworkName;
    readonly cidr: string;
    /**
     * The CIDR blocks to associate with the VPC, together `cidr`. More than one only after the network was widened: AWS cannot
     * resize an associated block ("Amazon VPC User Guide, VPC CIDR blocks"), so the added part is an association of its own.
     */
    readonly cidrs: readonly string[];
    readonly size: number;
    readonly allocated: number;
    readonly subnets: number;
    /** Prefix lengths of the smallest public and the smallest private subnet. */
    readonly longestPublicPrefix: number;
    readonly longestPrivatePrefix: number;
  }[];
  /** `8,192 of 8,192 and 1,024 of 1,024 addresses allocated in 30 subnets, aligned, disjoint, contained`. */
  readonly statement: string;
}
