/** CIDRs as leaves of the file: blocks of our own, and addresses of those who may reach the API. */
import { aligned, knownBlock, overlap, PRIVATE_RANGES, privateRange, readCidr } from './block';
import type { Block } from './block';
import { readText, Refused } from './leaf';
import { show } from './problems';

/** IPv4, with a prefix length; `judge` looks at the block that is meant before host bits are, so that what is advised is taken. */
function ipv4Block(
  value: unknown,
  example: string,
  lonePrefix: number | undefined,
  judge: (meant: Block, text: string, address: number) => void,
): Block {
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
  judge(block, text, read.address);
  if (block.first !== read.address) throw new Refused(`${text} has host bits set`, `did you mean ${block.cidr}?`);
  return block;
}

/** A block for the VPC or for Kubernetes' services: private, and not one that software on the nodes already uses. */
export function privateBlock(longestPrefix: number, shortestPrefix: number, why: string, example: string) {
  return (value: unknown): string => {
    const judge = (block: Block, text: string, address: number) => {
      const meant = aligned(address, Math.min(Math.max(block.prefix, shortestPrefix), longestPrefix));
      if (privateRange(meant) === undefined) {
        const range = '10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16';
        throw new Refused(`${text} is outside the private ranges of RFC 1918`, `take a block inside ${range}`);
      }
      if (block.prefix < shortestPrefix) {
        throw new Refused(`${text} is too large: ${why}`, `did you mean ${meant.cidr}?`);
      }
      if (block.prefix > longestPrefix) {
        throw new Refused(`${text} is too small: ${why}`, `did you mean ${meant.cidr}?`);
      }
    };
    return ipv4Block(value, example, undefined, judge).cidr;
  };
}

/** The widest block of IPv4 addresses that anybody was ever given; what is wider holds the addresses of strangers. */
export const WIDEST_OWNED = 8;

/** Never the source of a packet from the internet (RFC 6890): this network, shared, loopback, link-local, multicast and beyond. */
const NEVER_PUBLIC = ['0.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '224.0.0.0/3'].map(knownBlock);

/** Who may reach the public endpoint of the API. */
export function publicSource(value: unknown): string {
  return ipv4Block(value, '203.0.113.7/32', 32, judgeSource).cidr;
}

function judgeSource(block: Block): void {
  if (block.prefix === 0) {
    throw new Refused(
      '0.0.0.0/0 opens the Kubernetes API to everybody',
      'list your own addresses, such as 203.0.113.7/32',
    );
  }
  if (block.prefix < WIDEST_OWNED) {
    throw new Refused(
      `${block.cidr} opens the Kubernetes API to ${block.size.toLocaleString('en-US')} addresses`,
      'list your own addresses, such as 203.0.113.7/32',
    );
  }
  const range = PRIVATE_RANGES.find((one) => overlap(one, block));
  if (range !== undefined) {
    const isPrivate = privateRange(block) === undefined ? `holds ${range.cidr}, which is private` : 'is private';
    throw new Refused(
      `${block.cidr} ${isPrivate}, and the public endpoint never sees private addresses`,
      'list the public address they leave from',
    );
  }
  const never = NEVER_PUBLIC.find((range) => overlap(range, block));
  if (never !== undefined) {
    throw new Refused(
      `${block.cidr} is of ${never.cidr}, from which nothing reaches the public endpoint`,
      'list the public address they leave from',
    );
  }
}
