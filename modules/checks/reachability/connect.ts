/** Follows one TCP connection: the request out, across and in, and its answer all the way back. */
import { ANY_EPHEMERAL, LINUX_EPHEMERAL } from '../../aws/ports';
import { passes, type Answer } from './acl';
import { permits } from './groups';
import type { Network, NetworkSubnet, Party } from './network';
import { dotted, single, within } from './ports';
import type { Route } from './routes';

/** Anybody outside: an address of TEST-NET-3 (RFC 5737), which nobody has. */
export const INTERNET = { id: 'internet', address: 0xcb007101 } as const;

export type End = Party | typeof INTERNET;

export type Verdict =
  | { readonly open: true; readonly through: readonly string[] }
  | {
      readonly open: false;
      /** How many borders let it through before: the further, the nearer to being open. */
      readonly passed: number;
      readonly by: string;
      readonly why: string;
    };

/** The way from one end to another, to be asked for one port after the other. */
export type Path = (port: number) => Verdict;

/** What a packet meets on its way, in that order. */
type Border = (port: number) => Answer;

export const connect = (network: Network, from: End, to: End, port: number): Verdict => path(network, from, to)(port);

export function path(network: Network, from: End, to: End): Path {
  const borders = bordersOf(network, from, to);
  return (port) => {
    const through: string[] = [];
    for (const border of borders) {
      const answer = border(port);
      if (!answer.ok) return { open: false, passed: through.length, by: answer.by, why: answer.why };
      if (!through.includes(answer.by)) through.push(answer.by);
    }
    return { open: true, through };
  };
}

function bordersOf(network: Network, from: End, to: End): readonly Border[] {
  if (from.id === INTERNET.id) return isParty(to) ? inwards(to) : [];
  return isParty(to) ? across(network, from as Party, to) : outwards(network, from as Party);
}

const isParty = (end: End): end is Party => 'subnet' in end;

/** What is the same for every port is asked once, and only if packets get so far. */
function once(ask: () => Answer): Border {
  let answer: Answer | undefined;
  return () => (answer ??= ask());
}

function across(network: Network, from: Party, to: Party): Border[] {
  const crosses = from.subnet.id !== to.subnet.id;
  const acls = (...borders: readonly Border[]) => (crosses ? borders : []);
  return [
    (port) => permits(from, 'out', to, port),
    once(() => local(network, from.subnet, to)),
    ...acls(leaving(from.subnet, to.address), entering(to.subnet, from.address)),
    (port) => permits(to, 'in', from, port),
    once(() => local(network, to.subnet, from)),
    ...acls(
      once(() => answered(passes(to.subnet.acl, 'out', from.address, LINUX_EPHEMERAL))),
      once(() => answered(passes(from.subnet.acl, 'in', to.address, LINUX_EPHEMERAL))),
    ),
  ];
}

function outwards(network: Network, from: Party): Border[] {
  const route = routeTo(from.subnet, INTERNET.address);
  return [
    (port) => permits(from, 'out', INTERNET, port),
    leaving(from.subnet, INTERNET.address),
    ...onwards(network, from, route),
    once(() => answered(passes(from.subnet.acl, 'in', INTERNET.address, LINUX_EPHEMERAL))),
  ];
}

function onwards(network: Network, from: Party, route: Route | undefined): Border[] {
  if (route === undefined || route.target.kind === 'nowhere') return [() => astray(from.subnet, route)];
  if (route.target.kind === 'nat') return [() => leads(route), ...throughNat(network, from, route.target.gateway)];
  const stranded: Answer = { ok: false, by: route.id, why: `${from.owner} has no public address` };
  return [() => (from.isPublic ? leads(route) : stranded)];
}

function throughNat(network: Network, from: Party, gateway: string): Border[] {
  const nat = network.natGateways.get(gateway);
  if (nat === undefined) return [() => ({ ok: false, by: gateway, why: 'its subnet is not in the project' })];
  const { subnet } = nat;
  const crosses = subnet.id !== from.subnet.id;
  return [
    ...(crosses ? [entering(subnet, from.address)] : []),
    once(() => toGateway(subnet)),
    leaving(subnet, INTERNET.address),
    once(() => answered(passes(subnet.acl, 'in', INTERNET.address, ANY_EPHEMERAL))),
    ...(crosses ? [once(() => answered(passes(subnet.acl, 'out', from.address, LINUX_EPHEMERAL)))] : []),
  ];
}

function inwards(to: Party): Border[] {
  if (!to.isPublic) return [() => ({ ok: false, by: to.owner, why: 'it has no public address' })];
  return [
    once(() => toGateway(to.subnet)),
    entering(to.subnet, INTERNET.address),
    (port) => permits(to, 'in', INTERNET, port),
    once(() => answered(passes(to.subnet.acl, 'out', INTERNET.address, ANY_EPHEMERAL))),
  ];
}

const leaving =
  ({ acl }: NetworkSubnet, other: number): Border =>
  (port) =>
    passes(acl, 'out', other, single(port));

const entering =
  ({ acl }: NetworkSubnet, other: number): Border =>
  (port) =>
    passes(acl, 'in', other, single(port));

function toGateway(subnet: NetworkSubnet): Answer {
  const route = routeTo(subnet, INTERNET.address);
  return route?.target.kind === 'internet' ? leads(route) : astray(subnet, route);
}

/** Inside a VPC packets find their way by themselves, unless a narrower route takes them elsewhere. */
function local(network: Network, subnet: NetworkSubnet, to: Party): Answer {
  if (subnet.vpc !== to.subnet.vpc) return { ok: false, by: subnet.id, why: `${to.subnet.id} is in another VPC` };
  const [block] = (network.blocks.get(subnet.vpc) ?? []).filter((cidr) => within(cidr, to.address));
  const route = routeTo(subnet, to.address);
  if (route === undefined || (block !== undefined && route.cidr.prefix <= block.prefix))
    return { ok: true, by: subnet.vpc };
  return { ok: false, by: route.id, why: `it takes ${dotted(to.address)} away from the local route` };
}

function routeTo({ routes }: NetworkSubnet, address: number): Route | undefined {
  return routes
    .filter(({ cidr }) => within(cidr, address))
    .reduce<Route | undefined>(
      (best, route) => (best && best.cidr.prefix >= route.cidr.prefix ? best : route),
      undefined,
    );
}

const leads = (route: Route): Answer => ({ ok: true, by: route.id });

function astray(subnet: NetworkSubnet, route: Route | undefined): Answer {
  if (route === undefined) return { ok: false, by: subnet.id, why: 'it has no route to the internet' };
  const where = route.target.kind === 'nowhere' ? route.target.what : `a ${route.target.kind} gateway`;
  return { ok: false, by: route.id, why: `it leads to ${where}` };
}

/** Says that it is the way back that is closed. */
const answered = (answer: Answer): Answer =>
  answer.ok ? answer : { ...answer, why: `${answer.why}, so answers are lost` };
