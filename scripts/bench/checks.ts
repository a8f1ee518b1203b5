/**
 * How the checks grow: up to 10,000 resources read, linked, judged and priced. Prints what it measured and writes
 * docs/benchmarks/checks.md. Run it with: node -r ./bin/register.js scripts/bench/checks.ts
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadPlatform, today } from '../../cli/platform';
import { schemasInUse } from '../../cli/provider-schema';
import { synthesizePlatform } from '../../cli/synth';
import { checkCapacity } from '../../modules/checks/capacity';
import { estimate } from '../../modules/checks/cost';
import { checkPolicies } from '../../modules/checks/policy';
import { checkReferences } from '../../modules/checks/references';
import { loadTerraform, resolveWith, templatesOf } from '../../modules/checks/terraform';
import { parseTemplates } from '../../modules/checks/terraform/parse';

const FILE = join(__dirname, '../../docs/benchmarks/checks.md');
const RUNS = 5;
const SIZES = [625, 1250, 2500, 5000, 10_000];
const PHASES = ['load', 'expressions', 'resolve', 'references', 'policy', 'capacity', 'cost'] as const;
type Laps = Record<(typeof PHASES)[number], number>;

/** One stack: machines with volumes, addresses, groups and rules, each of which refers to others; two references a resource. */
function oneStack(size: number): Map<string, string> {
  const units = Math.ceil(size / 10);
  const resource: Record<string, Record<string, unknown>> = {};
  const add = (type: string, name: string, body: unknown) => ((resource[type] ??= {})[name] = body);
  add('aws_vpc', 'main', { cidr_block: '10.0.0.0/8' });
  for (let i = 0; i < units; i++) {
    const subnet = `\${aws_subnet.s${i}.id}`;
    const group = `\${aws_security_group.g${i}.id}`;
    add('aws_subnet', `s${i}`, {
      vpc_id: '${aws_vpc.main.id}',
      cidr_block: `10.${i >> 8}.${i & 255}.0/24`,
      availability_zone_id: `use2-az${(i % 3) + 1}`,
    });
    add('aws_security_group', `g${i}`, { name: `g${i}`, vpc_id: '${aws_vpc.main.id}' });
    add('aws_vpc_security_group_ingress_rule', `in${i}`, {
      security_group_id: group,
      referenced_security_group_id: group,
      ip_protocol: 'tcp',
      from_port: 443,
      to_port: 443,
    });
    add('aws_vpc_security_group_egress_rule', `out${i}`, {
      security_group_id: group,
      cidr_ipv4: '0.0.0.0/0',
      ip_protocol: 'tcp',
      from_port: 443,
      to_port: 443,
    });
    add('aws_network_interface', `n${i}`, { subnet_id: subnet, security_groups: [group] });
    add('aws_instance', `i${i}`, {
      ami: 'ami-1',
      instance_type: 'm6g.large',
      primary_network_interface: { network_interface_id: `\${aws_network_interface.n${i}.id}` },
      root_block_device: { encrypted: true, volume_size: 20, volume_type: 'gp3' },
      metadata_options: { http_tokens: 'required' },
    });
    add('aws_ebs_volume', `v${i}`, {
      availability_zone: `\${aws_subnet.s${i}.availability_zone}`,
      size: 100,
      type: 'gp3',
      encrypted: true,
    });
    add('aws_volume_attachment', `a${i}`, {
      device_name: '/dev/sdf',
      instance_id: `\${aws_instance.i${i}.id}`,
      volume_id: `\${aws_ebs_volume.v${i}.id}`,
    });
    add('aws_route53_record', `r${i}`, {
      zone_id: '${aws_route53_zone.z.zone_id}',
      name: `n${i}.example.internal`,
      type: 'A',
      ttl: 60,
      records: [`\${aws_network_interface.n${i}.private_ip}`],
    });
    add('aws_cloudwatch_log_group', `l${i}`, {
      name: `/n/${i}`,
      retention_in_days: 30,
      tags: { Machine: `\${aws_instance.i${i}.arn}` },
    });
  }
  add('aws_route53_zone', 'z', { name: 'example.internal', vpc: { vpc_id: '${aws_vpc.main.id}' } });
  const provider = { aws: [{ region: 'us-east-2', default_tags: [{ tags: { project: 'bench' } }] }] };
  return new Map([['stacks/main/cdk.tf.json', JSON.stringify({ provider, resource }, null, 2)]]);
}

/** The real platform, many times over: five stacks each, which read each other's outputs. */
function manyPlatforms(files: ReadonlyMap<string, string>, each: number, size: number): Map<string, string> {
  const copies = Math.ceil(size / each);
  const all = new Map<string, string>();
  for (let i = 0; i < copies; i++) {
    for (const [path, text] of files) {
      if (path === 'manifest.json') continue;
      all.set(path.replace('stacks/', `stacks/${i}-`), text.replaceAll('/.state/', `/.state/${i}-`));
    }
  }
  return all;
}

async function measure(
  files: ReadonlyMap<string, string>,
): Promise<{ laps: Laps; resources: number; findings: number }> {
  const { usage } = loadPlatform().inputs.platform;
  const laps = Object.fromEntries(PHASES.map((phase) => [phase, 0])) as Laps;
  let started = cpu();
  const lap = (phase: keyof Laps) => {
    laps[phase] = cpu() - started;
    started = cpu();
  };
  const project = loadTerraform(files);
  lap('load');
  const templates = await parseTemplates(templatesOf(project));
  lap('expressions');
  const resolved = resolveWith(project, templates);
  lap('resolve');
  const { schemas, typesOf } = schemasInUse(project);
  started = cpu();
  const findings = checkReferences({ resolved, templates, schemas, typesOf });
  lap('references');
  findings.push(...checkPolicies(resolved, { today: today(), schemas }));
  lap('policy');
  findings.push(...checkCapacity(resolved));
  lap('capacity');
  estimate(resolved, { usage, today: today() });
  lap('cost');
  return { laps, resources: resolved.instances.length, findings: findings.length };
}

/** Milliseconds of processor time: what others do on the machine does not count. */
const cpu = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

const total = (laps: Laps): number => Object.values(laps).reduce((sum, one) => sum + one, 0);

interface Row {
  readonly resources: number;
  readonly laps: Laps;
}

async function series(name: string, make: (size: number) => Map<string, string>): Promise<Row[]> {
  const rows: Row[] = [];
  for (const size of SIZES) {
    const files = make(size);
    const runs = [];
    for (let i = 0; i < RUNS; i++) runs.push(await measure(files));
    const best = runs.reduce((one, other) => (total(other.laps) < total(one.laps) ? other : one));
    rows.push(best);
    process.stderr.write(
      `${name}: ${best.resources} resources, ${Math.round(total(best.laps))} ms ${JSON.stringify(best.laps, (_, v: unknown) => (typeof v === 'number' ? Math.round(v) : v))}\n`,
    );
  }
  return rows;
}

function tableOf(rows: readonly Row[]): string {
  const [base] = rows as [Row, ...Row[]];
  const head = ['resources', 'ratio', 'all, ratio', 'all, ms', ...PHASES];
  const lines = rows.map(({ resources, laps }) =>
    [
      resources.toLocaleString('en-US'),
      `${(resources / base.resources).toFixed(1)}×`,
      `${(total(laps) / total(base.laps)).toFixed(1)}×`,
      Math.round(total(laps)).toLocaleString('en-US'),
      ...PHASES.map((phase) => Math.round(laps[phase]).toLocaleString('en-US')),
    ].join(' | '),
  );
  return [
    `| ${head.join(' | ')} |`,
    `|${head.map(() => '---:').join('|')}|`,
    ...lines.map((line) => `| ${line} |`),
  ].join('\n');
}

async function main(): Promise<void> {
  const platform = await synthesizePlatform(loadPlatform().inputs.platform);
  const each = (await measure(platform)).resources; // The first run compiles, and starts the HCL parser.
  const one = await series('one stack', oneStack);
  const many = await series('many platforms', (size) => manyPlatforms(platform, each, size));
  writeFileSync(
    FILE,
    `# Checks: how they grow

Written by \`scripts/bench/checks.ts\` on ${today()}, Node ${process.versions.node}, ${process.platform} ${process.arch}. Read, linked, held to
policy, counted and priced; milliseconds of processor time (garbage collection included), the quickest of ${RUNS} runs, provider
schemas and the HCL parser loaded before. Ratios are to the first row and carry over to other machines, milliseconds do not.

## One stack

Machines, volumes, interfaces, groups, rules, names: every resource refers to others, 1.4 references each, no expression twice.

${tableOf(one)}

## The platform many times over

Five stacks a platform, which read each other's outputs through remote state; its start scripts are among the expressions.

${tableOf(many)}

A ratio that follows that of the resources is linear growth. Resident memory of the whole run: ${Math.round(process.memoryUsage().rss / 2 ** 20)} MiB.
`,
  );
}

main().then(
  // The HCL parser's Go runtime would keep the process for two more seconds.
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    process.exit(1);
  },
);
