/** Follows one TCP connection: the request out, across and in, and its answer all the way back. */
import { ANY_EPHEMERAL, LINUX_EPHEMERAL } from '../../aws/ports';
import { passes, type Answer } from './acl';
import { permits } from './groups';
import type { Network, NetworkSubnet, Party } from './network';
import { dotted, within, type Ports } from './ports';
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

export function connect(network: Network, from: End, to: End, port: number): Verdict {
  const through: string[] = [];
  for (const { ok, by, ...denied } of answers(network, from, to, port)) {
    if (!ok) return { open: false, passed: through.length, by, why: 'why' in denied ? denied.why : '' };
    if (!through.includes(by)) through.push(by);
  }
  return { open: true, through };
}

/** What each border on the way says, in the order in which packets meet them; the first denial ends it. */
function answers(network: Network, from: End, to: End, port: number): Iterable<Answer> {
  if (from.id === INTERNET.id) return isParty(to) ? inwards(network, to, port) : [];
  return isParty(to) ? across(network, from as Party, to, port) : outwards(network, from as Party, port);
}

const isParty = (end: End): end is Party => 'subnet' in end;
const one = (port: number): Ports => ({ from: port, to: port });

function* across(network: Network, from: Party, to: Party, port: number): Generator<Answer> {
  const crosses = from.subnet.id !== to.subnet.id;
  yield permits(network.groupRules, from, 'out', to, port);
  yield local(network, from.subnet, to);
  if (crosses) yield passes(from.subnet.acl, 'out', to.address, one(port));
  if (crosses) yield passes(to.subnet.acl, 'in', from.address, one(port));
  yield permits(network.groupRules, to, 'in', from, port);
  yield local(network, to.subnet, from);
  if (crosses) yield answered(passes(to.subnet.acl, 'out', from.address, LINUX_EPHEMERAL));
  if (crosses) yield answered(passes(from.subnet.acl, 'in', to.address, LINUX_EPHEMERAL));
}

function* outwards(network: Network, from: Party, port: number): Generator<Answer> {
  yield permits(network.groupRules, from, 'out', INTERNET, port);
  yield passes(from.subnet.acl, 'out', INTERNET.address, one(port));
  const route = routeTo(from.subnet, INTERNET.address);
  if (route === undefined || route.target.kind === 'nowhere') yield astray(from.subnet, route);
  else if (route.target.kind === 'internet') {
    yield from.isPublic ? leads(route) : { ok: false, by: route.id, why: `${from.owner} has no public address` };
  } else {
    yield leads(route);
    yield* throughNat(network, from, route.target.gateway, port);
  }
  yield answered(passes(from.subnet.acl, 'in', INTERNET.address, LINUX_EPHEMERAL));
}

function* throughNat(network: Network, from: Party, gateway: string, port: number): Generator<Answer> {
  const nat = network.natGateways.get(gateway);
  if (nat === undefined) return yield { ok: false, by: gateway, why: 'its subnet is not in the project' };
  const { subnet } = nat;
  const crosses = subnet.id !== from.subnet.id;
  if (crosses) yield passes(subnet.acl, 'in', from.address, one(port));
  const route = routeTo(subnet, INTERNET.address);
  yield route?.target.kind === 'internet' ? leads(route) : astray(subnet, route);
  yield passes(subnet.acl, 'out', INTERNET.address, one(port));
  yield answered(passes(subnet.acl, 'in', INTERNET.address, ANY_EPHEMERAL));
  if (crosses) yield answered(passes(subnet.acl, 'out', from.address, LINUX_EPHEMERAL));
}

function* inwards(network: Network, to: Party, port: number): Generator<Answer> {
  if (!to.isPublic) return yield { ok: false, by: to.owner, why: 'it has no public address' };
  const route = routeTo(to.subnet, INTERNET.address);
  yield route?.target.kind === 'internet' ? leads(route) : astray(to.subnet, route);
  yield passes(to.subnet.acl, 'in', INTERNET.address, one(port));
  yield permits(network.groupRules, to, 'in', INTERNET, port);
  yield answered(passes(to.subnet.acl, 'out', INTERNET.address, ANY_EPHEMERAL));
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
