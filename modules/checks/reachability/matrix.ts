/** Segment × segment × port: who reaches whom, by whose leave, and whether they should. */
import type { ResolvedProject } from '../terraform';
import { INTERNET, path, type End, type Path, type Verdict } from './connect';
import { readNetwork, type Network } from './network';
import { dotted, pieces, single, type Ports } from './ports';
import { expectations, NAMED, type Expectation, type Specification } from './specification';

export interface Cell {
  /** A segment, or `internet`. */
  readonly from: string;
  readonly to: string;
  /** What the port is for; undefined for a range that no service has. */
  readonly service?: string;
  readonly ports: Ports;
  /** Whether anybody gets through. */
  readonly open: boolean;
  /** Whether somebody must. */
  readonly expected: boolean;
  /** Who reaches whom, once for each pair of resources. */
  readonly reaches: readonly Way[];
  /** Of those, whoever may not. */
  readonly excess: readonly Way[];
  /** Who does not get through although others of the same groups and segment do: a zone is cut off. */
  readonly cutOff: readonly Way[];
  /** The way that answers for all: one that is open, or the one that got furthest; undefined where nobody is. */
  readonly example?: Way;
}

/** From one resource to another. */
export interface Way {
  readonly caller: End;
  readonly called: End;
  readonly verdict: Verdict;
}

export interface Reachability {
  readonly network: Network;
  readonly segments: readonly string[];
  /**
   * Every port of a service, and each range of others on which anything is open: where there is no cell, it is closed. Without
   * those inside a segment: there is no border to cross.
   */
  readonly cells: readonly Cell[];
  /** Whether all is as it should be. */
  readonly holds: boolean;
}

/** Who gets through from where to where: the model's word, or what packets showed. */
export type Ask = (network: Network, from: End, to: End) => Path;

/** @param ask other than the model, to hold it against */
export function reachability(project: ResolvedProject, specification: Specification, ask: Ask = path): Reachability {
  const network = readNetwork(project);
  const segments = [...new Set(network.subnets.map(({ segment }) => segment))];
  const ends = new Map<string, readonly End[]>([
    ...segments.map(
      (segment) => [segment, network.parties.filter(({ subnet }) => subnet.segment === segment)] as const,
    ),
    [INTERNET.id, [INTERNET]],
  ]);
  const expects = expectations(project, network, specification);
  const asked = portsAsked(network);
  const cells: Cell[] = [];
  for (const [from, callers] of ends)
    for (const [to, called] of ends) {
      if (from === to) continue;
      const pairs = callers.flatMap((caller) =>
        called.map((one): Pair => ({ caller, called: one, path: ask(network, caller, one) })),
      );
      for (const { service, ports } of asked) {
        const cell = cellOf(pairs, { service, ports }, expects(from, to, ports.from));
        if (service !== undefined || cell.open) cells.push({ from, to, ...(service && { service }), ports, ...cell });
      }
    }
  return { network, segments, cells, holds: cells.every(isRight) };
}

export const isRight = ({ open, expected, excess, cutOff }: Cell): boolean =>
  excess.length === 0 && cutOff.length === 0 && (open || !expected);

export interface Asked {
  readonly service?: string | undefined;
  readonly ports: Ports;
}

/**
 * Ports to be asked for, so that every one of the 65,536 is answered: those of services, and between them one for each range that
 * no group's and no ACL's rule divides.
 */
export function portsAsked({ groupRules, subnets }: Network): Asked[] {
  const acls = new Set(subnets.flatMap(({ acl }) => acl ?? []));
  const rules = [...groupRules, ...[...acls].flatMap((acl) => [...acl.in, ...acl.out])];
  const serviceOf = new Map(
    Object.entries(NAMED).flatMap(([name, ports]) => ports.map((port) => [port, name] as const)),
  );
  return pieces([...[...serviceOf.keys()].map(single), ...rules.map(({ ports }) => ports)]).map((ports) => {
    const service = serviceOf.get(ports.from);
    return { ...(service && { service }), ports };
  });
}

interface Pair {
  readonly caller: End;
  readonly called: End;
  readonly path: Path;
}

function cellOf(
  pairs: readonly Pair[],
  { service, ports }: Asked,
  { required, permits }: Expectation,
): Omit<Cell, 'from' | 'to' | 'service' | 'ports'> {
  const open: Way[] = [];
  const denied: Way[] = [];
  let furthest: Way | undefined;
  for (const { caller, called, path } of pairs) {
    // Of ranges that no service has only what is open is told, and most of them no group lets out.
    if (service === undefined && !leaves(caller, ports.from)) continue;
    // An ACL keeps no connections in mind: where nobody is at either end, what lets answers through would count as open.
    if (service === undefined && isProbe(caller) && isProbe(called)) continue;
    const verdict = path(ports.from);
    const way = { caller, called, verdict };
    if (verdict.open) open.push(way);
    else {
      if (required && permits(caller, called)) denied.push(way);
      if (furthest === undefined || verdict.passed > passedOf(furthest)) furthest = way;
    }
  }
  const roles = new Set(open.map(roleOf));
  const example = open[0] ?? furthest;
  return {
    open: open.length > 0,
    expected: required,
    reaches: once(open),
    excess: once(open.filter(({ caller, called }) => !permits(caller, called))),
    cutOff: denied.filter((way) => roles.has(roleOf(way))),
    ...(example && { example }),
  };
}

const leaves = (end: End, port: number): boolean =>
  !('rules' in end) ||
  end.rules === undefined ||
  end.rules.out.some(({ ports }) => ports.from <= port && port <= ports.to);

const isProbe = (end: End): boolean => 'owner' in end && end.groups === undefined;

const passedOf = ({ verdict }: Way): number => (verdict.open ? Infinity : verdict.passed);

/** What has the same groups in the same segment is there for the same: the members of a cluster, a machine in each zone. */
const roleOf = ({ caller, called }: Way): string =>
  [caller, called]
    .map((end) => ('groups' in end ? `${end.type} ${end.subnet.segment} ${(end.groups ?? []).join()}` : end.id))
    .join(' → ');

/** Of the same two resources, which may be in many subnets, the first way. */
function once(ways: readonly Way[]): Way[] {
  const first = new Map<string, Way>();
  for (const way of ways) {
    const key = `${ownerOf(way.caller)} → ${ownerOf(way.called)}`;
    if (!first.has(key)) first.set(key, way);
  }
  return [...first.values()];
}

export const ownerOf = (end: End): string => ('owner' in end ? end.owner : end.id);

/** `data/aws_db_instance.postgres (10.100.32.5) to …:5432` */
export const wayText = ({ caller, called }: Way, { from }: Ports): string =>
  `${named(caller)} to ${named(called)}:${from}`;

const named = (end: End): string => ('owner' in end ? `${end.owner} (${dotted(end.address)})` : end.id);
