/**
 * IPv4 blocks as numbers. `ip-cidr` parses and contains; what it lets through is refused here: host bits (`10.0.5.7/16`), a
 * prefix with a leading zero (`/08`), and IPv6, mapped or not (`::ffff:10.0.0.0/104` would pass for one IPv4 address).
 */
import IPCIDR from 'ip-cidr';
import { Rejection } from '../rejection';

/** A block: its first address as an unsigned 32-bit integer, and its prefix length. */
export interface Cidr {
  readonly base: number;
  readonly prefix: number;
}

const DOTTED = /^\d{1,3}(\.\d{1,3}){3}\/(0|[1-9]\d?)$/;

/** Addresses in a block of this prefix length. */
export function sizeOf(prefix: number): number {
  return 2 ** (32 - prefix);
}

/** @throws Rejection naming `where` for anything that is not an IPv4 block starting at its own first address. */
export function parseCidr(text: string, where: string): Cidr {
  if (!DOTTED.test(text) || !IPCIDR.isValidCIDR(text)) {
    throw new Rejection(where, `${JSON.stringify(text)} is not an IPv4 block`, 'write it as 10.100.0.0/19');
  }
  const [address, length] = text.split('/') as [string, string];
  const base = address.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0);
  const prefix = Number(length);
  const first = base - (base % sizeOf(prefix));
  if (first !== base) {
    throw new Rejection(where, `${text} has host bits set`, `did you mean ${formatCidr({ base: first, prefix })}?`);
  }
  return { base, prefix };
}

export function formatCidr({ base, prefix }: Cidr): string {
  const octets = [24, 16, 8, 0].map((shift) => Math.floor(base / 2 ** shift) % 256);
  return `${octets.join('.')}/${prefix}`;
}

/** Whether every address of `inner` is in `outer`. */
export function contains(outer: Cidr, inner: Cidr): boolean {
  return new IPCIDR(formatCidr(outer)).contains(formatCidr(inner));
}

/** Two blocks share addresses only if one contains the other: blocks are aligned. */
export function overlap(one: Cidr, other: Cidr): boolean {
  return contains(one, other) || contains(other, one);
}

/** The block of twice the size that holds this one. */
export function widened({ base, prefix }: Cidr): Cidr {
  return { base: base - (base % sizeOf(prefix - 1)), prefix: prefix - 1 };
}

/** By address, then the larger first. */
export function byAddress(one: Cidr, other: Cidr): number {
  return one.base - other.base || one.prefix - other.prefix;
}
