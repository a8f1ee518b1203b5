/** The three blocks against each other, and against what AWS and the nodes' own software keep for themselves. */
import { knownBlock, nextFree, overlap, privateRange } from '../block';
import type { Block } from '../block';
import { printPath } from '../problems';
import type { Path, Problem } from '../problems';
import type { Judged, Rule } from './rule';

interface Named {
  readonly path: Path;
  readonly block: Block;
}

const KUBERNETES = ['network', 'kubernetes', 'cidr'];
const SERVICES = ['network', 'services', 'cidr'];
const SERVICE_CIDR = ['network', 'kubernetes', 'serviceCidr'];

/** "Some AWS services use the 172.17.0.0/16 CIDR range" (VPC User Guide, VPC CIDR blocks): Docker's bridge does. */
const DOCKER = knownBlock('172.17.0.0/16');
/** The same guide, IPv4 CIDR block association restrictions: with a primary in 10.0.0.0/15, none from 10.0.0.0/16. */
const LOW_TENS = knownBlock('10.0.0.0/15');
const FIRST_TENS = knownBlock('10.0.0.0/16');

export const blocks: Rule = (judged) => {
  const { network } = judged.platform;
  const kubernetes = { path: KUBERNETES, block: knownBlock(network.kubernetes.cidr) };
  const services = { path: SERVICES, block: knownBlock(network.services.cidr) };
  const serviceCidr = { path: SERVICE_CIDR, block: knownBlock(network.kubernetes.serviceCidr) };
  const all = [kubernetes, services, serviceCidr];
  const overlapping = [
    ...overlaps(judged, kubernetes, services, all),
    ...overlaps(judged, kubernetes, serviceCidr, all),
    ...overlaps(judged, services, serviceCidr, all),
  ].filter(({ path }, index, found) => found.findIndex((other) => other.path === path) === index);
  const docker = all.filter(({ block }) => overlap(block, DOCKER)).map(reserved);
  return [...overlapping, ...docker, ...(overlapping.length > 0 ? [] : association(judged, kubernetes, services))];
};

/** Reported at the later of the two that the file itself writes. */
function overlaps({ writes }: Judged, one: Named, other: Named, all: readonly Named[]): Problem[] {
  if (!overlap(one.block, other.block)) return [];
  const [moved, kept] = writes(other.path) || !writes(one.path) ? [other, one] : [one, other];
  const others = all.filter((named) => named !== moved).map((named) => named.block);
  const free = nextFree(moved.block, [...others, DOCKER]);
  return [
    {
      path: moved.path,
      problem: `${moved.block.cidr} overlaps ${printPath(kept.path)} ${kept.block.cidr}`,
      fix: free === undefined ? 'give each a block of its own' : `${free.cidr} is free`,
      restsOn: [kept.path],
    },
  ];
}

function reserved({ path, block }: Named): Problem {
  return {
    path,
    problem: `${block.cidr} overlaps 172.17.0.0/16, which Docker and some AWS services use themselves`,
    fix: `${nextFree(block, [DOCKER])?.cidr ?? '10.100.0.0/19'} does not`,
  };
}

/** The services block is the VPC's second CIDR; AWS restricts what may join the first. */
function association({ writes }: Judged, kubernetes: Named, services: Named): Problem[] {
  const path = writes(services.path) || !writes(kubernetes.path) ? services.path : kubernetes.path;
  const range = privateRange(kubernetes.block);
  const fault = (problem: string, fix: string): Problem[] => [{ path, problem, fix, restsOn: [KUBERNETES, SERVICES] }];
  if (range !== privateRange(services.block)) {
    return fault(
      `AWS refuses ${services.block.cidr} in a VPC that begins with ${kubernetes.block.cidr}`,
      `take both blocks from ${range?.cidr ?? 'one private range'}`,
    );
  }
  if (overlap(kubernetes.block, LOW_TENS) && overlap(services.block, FIRST_TENS)) {
    return fault(
      `AWS refuses a block of 10.0.0.0/16 in a VPC that begins in 10.0.0.0/15, as ${kubernetes.block.cidr} does`,
      'take the services block from 10.2.0.0 upwards',
    );
  }
  return [];
}
