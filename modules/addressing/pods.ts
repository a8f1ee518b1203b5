/**
 * Pods that a subnet has addresses for under prefix delegation, where the VPC CNI takes addresses in aligned /28 blocks ("Amazon
 * EKS User Guide, assign more IP addresses to Amazon EKS nodes with prefixes": a prefix is 16 contiguous addresses, and fails when
 * the subnet has none free).
 */
import { sizeOf } from './cidr';

const PREFIX = sizeOf(28);

/**
 * Every aligned /28 but the first and the last, in which AWS keeps five addresses: what remains of these two (12 and 15) is what
 * nodes, load balancers and other single addresses use. An upper bound: a single address put elsewhere costs a whole prefix.
 *
 * @param size addresses in the subnet
 */
export function podCapacity(size: number): number {
  return Math.max(0, size / PREFIX - 2) * PREFIX;
}
