/** Free space: what is left of a block, and how to cut it into a given number of blocks without leaving an address. */
import { byAddress, sizeOf, type Cidr } from './cidr';

/** The lower and the upper half of a block. */
function halves({ base, prefix }: Cidr): [Cidr, Cidr] {
  return [
    { base, prefix: prefix + 1 },
    { base: base + sizeOf(prefix + 1), prefix: prefix + 1 },
  ];
}

/** The largest aligned blocks that make up `whole` less `taken`, in order of address. */
export function subtract(whole: Cidr, taken: readonly Cidr[]): Cidr[] {
  const end = whole.base + sizeOf(whole.prefix);
  const inside = taken.filter((block) => block.base < end && block.base + sizeOf(block.prefix) > whole.base);
  if (inside.length === 0) return [whole];
  if (inside.some((block) => block.prefix <= whole.prefix)) return [];
  return halves(whole).flatMap((half) => subtract(half, inside));
}

/**
 * Cuts free blocks into exactly `count` blocks that leave nothing over, as even as can be: the largest is halved, again and
 * again. Of equal ones the last in the address space is halved first, so that large blocks come before small ones.
 *
 * @returns the largest first, equal ones by address; undefined when there are more free blocks than `count` (they cannot be
 *   merged), or none at all
 */
export function cut(free: readonly Cidr[], count: number): Cidr[] | undefined {
  if (free.length > count || (free.length === 0 && count > 0)) return undefined;
  const byPrefix: Cidr[][] = Array.from({ length: 34 }, () => []);
  for (const block of free) byPrefix[block.prefix]!.push(block);
  let prefix = 0;
  for (let pieces = free.length; pieces < count; pieces += 1) {
    while (byPrefix[prefix]!.length === 0) {
      prefix += 1;
      byPrefix[prefix]!.sort(byAddress);
    }
    if (prefix >= 32) return undefined;
    byPrefix[prefix + 1]!.push(...halves(byPrefix[prefix]!.pop()!));
  }
  return byPrefix.flatMap((blocks) => blocks.sort(byAddress));
}
