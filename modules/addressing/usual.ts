/**
 * The usual answer, for comparison: equal private subnets, equal public ones, and a spare block that nothing uses. For a /19 over
 * three zones: 3 × /21, 3 × /23, and 512 addresses stranded; for a /24 its public /28s hold no load balancer either.
 */
import { sizeOf } from './cidr';

export interface UsualPlan {
  readonly privatePrefix: number;
  readonly publicPrefix: number;
  /** Addresses in no subnet. */
  readonly stranded: number;
}

/** The largest equal private subnets that leave room beside them, and the largest equal public ones in that room. */
export function usualPlan(prefix: number, zones: number): UsualPlan {
  const privatePrefix = prefix + Math.ceil(Math.log2(zones + 1));
  const room = sizeOf(prefix) - zones * sizeOf(privatePrefix);
  const publicPrefix = 32 - Math.floor(Math.log2(room / zones));
  return { privatePrefix, publicPrefix, stranded: room - zones * sizeOf(publicPrefix) };
}
