/** How long a thousand resources take, and how much memory: one stack, as Terraform keeps it. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { table } from '../../modules/report/table';
import { startStandIn } from './stand-in';
import type { Tally } from './tally';
import { complaint, start } from './terraform';
import { Workspace } from './workspace';

const SIZES = [250, 1000];

const PHASES: Readonly<Record<string, readonly string[]>> = {
  init: ['init'],
  validate: ['validate'],
  plan: ['plan', '-out=plan.bin'],
  apply: ['apply', 'plan.bin'],
  'plan again': ['plan', '-detailed-exitcode'],
  destroy: ['destroy', '-auto-approve'],
};

export async function rehearseScale(tally: Tally): Promise<void> {
  const rows: (string | number)[][] = [];
  for (const size of SIZES) {
    const workspace = new Workspace(`scale-${size}`);
    const folder = workspace.path('cdktf.out');
    mkdirSync(folder);
    writeFileSync(`${folder}/cdk.tf.json`, JSON.stringify(configuration(size), null, 1));
    const standIn = await startStandIn(workspace);
    let peak = 0;
    const seconds: string[] = [];
    try {
      for (const [phase, args] of Object.entries(PHASES)) {
        tally.doing(`${size} resources: ${phase}`);
        const run = start(folder, args, standIn.environment);
        const watch = setInterval(() => (peak = Math.max(peak, peakMemory(run.child.pid))), 50);
        const outcome = await run.done;
        clearInterval(watch);
        tally.record(`${size} resources: ${phase}`, outcome.code === 0, complaint(outcome.output));
        seconds.push(outcome.seconds.toFixed(1));
      }
      rows.push([size, ...seconds, Math.round(peak), Math.round(peakMemory(standIn.pid))]);
    } finally {
      await standIn.stop();
    }
  }
  const right = (head: string) => ({ head, align: 'right' as const });
  const heads = ['resources', ...Object.keys(PHASES).map((phase) => `${phase} s`), 'terraform MiB', 'stand-in MiB'];
  tally.print(table(heads.map(right), rows));
}

/** A VPC, and subnets with a security group and a rule each: as they are made, with references. */
function configuration(size: number): object {
  const each = Math.floor((size - 1) / 3);
  const named = (make: (at: number) => object) => Object.fromEntries(Array.from({ length: each }, (_, at) => [`n${at}`, make(at)]));
  const vpc_id = '${aws_vpc.main.id}';
  return {
    terraform: { required_providers: { aws: { source: 'hashicorp/aws', version: '6.25.0' } } },
    provider: { aws: [{ region: 'us-east-2' }] },
    resource: {
      aws_vpc: { main: { cidr_block: '10.0.0.0/8' }, ...extra(size - 1 - 3 * each) },
      aws_subnet: named((at) => ({ vpc_id, cidr_block: `10.${Math.floor(at / 256)}.${at % 256}.0/24` })),
      aws_security_group: named((at) => ({ vpc_id, name: `group-${at}` })),
      aws_vpc_security_group_ingress_rule: named((at) => ({
        security_group_id: `\${aws_security_group.n${at}.id}`,
        cidr_ipv4: `\${aws_subnet.n${at}.cidr_block}`,
        ip_protocol: '-1',
      })),
    },
  };
}

/** Whatever a third does not divide. */
const extra = (count: number): object =>
  Object.fromEntries(Array.from({ length: count }, (_, at) => [`extra${at}`, { cidr_block: '192.168.0.0/16', tags: { Name: String(at) } }]));

/** MiB that a process has held at most so far; 0 when it is gone. */
function peakMemory(pid: number | undefined): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}
