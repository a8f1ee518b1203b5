/** A shape that was chosen by name has a subnet for each tier and zone, none of them smaller than AWS allows. */
import { knownBlock } from '../block';
import type { Problem } from '../problems';
import { shapeBits } from '../shapes';
import type { Rule } from './rule';

/** VPC User Guide, subnet CIDR blocks: a subnet is a /28 at the smallest. */
const LONGEST_SUBNET_PREFIX = 28;

export const shapes: Rule = ({ platform: { network } }) => {
  const { segments } = network.services;
  return (['kubernetes', 'services'] as const).flatMap((name): Problem[] => {
    const path = ['network', name, 'shape'];
    const { cidr, shape } = network[name];
    const bits = shapeBits(shape);
    if (bits === undefined) return [];
    const restsOn = [
      ['network', 'zones'],
      ['network', name, 'cidr'],
      ['network', 'services', 'segments'],
    ];
    if (bits.length !== 2 * network.zones) {
      const problem = `${shape} is a shape of ${bits.length} subnets, and ${network.zones} zones have ${2 * network.zones}`;
      return [{ path, problem, fix: 'write auto to have one chosen', restsOn }];
    }
    const smallest = knownBlock(cidr).prefix + (name === 'services' ? Math.ceil(Math.log2(segments.length)) : 0);
    const longest = smallest + Math.max(...bits);
    if (longest <= LONGEST_SUBNET_PREFIX) return [];
    const problem = `${shape} makes a /${longest} of a /${smallest}, and AWS has no subnet smaller than a /28`;
    return [{ path, problem, fix: 'write auto to have one chosen', restsOn }];
  });
};
