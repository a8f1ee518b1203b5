/**
 * Makes the network of namespaces: a host each, a router between them that has a routing table for each route table of AWS,
 * NAT gateways that really translate, and an internet gateway that maps private to public addresses, with the outside behind it.
 */
import { spawn } from 'node:child_process';
import { aclFirewall, groupFirewall, lines } from './firewall';
import { OUTSIDE, ofType, type Host, type Layout } from './layout';

/** Namespaces of ours begin with this; the process that made them is in the name, so that two runs do not meet. */
const PREFIX = `cimiento-${process.pid}`;
const ROUTER = `${PREFIX}-router`;
const GATEWAY = `${PREFIX}-igw`;
export const OUTSIDE_NAMESPACE = `${PREFIX}-outside`;

/** The router's own address on every cable; the gateway's on its side. Link-local: no plan has them. */
const ROUTER_SIDE = '169.254.0.1';
const GATEWAY_SIDE = '169.254.0.2';
const GATEWAY_OUTSIDE = '203.0.113.2';

/** Of the router's tables, those of AWS's route tables begin here. */
const FIRST_TABLE = 100;
const GATEWAY_TABLE = 99;

export const namespaceOf = (layout: Layout, host: Host): string => `${PREFIX}-${layout.hosts.indexOf(host)}`;

export async function build(layout: Layout): Promise<void> {
  const { hosts } = layout;
  const port = (host: Host) => `h${hosts.indexOf(host)}`;
  const namespaces = namespacesOf(layout);
  const forwarding = [ROUTER, GATEWAY, ...hosts.filter(({ nat }) => nat).map((host) => namespaceOf(layout, host))];
  await shell(
    ...batch(
      '',
      namespaces.map((name) => `netns add ${name}`),
    ),
    // All cables end in the router, and what ends elsewhere is plugged in from there.
    ...batch(`-n ${ROUTER}`, [
      'link set lo up',
      ...hosts.flatMap((host) => cable(namespaceOf(layout, host), port(host))),
      ...cable(GATEWAY, 'igw'),
    ]),
    ...hosts.flatMap((host) => batch(`-n ${namespaceOf(layout, host)}`, ['link set lo up', ...plugged(host.address)])),
    ...batch(`-n ${GATEWAY}`, [
      'link set lo up',
      ...plugged(GATEWAY_SIDE),
      `link add out0 type veth peer name eth0 netns ${OUTSIDE_NAMESPACE}`,
      `address add ${GATEWAY_OUTSIDE}/24 dev out0`,
      'link set out0 up',
    ]),
    ...batch(`-n ${OUTSIDE_NAMESPACE}`, [
      'link set lo up',
      `address add ${OUTSIDE}/24 dev eth0`,
      'link set eth0 up',
      `route add default via ${GATEWAY_OUTSIDE}`,
    ]),
    ...forwarding.map(
      (name) =>
        `ip netns exec ${name} sysctl -qw net.ipv4.ip_forward=1 net.ipv4.conf.all.send_redirects=0 net.ipv4.conf.default.send_redirects=0`,
    ),
    ...batch(`-n ${ROUTER}`, routes(layout, port)),
    ...hosts.map((host) =>
      firewall(namespaceOf(layout, host), host.nat === undefined ? groupFirewall(layout, host) : translation(host)),
    ),
    firewall(ROUTER, aclFirewall(layout, port)),
    firewall(GATEWAY, internetGateway(hosts)),
  );
}

export const remove = (layout: Layout): Promise<void> =>
  shell(...namespacesOf(layout).map((name) => `ip netns del ${name} 2>/dev/null || true`));

const namespacesOf = (layout: Layout): string[] => [
  ROUTER,
  GATEWAY,
  OUTSIDE_NAMESPACE,
  ...layout.hosts.map((host) => namespaceOf(layout, host)),
];

/** Many commands of `ip` by one process. */
const batch = (where: string, commands: readonly string[]): string[] => [
  `ip ${where} -batch - <<'COMMANDS'`,
  ...commands,
  'COMMANDS',
];

/** At the router. */
const cable = (namespace: string, port: string): string[] => [
  `link add ${port} type veth peer name eth0 netns ${namespace}`,
  `address add ${ROUTER_SIDE}/32 dev ${port}`,
  `link set ${port} up`,
];

/** At the other end. */
const plugged = (address: string): string[] => [
  `address add ${address}/32 dev eth0`,
  'link set eth0 up',
  `route add ${ROUTER_SIDE} dev eth0`,
  `route add default via ${ROUTER_SIDE}`,
];

/** A packet's way depends on the subnet that it comes from: the table of that subnet's route table decides. */
function routes({ all, hosts }: Layout, port: (host: Host) => string): string[] {
  const tables = ofType(all, 'aws_route_table').map(({ values }) => values['id'] as string);
  const tableOf = (subnet: string) =>
    tables.indexOf(
      ofType(all, 'aws_route_table_association').find(({ values }) => values['subnet_id'] === subnet)?.values['route_table_id'] as string,
    );
  const blocks = [...ofType(all, 'aws_vpc'), ...ofType(all, 'aws_vpc_ipv4_cidr_block_association')].map(
    ({ values }) => values['cidr_block'] as string,
  );
  const add = (table: number, route: string) => `route add table ${table} ${route}`;
  const direct = (table: number, some: readonly Host[]) => some.map((host) => add(table, `${host.address} dev ${port(host)}`));
  return [
    ...tables.flatMap((id, at) => {
      const given = ofType(all, 'aws_route').filter(({ values }) => values['route_table_id'] === id);
      // A route narrower than the VPC's block wins over the local one: then hosts in it are not reached directly.
      const narrow = given.map(({ values }) => values['destination_cidr_block'] as string).filter((cidr) => blocks.some((block) => cidr !== block && inside(cidr, block)));
      const near = hosts.filter(({ address }) => !narrow.some((cidr) => inside(`${address}/32`, cidr)));
      const table = FIRST_TABLE + at;
      return [
        ...direct(table, near),
        ...blocks.map((block) => add(table, `blackhole ${block}`)),
        ...given.map(({ values }) => add(table, target(all, hosts, port, values['destination_cidr_block'] as string, values))),
        add(table, 'blackhole default metric 9999'),
      ];
    }),
    ...hosts.map((host) => `rule add iif ${port(host)} lookup ${FIRST_TABLE + tableOf(host.subnet)}`),
    ...direct(GATEWAY_TABLE, hosts),
    `rule add iif igw lookup ${GATEWAY_TABLE}`,
  ];
}

function target(all: Layout['all'], hosts: readonly Host[], port: (host: Host) => string, cidr: string, route: Record<string, unknown>): string {
  const nat = hosts.find((host) => host.nat !== undefined && host.nat === route['nat_gateway_id']);
  if (nat !== undefined) return `${cidr} via ${nat.address} dev ${port(nat)} onlink`;
  const isGateway = ofType(all, 'aws_internet_gateway').some(({ values }) => values['id'] === route['gateway_id']);
  return isGateway ? `${cidr} via ${GATEWAY_SIDE} dev igw onlink` : `blackhole ${cidr}`;
}

/** What a NAT gateway does: senders become itself. */
const translation = ({ address }: Host): string =>
  lines(
    'table ip nat {',
    'chain post {',
    'type nat hook postrouting priority 100;',
    `ip saddr != ${address} tcp dport 1-65535 masquerade`,
    '}',
    '}',
  );

/** One to one, both ways; who has no public address gets neither out nor in. */
function internetGateway(hosts: readonly Host[]): string {
  const known = hosts.filter(({ publicAddress }) => publicAddress !== undefined);
  return lines(
    'table ip nat {',
    'chain pre {',
    'type nat hook prerouting priority -100;',
    ...known.map((host) => `ip daddr ${host.publicAddress!} dnat to ${host.address}`),
    '}',
    'chain post {',
    'type nat hook postrouting priority 100;',
    ...known.map((host) => `ip saddr ${host.address} oifname "out0" snat to ${host.publicAddress!}`),
    '}',
    '}',
    'table ip border {',
    'chain forward {',
    'type filter hook forward priority 0; policy drop;',
    'ct state established,related accept',
    'ct status dnat accept',
    ...(known.length > 0 ? [`iifname "eth0" ip saddr { ${known.map(({ address }) => address).join(', ')} } accept`] : []),
    '}',
    '}',
  );
}

const firewall = (namespace: string, rules: string): string =>
  rules === '' ? ':' : `ip netns exec ${namespace} nft -f - <<'RULES'\n${rules}\nRULES`;

function inside(inner: string, outer: string): boolean {
  const read = (cidr: string): [number, number] => {
    const [base, length] = cidr.split('/') as [string, string];
    return [base.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0), Number(length)];
  };
  const [[address, longer], [base, shorter]] = [read(inner), read(outer)];
  return longer >= shorter && Math.floor(address / 2 ** (32 - shorter)) === Math.floor(base / 2 ** (32 - shorter));
}

/** One shell for all. */
function shell(...commands: readonly string[]): Promise<void> {
  const child = spawn('sh', ['-e'], { stdio: ['pipe', 'ignore', 'pipe'] });
  let complaint = '';
  child.stderr.on('data', (text: Buffer) => (complaint += text.toString()));
  child.stdin.end(`${commands.join('\n')}\n`);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => (code === 0 ? resolve() : reject(new Error(`the network cannot be built: ${complaint}`))));
  });
}
