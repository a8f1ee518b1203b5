/** CIDRs as leaves of the file: blocks of our own, and addresses of those who may reach the API. */
import { aligned, privateRange, readCidr } from './block';
import type { Block } from './block';
import { readText, Refused } from './leaf';
import { show } from './problems';

/** IPv4, with a prefix length, without host bits. */
function ipv4Block(value: unknown, example: string, lonePrefix: number | undefined): Block {
  const text = readText(value, 'an IPv4 block', example);
  if (/^[0-9a-f:]*:[0-9a-f:.]*(\/\d+)?$/i.test(text)) {
    throw new Refused(`${show(text)} is IPv6, which the address plan does not cover`, `write it like ${example}`);
  }
  const read = readCidr(text.trim());
  if (read === undefined || text !== text.trim()) {
    throw new Refused(`${show(text)} is not an IPv4 block`, `write it like ${example}`);
  }
  if (read.prefix === undefined) {
    const fix = lonePrefix === undefined ? `write it like ${example}` : `did you mean ${text}/${lonePrefix}?`;
    throw new Refused(`${show(text)} has no prefix length`, fix);
  }
  const block = aligned(read.address, read.prefix);
  if (block.first !== read.address) throw new Refused(`${text} has host bits set`, `did you mean ${block.cidr}?`);
  return block;
}

/** A block for the VPC or for Kubernetes' services: private, and not one that software on the nodes already uses. */
export function privateBlock(longestPrefix: number, shortestPrefix: number, why: string, example: string) {
  return (value: unknown): string => {
    const block = ipv4Block(value, example, undefined);
    if (privateRange(block) === undefined) {
      const range = '10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16';
      throw new Refused(`${block.cidr} is outside the private ranges of RFC 1918`, `take a block inside ${range}`);
    }
    if (block.prefix < shortestPrefix) {
      const fix = `did you mean ${aligned(block.first, shortestPrefix).cidr}?`;
      throw new Refused(`${block.cidr} is too large: ${why}`, fix);
    }
    if (block.prefix > longestPrefix) {
      const fix = `did you mean ${aligned(block.first, longestPrefix).cidr}?`;
      throw new Refused(`${block.cidr} is too small: ${why}`, fix);
    }
    return block.cidr;
  };
}

/** Who may reach the public endpoint of the API. */
export function publicSource(value: unknown): string {
  const block = ipv4Block(value, '203.0.113.7/32', 32);
  if (block.prefix === 0) {
    throw new Refused(
      '0.0.0.0/0 opens the Kubernetes API to everybody',
      'list your own addresses, such as 203.0.113.7/32',
    );
  }
  if (privateRange(block) !== undefined) {
    throw new Refused(
      `${block.cidr} is private, and the public endpoint never sees private addresses`,
      'list the public address they leave from',
    );
  }
  return block.cidr;
}
