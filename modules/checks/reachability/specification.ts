/** What shall be open: `network.allow` by port, the way in, the way out, and people's way to a machine. Nothing else. */
import { SSH_PORT } from '../../aws/ports';
import { portsServed, type SecurityInputs } from '../../aws/security-rules';
import { entersByHttp, KUBERNETES_SEGMENT } from '../../spec/platform';
import { SERVICES } from '../../spec/services';
import { boolean, number, type ResolvedProject } from '../terraform';
import { idOf, Topology } from '../topology';
import { INTERNET, type End } from './connect';
import { CONNECT_ENDPOINT, type Network, type Party } from './network';

/** Every service that has a port in the platform, and the way that people take. */
export const NAMED: Readonly<Record<string, readonly number[]>> = { ...SERVICES, ssh: [SSH_PORT] };

/** What machines need of the internet: packages, images and AWS's own API. */
const EGRESS: readonly number[] = SERVICES.https;

const MACHINES: readonly string[] = ['aws_instance', 'aws_eks_node_group'];

export interface Specification {
  readonly allow: readonly Allowed[];
}

/** A rule of `network.allow`, with the ports on which what it permits is served; or what somebody may ask of the internet besides HTTPS. */
export interface Allowed {
  readonly from: string;
  readonly to: string;
  readonly ports: readonly number[];
}

/** The specification that a platform.yaml is. */
export const specificationOf = (platform: SecurityInputs): Specification => ({
  allow: [
    ...platform.network.allow.map(({ from, to, services }) => ({
      from,
      to,
      ports: services.flatMap((service) => portsServed(platform, to, service)),
    })),
    // The probe of the entry, where clients call it.
    ...(entersByHttp(platform.kubernetes) ? [{ from: KUBERNETES_SEGMENT, to: INTERNET.id, ports: SERVICES.http }] : []),
  ],
});

/** What is to be said of one direction and port. */
export interface Expectation {
  /** Whether somebody must get through. */
  readonly required: boolean;
  /** Who may. */
  readonly permits: (caller: End, called: End) => boolean;
}

export type Expect = (from: string, to: string, port: number) => Expectation;

const NOBODY: Expectation = { required: false, permits: () => false };

export function expectations(project: ResolvedProject, network: Network, { allow }: Specification): Expect {
  const homes = new Set(
    network.parties.filter(({ type }) => MACHINES.includes(type)).map(({ subnet }) => subnet.segment),
  );
  const entries = entryPorts(project);
  const entrances = network.parties.filter(({ owner }) => entries.has(owner));
  return (from, to, port) => {
    const allowed = allow.some((rule) => rule.from === from && rule.to === to && rule.ports.includes(port));
    if (to === INTERNET.id)
      return allowed || EGRESS.includes(port)
        ? { required: homes.has(from), permits: (caller) => isReal(caller) }
        : NOBODY;
    if (from === INTERNET.id) {
      const takes = (one: Party) => entries.get(one.owner)?.includes(port) === true;
      const required = entrances.some((one) => one.subnet.segment === to && takes(one));
      return { required, permits: (_, called) => 'owner' in called && takes(called) };
    }
    if (port === SSH_PORT) return { required: false, permits: isAdministration };
    return { required: allowed, permits: () => allowed };
  };
}

const isReal = (end: End): boolean => 'groups' in end && end.groups !== undefined;

const isAdministration = (caller: End, called: End): boolean =>
  'type' in caller && caller.type === CONNECT_ENDPOINT && 'type' in called && called.type === 'aws_instance';

/** Ports on which each load balancer that faces the internet listens, by its id. */
function entryPorts(project: ResolvedProject): Map<string, number[]> {
  const topology = Topology.of(project);
  const facing = project.ofType('aws_lb').filter(({ values }) => boolean(values.internal) !== true);
  const found = new Map(facing.map((balancer) => [idOf(balancer), [] as number[]]));
  for (const { values } of project.ofType('aws_lb_listener')) {
    const port = number(values.port);
    if (port === undefined) continue;
    for (const balancer of topology.instancesOf(values.load_balancer_arn)) found.get(idOf(balancer))?.push(port);
  }
  return found;
}
