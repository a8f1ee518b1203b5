/** A network on its way to becoming a plan. */
import type { ShapeChoice } from '../spec/platform';
import type { Cidr } from './cidr';
import type { BlockPlan, NetworkName } from './plan';

/** A network as the planner sees it: the Kubernetes network is one segment, the services network as many as are named. */
export interface Network {
  readonly name: NetworkName;
  /** Where a person finds it: `platform.yaml network.services`. */
  readonly where: string;
  readonly cidr: Cidr;
  /** The block twice as large around `cidr`, if the other network leaves room for it. */
  readonly wider?: Cidr;
  readonly segments: readonly string[];
  readonly shape: ShapeChoice;
  /** Zone ids in the order of their letters. */
  readonly zoneIds: readonly string[];
}

/** A network's blocks, and the CIDR blocks as which it is associated with the VPC. */
export interface NetworkPlan {
  readonly network: Network;
  readonly cidrs: readonly Cidr[];
  readonly blocks: readonly BlockPlan[];
}
