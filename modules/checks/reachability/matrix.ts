/** Segment × segment × service: what is open, by whose leave, and whether it should be. */
import { SSH_PORT } from '../../aws/ports';
import type { AllowRule } from '../../spec/platform';
import { SERVICES } from '../../spec/services';
import type { Finding } from '../finding';
import { boolean, number, type ResolvedProject } from '../terraform';
import { idOf, Topology } from '../topology';
import { connect, INTERNET, type End, type Verdict } from './connect';
import { readNetwork, type Network, type Party } from './network';
import { dotted } from './ports';

/** Every service that has a port in the platform, and the one way in that must cross no border at all. */
export const PROBED: Readonly<Record<string, readonly number[]>> = { ...SERVICES, ssh: [SSH_PORT] };

/** What machines need of the internet: packages, images and AWS's own API. */
const EGRESS = 'https';

export interface Specification {
  /** `network.allow` of platform.yaml. */
  readonly allow: readonly AllowRule[];
}

export interface Cell {
  /** A segment, or `internet`. */
  readonly from: string;
  readonly to: string;
  readonly service: string;
  readonly open: boolean;
  readonly expected: boolean;
  /** Ports on which at least one pair of parties is connected. */
  readonly ports: readonly number[];
  /** The pair that `by` speaks of: open, or the one that got furthest. */
  readonly example: string;
  /** What lets it through, in order; or the one resource that does not. */
  readonly by: readonly string[];
  /** Why it is closed. */
  readonly why?: string;
}

export interface Reachability {
  readonly network: Network;
  readonly segments: readonly string[];
  /** Without those inside a segment: there is no border to cross. */
  readonly cells: readonly Cell[];
}

export function reachability(project: ResolvedProject, specification: Specification): Reachability {
  const network = readNetwork(project);
  const segments = [...new Set(network.subnets.map(({ segment }) => segment))];
  const ends = new Map<string, readonly End[]>([
    ...segments.map(
      (segment) => [segment, network.parties.filter(({ subnet }) => subnet.segment === segment)] as const,
    ),
    [INTERNET.id, [INTERNET]],
  ]);
  const expects = expectations(project, network, specification);
  const cells = [...ends.keys()].flatMap((from) =>
    [...ends.keys()]
      .filter((to) => to !== from)
      .flatMap((to) =>
        Object.entries(PROBED).map(([service, ports]): Cell => ({
          from,
          to,
          service,
          expected: expects(from, to, service),
          ...judged(network, ends.get(from)!, ends.get(to)!, ports),
        })),
      ),
  );
  return { network, segments, cells };
}

/** A cell is open as soon as one party reaches one other on one port. */
function judged(
  network: Network,
  from: readonly End[],
  to: readonly End[],
  ports: readonly number[],
): Pick<Cell, 'open' | 'ports' | 'example' | 'by' | 'why'> {
  let best: { readonly verdict: Verdict; readonly example: string } | undefined;
  const open = new Set<number>();
  for (const caller of from)
    for (const called of to)
      for (const port of ports) {
        const verdict = connect(network, caller, called, port);
        if (verdict.open) open.add(port);
        if (best === undefined || nearness(verdict) > nearness(best.verdict))
          best = { verdict, example: `${named(caller)} to ${named(called)}:${port}` };
      }
  if (best === undefined) return { open: false, ports: [], example: '', by: [], why: 'nobody is there' };
  const { verdict, example } = best;
  return verdict.open
    ? { open: true, ports: [...open], example, by: verdict.through }
    : { open: false, ports: [], example, by: [verdict.by], why: verdict.why };
}

const nearness = (verdict: Verdict): number => (verdict.open ? Infinity : verdict.passed);

const named = (end: End): string => ('owner' in end ? `${end.owner} (${dotted(end.address)})` : end.id);

function expectations(project: ResolvedProject, network: Network, { allow }: Specification) {
  const inhabited = new Set(network.parties.filter(isReal).map(({ subnet }) => subnet.segment));
  const entries = entryPorts(project, network);
  return (from: string, to: string, service: string): boolean => {
    if (to === INTERNET.id) return service === EGRESS && inhabited.has(from);
    if (from === INTERNET.id) return (entries.get(to) ?? []).some((port) => PROBED[service]!.includes(port));
    return allow.some((rule) => rule.from === from && rule.to === to && rule.services.some((one) => one === service));
  };
}

const isReal = ({ groups }: Party): boolean => groups !== undefined;

/** Ports on which load balancers that face the internet listen, by segment. */
function entryPorts(project: ResolvedProject, network: Network): Map<string, number[]> {
  const topology = Topology.of(project);
  const facing = new Set(
    project
      .ofType('aws_lb')
      .filter(({ values }) => boolean(values.internal) !== true)
      .map(idOf),
  );
  const found = new Map<string, number[]>();
  for (const { values } of project.ofType('aws_lb_listener')) {
    for (const balancer of topology.instancesOf(values.load_balancer_arn).map(idOf)) {
      const segment = network.parties.find(({ owner }) => owner === balancer)?.subnet.segment;
      const port = number(values.port);
      if (!facing.has(balancer) || segment === undefined || port === undefined) continue;
      found.set(segment, [...(found.get(segment) ?? []), port]);
    }
  }
  return found;
}

/** A finding for each cell that is not as it should be. */
export function reachabilityFindings({ cells }: Reachability): Finding[] {
  return cells
    .filter(({ open, expected }) => open !== expected)
    .map(({ from, to, service, open, ports, example, by, why }): Finding => {
      const [stack = '', ...address] = (by.at(-1) ?? '').split('/');
      const pair = `${from} → ${to}, ${service}`;
      return {
        id: open ? 'reachability.open' : 'reachability.closed',
        kind: 'policy',
        severity: open ? 'critical' : 'high',
        stack,
        address: address.join('/'),
        attribute: '',
        message: open
          ? `${pair} is open on ${ports.join(', ')} and nothing allows it: ${example}, through ${by.join(', ')}`
          : `${pair} is allowed and closed: ${example}: ${why}`,
        fix: open
          ? 'close one of these, or allow the pair in network.allow of platform.yaml'
          : 'open it here, or take the pair out of network.allow of platform.yaml',
      };
    });
}
