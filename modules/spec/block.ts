/** IPv4 blocks as the rules of the file need them: read, compare, suggest. */

export interface Block {
  readonly cidr: string;
  /** First address, as a number from 0 to 2³²−1. */
  readonly first: number;
  /** Addresses in it. */
  readonly size: number;
  readonly prefix: number;
}

const CIDR = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})(?:\/(\d{1,2}))?$/;

function dotted(address: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.');
}

export function block(first: number, prefix: number): Block {
  return { cidr: `${dotted(first)}/${prefix}`, first, size: 2 ** (32 - prefix), prefix };
}

/** `10.0.5.7/16` as written: an address and a prefix length, aligned or not; undefined when it is neither. */
export function readCidr(text: string): { readonly address: number; readonly prefix?: number } | undefined {
  const match = CIDR.exec(text);
  if (match === null) return undefined;
  const octets = match.slice(1, 5).map(Number);
  const prefix = match[5] === undefined ? undefined : Number(match[5]);
  // A leading zero is octal to some readers and decimal to others.
  if (octets.some((octet) => octet > 255) || match.slice(1, 5).some((octet) => /^0\d/.test(octet!))) return undefined;
  if (prefix !== undefined && (prefix > 32 || /^0\d/.test(match[5]!))) return undefined;
  return { address: octets.reduce((sum, octet) => sum * 256 + octet, 0), prefix };
}

/** The block of this prefix length that holds the address: what was probably meant when host bits are set. */
export function aligned(address: number, prefix: number): Block {
  const size = 2 ** (32 - prefix);
  return block(address - (address % size), prefix);
}

/** A CIDR that is known to be well formed and aligned. */
export function knownBlock(cidr: string): Block {
  const { address, prefix } = readCidr(cidr)!;
  return aligned(address, prefix!);
}

export function contains(outer: Block, inner: Block): boolean {
  return outer.first <= inner.first && inner.first + inner.size <= outer.first + outer.size;
}

export function overlap(one: Block, other: Block): boolean {
  return one.first < other.first + other.size && other.first < one.first + one.size;
}

/** RFC 1918, section 3. */
export const PRIVATE_RANGES = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'].map(knownBlock);

/** The private range that a block lies in. */
export function privateRange(one: Block): Block | undefined {
  return PRIVATE_RANGES.find((range) => contains(range, one));
}

/** The first aligned block of the same size, in the same private range and after `one`, that meets none of the taken. */
export function nextFree(one: Block, taken: readonly Block[]): Block | undefined {
  const range = privateRange(one);
  if (range === undefined) return undefined;
  for (let first = one.first; first + one.size <= range.first + range.size; first += one.size) {
    const candidate = block(first, one.prefix);
    if (!taken.some((other) => overlap(candidate, other))) return candidate;
  }
  return undefined;
}
