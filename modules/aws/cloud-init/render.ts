/** Variables and scripts → the text of an instance's user data. */
import { gzipSync } from 'node:zlib';
import scripts from './scripts.json';

export type ScriptName = keyof typeof scripts;

/** Bytes of user data that EC2 takes, before base64 (EC2 user guide, "instance user data"). */
export const USER_DATA_LIMIT = 16 * 1024;

/** Where the node keeps its script; `systemctl restart cimiento-node` runs it again. */
const NODE_SCRIPT = '/usr/local/sbin/cimiento-node';

/** Ends the here-document that carries the node's script; no script has such a line. */
const END = 'END_OF_CIMIENTO_NODE';

/** A word that bash takes as it is. Terraform tokens survive: they hold no quote. */
function quoted(value: string): string {
  return `'${value.replaceAll("'", `'\\''`)}'`;
}

/** The program that a node runs at every boot: variables first, then the scripts, then `main`. */
export function nodeScript(names: readonly ScriptName[], variables: Readonly<Record<string, string | number>>): string {
  const assignments = Object.entries(variables).map(([name, value]) => `readonly ${name}=${quoted(String(value))}`);
  return [
    '#!/bin/bash',
    'set -Eeuo pipefail',
    // Processes started here must not hand their descriptors or secrets on.
    'umask 022',
    ...assignments,
    '',
    ...names.map((name) => scripts[name]),
    'main "$@"',
    '',
  ].join('\n');
}

/**
 * User data that installs the node's script as a service and starts it. A service and not cloud-init runs it: cloud-init
 * would run it once, whereas a node must survive a reboot, and a start at which AWS doesn't answer.
 */
export function userData(title: string, script: string): string {
  return `#!/bin/bash
# ${title}
set -euo pipefail
install -m 0700 /dev/stdin ${NODE_SCRIPT} <<'${END}'
${script}${END}
install -m 0644 /dev/stdin /etc/systemd/system/cimiento-node.service <<'${END}'
[Unit]
Description=${title}
After=network-online.target
Wants=network-online.target

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=${NODE_SCRIPT}
TimeoutStartSec=infinity
Restart=on-failure
RestartSec=15

[Install]
WantedBy=multi-user.target
${END}
systemctl daemon-reload
systemctl enable --now --no-block cimiento-node.service
`;
}

/** Bytes that the user data takes when it is handed over compressed (cloud-init unpacks gzip by itself). */
export function userDataSize(text: string): number {
  return gzipSync(text).length;
}
