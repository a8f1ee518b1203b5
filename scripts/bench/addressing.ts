/**
 * How the planner and the verifier grow: a /8 into up to 4,096 segments of six subnets. Prints what it measured and writes
 * docs/benchmarks/addressing.md. Run it with: node -r ./bin/register.js scripts/bench/addressing.ts
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { planAddresses, verify, type AddressPlan } from '../../modules/addressing';

const FILE = join(__dirname, '../../docs/benchmarks/addressing.md');
const SEGMENTS = [256, 512, 1024, 2048, 4096];
const RUNS = 25;

interface Measurement {
  readonly segments: number;
  readonly subnets: number;
  readonly allocated: number;
  /** The quickest of the runs, in milliseconds: what others do on the machine only adds. */
  readonly plan: number;
  readonly verify: number;
}

const planOf = (segments: number): AddressPlan =>
  planAddresses({
    kubernetes: { cidr: '172.16.0.0/19', shape: 'auto' },
    services: { cidr: '10.0.0.0/8', segments: Array.from({ length: segments }, (_, at) => `s${at}`), shape: 'auto' },
    zoneIds: ['use2-az1', 'use2-az2', 'use2-az3'],
  });

function quickest(work: () => void): number {
  const times = Array.from({ length: RUNS }, () => {
    const start = performance.now();
    work();
    return performance.now() - start;
  });
  return Math.min(...times);
}

function measure(segments: number): Measurement {
  const plan = planOf(segments);
  const defects = verify(plan);
  if (defects.length > 0) throw new Error(defects[0]);
  const { subnets, allocated } = plan.certificate.networks[1]!;
  return { segments, subnets, allocated, plan: quickest(() => planOf(segments)), verify: quickest(() => verify(plan)) };
}

measure(4096); // The first run compiles.
const started = performance.now();
const first = planOf(4096);
const once = performance.now() - started;
const measured = SEGMENTS.map(measure);
const [base] = measured as [Measurement, ...Measurement[]];
const ratio = (value: number) => value.toFixed(1);
const rows = measured.map((one) => {
  const more = one.segments / base.segments;
  return `| ${[
    one.segments.toLocaleString('en-US'),
    one.subnets.toLocaleString('en-US'),
    `${more}×`,
    `${ratio(one.plan / base.plan)}×`,
    `${ratio(one.verify / base.verify)}×`,
    one.plan.toFixed(1),
    one.verify.toFixed(1),
  ].join(' | ')} |`;
});

const text = `# Addressing: how it grows

Written by \`scripts/bench/addressing.ts\` on ${new Date().toISOString().slice(0, 10)}, Node ${process.versions.node}, ${process.platform} ${process.arch}. A /8 (${base.allocated.toLocaleString('en-US')} addresses, all
allocated in every row) is cut into segments of three public and three private subnets, then proved by \`verify\`. The quickest of
${RUNS} runs; ratios are to the first row and carry over to other machines, milliseconds do not.

| segments | subnets | segments, ratio | plan, ratio | verify, ratio | plan, ms | verify, ms |
|---:|---:|---:|---:|---:|---:|---:|
${rows.join('\n')}

A ratio that follows that of the segments is linear growth. One warm plan of 4,096 segments (${((first.blocks.length - 1) * 6).toLocaleString('en-US')} subnets) once: ${once.toFixed(0)} ms;
resident memory of the whole run: ${Math.round(process.memoryUsage().rss / 2 ** 20)} MiB.
`;
writeFileSync(FILE, text);
process.stdout.write(text);
