/** Protocols and port ranges as rules write them, and addresses as numbers. */
import { sizeOf, type Cidr } from '../../addressing/cidr';
import { number, text, type Value } from '../terraform';

export interface Ports {
  readonly from: number;
  readonly to: number;
}

export const ALL_PORTS: Ports = { from: 0, to: 65535 };

/** The TCP ports of a rule; undefined when it is about another protocol. `-1` and `all` are every protocol. */
export function tcpPorts(
  protocol: Value | undefined,
  from: Value | undefined,
  to: Value | undefined,
): Ports | undefined {
  const name = text(protocol)?.toLowerCase();
  if (name === '-1' || name === 'all') return ALL_PORTS;
  if (name !== 'tcp' && name !== '6') return undefined;
  return { from: number(from) ?? 0, to: number(to) ?? 65535 };
}

export const within = ({ base, prefix }: Cidr, address: number): boolean =>
  address - (address % sizeOf(prefix)) === base;

export const dotted = (address: number): string =>
  [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.');
