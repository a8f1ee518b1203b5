/** Which blocks of addresses are the internet, whole or in parts that add up to it (`0.0.0.0/1` and `128.0.0.0/1`). */

import { WIDEST_OWNED } from '../../spec';

/** Of IPv6 the registries themselves hold no more than a /12. */
const WIDEST = { 4: WIDEST_OWNED, 6: 12 } as const;
/** Unique local, link-local and multicast addresses of IPv6: wide blocks, and not the internet. */
const NOT_ROUTED = /^(f[cd]|fe[89ab]|ff)/i;

/** Whether a block is wider than anybody’s own. Bits beyond the prefix count for nothing, as AWS has it. */
export function isInternet(cidr: string): boolean {
  const [, address = '', prefix = ''] = /^\s*([\d.]+|[\da-f:]+:[\da-f:.]*)\/(\d+)\s*$/i.exec(cidr) ?? [];
  if (address === '') return false;
  if (!address.includes(':')) return Number(prefix) < WIDEST[4];
  return Number(prefix) === 0 || (Number(prefix) < WIDEST[6] && !NOT_ROUTED.test(address));
}
