/** Security groups and network ACLs as nftables rules: groups keep connections in mind, ACLs do not. */
import { ofType, type Host, type Layout } from './layout';
import type { Values } from './state';

/** The rules of one host's groups, for its own namespace. */
export function groupFirewall({ all, hosts }: Layout, host: Host): string {
  if (host.groups === undefined) return '';
  const chain = (hook: 'input' | 'output', kind: 'ingress' | 'egress', side: 'saddr' | 'daddr') => {
    const rules = ofType(all, `aws_vpc_security_group_${kind}_rule`)
      .filter(({ values }) => host.groups!.includes(values['security_group_id'] as string))
      .flatMap(({ values }) => {
        const members = hosts.filter(({ groups }) => groups?.includes(values['referenced_security_group_id'] as string) === true);
        const peers = values['cidr_ipv4'] ? [values['cidr_ipv4'] as string] : members.map(({ address }) => address);
        if (peers.length === 0) return [];
        const ports = match(values['ip_protocol'] as string, values['from_port'] as number, values['to_port'] as number);
        return [`ip ${side} { ${[...new Set(peers)].join(', ')} } ${ports} accept`];
      });
    return lines(
      `chain ${hook} {`,
      `type filter hook ${hook} priority 0; policy drop;`,
      'ct state established,related accept',
      ...rules,
      '}',
    );
  };
  return lines('table ip groups {', chain('input', 'ingress', 'saddr'), chain('output', 'egress', 'daddr'), '}');
}

/** Every ACL, in the router between the subnets. `port` names the router's interface to a host. */
export function aclFirewall({ all, hosts }: Layout, port: (host: Host) => string): string {
  const acls = ofType(all, 'aws_network_acl');
  const chains = acls.flatMap(({ values }, at) => [
    aclChain(all, values['id'] as string, `out_${at}`, true),
    aclChain(all, values['id'] as string, `in_${at}`, false),
  ]);
  const jumps = acls.flatMap(({ values }, at) =>
    (values['subnet_ids'] as string[]).flatMap((subnet) => {
      const ports = hosts.filter((host) => host.subnet === subnet).map((host) => `"${port(host)}"`);
      if (ports.length === 0) return [];
      const inside = `{ ${ports.join(', ')} }`;
      // Inside a subnet no ACL is asked.
      return [`iifname ${inside} oifname != ${inside} jump out_${at}`, `oifname ${inside} iifname != ${inside} jump in_${at}`];
    }),
  );
  const forward = ['chain forward {', 'type filter hook forward priority 0; policy accept;', ...jumps, '}'];
  return lines('table ip acls {', ...chains, ...forward, '}');
}

function aclChain(all: Layout['all'], acl: string, name: string, egress: boolean): string {
  const rules = ofType(all, 'aws_network_acl_rule')
    .map(({ values }) => values)
    .filter((values) => values['network_acl_id'] === acl && values['egress'] === egress)
    .sort((a, b) => (a['rule_number'] as number) - (b['rule_number'] as number))
    .map(aclRule);
  return lines(`chain ${name} {`, ...rules, 'drop', '}');
}

function aclRule(values: Values): string {
  const side = values['egress'] === true ? 'daddr' : 'saddr';
  const verdict = values['rule_action'] === 'allow' ? 'return' : 'drop';
  const ports = match(values['protocol'] as string, values['from_port'] as number, values['to_port'] as number);
  return `ip ${side} ${values['cidr_block'] as string} ${ports} ${verdict}`;
}

function match(protocol: string, from: number, to: number): string {
  if (protocol === '-1' || protocol === 'all') return '';
  if (protocol === 'icmp' || protocol === '1') return 'ip protocol icmp';
  return `${protocol === '6' ? 'tcp' : protocol} dport ${from}-${to}`;
}

export const lines = (...all: readonly string[]): string => all.join('\n');
