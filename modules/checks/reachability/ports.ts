/** Protocols and port ranges as rules write them, and addresses as numbers. */
import { sizeOf, type Cidr } from '../../addressing/cidr';
import { number, text, type Value } from '../terraform';

export interface Ports {
  readonly from: number;
  readonly to: number;
}

export const ALL_PORTS: Ports = { from: 0, to: 65535 };

export const single = (port: number): Ports => ({ from: port, to: port });

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

/**
 * All ports, cut wherever one of the ranges begins or ends: no rule treats two ports of one piece differently, so that one port
 * answers for its whole piece. Ascending, without gaps.
 */
export function pieces(ranges: readonly Ports[]): Ports[] {
  const within = ({ from, to }: Ports) => [Math.max(from, ALL_PORTS.from), Math.min(to, ALL_PORTS.to) + 1];
  const starts = new Set([ALL_PORTS.from, ...ranges.flatMap(within)]);
  const ascending = [...starts].filter((port) => port <= ALL_PORTS.to).sort((one, other) => one - other);
  return ascending.map((from, at) => ({ from, to: (ascending[at + 1] ?? ALL_PORTS.to + 1) - 1 }));
}

/** `5432`, `8000-8999` */
export const portText = ({ from, to }: Ports): string => (from === to ? `${from}` : `${from}-${to}`);

export const within = ({ base, prefix }: Cidr, address: number): boolean =>
  address - (address % sizeOf(prefix)) === base;

export const dotted = (address: number): string =>
  [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.');
