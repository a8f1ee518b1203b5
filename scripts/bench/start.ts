/**
 * What `npm start` takes, and how synthesis grows with the platform. Prints what it measured and writes docs/benchmarks/start.md.
 * Run it on an idle machine with: node -r ./bin/register.js scripts/bench/start.ts
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { derive } from '../../cli/platform';
import { synthesize } from '../../cli/synth';
import { loadFacts } from '../../modules/catalog';
import { parsePlatform } from '../../modules/spec';
import { markdownTable } from '../answers/fill';

const ROOT = join(__dirname, '../..');
const FILE = join(ROOT, 'docs/benchmarks/start.md');
const TODAY = '2026-11-24';
const RUNS = 5;

interface Footprint {
  readonly wall: number;
  readonly cpu: number;
  readonly mib: number;
}

function command(arguments_: readonly string[]): Footprint[] {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  try {
    return Array.from({ length: RUNS }, () => {
      const done = spawnSync(
        'node',
        [
          '--max-semi-space-size=4',
          '-r',
          join(__dirname, 'footprint.js'),
          ...arguments_,
          '-o',
          join(folder, 'out'),
          '-r',
          join(folder, 'report.html'),
        ],
        { cwd: ROOT, stdio: ['ignore', 'ignore', 'inherit', 'pipe'], env: { ...process.env, NO_COLOR: '1' } },
      );
      return JSON.parse(String(done.output[3])) as Footprint;
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const median = (values: readonly number[]) => [...values].sort((one, other) => one - other)[values.length >> 1] ?? NaN;

/** A platform with so many segments and service nodes, in a block that holds them. */
function platformOf(segments: number) {
  const names = Array.from({ length: segments }, (_, at) => `seg-${at + 1}`);
  const prefix = 24 - Math.ceil(Math.log2(segments));
  const nodes = names.map((name, at) => `  - { name: node-${at + 1}, segment: ${name}, zone: ${'abc'[at % 3]} }`);
  const text = [
    'name: bench',
    'network:',
    '  kubernetes: { cidr: 10.100.0.0/19 }',
    `  services: { cidr: 10.101.0.0/${prefix}, segments: [${names.join(', ')}] }`,
    'nodes:',
    ...nodes,
  ].join('\n');
  return parsePlatform(text, { file: 'bench', facts: loadFacts(TODAY) });
}

async function synthesis(segments: number) {
  const inputs = derive(platformOf(segments));
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  try {
    const runs: number[] = [];
    let resources = 0;
    for (let run = 0; run < RUNS; run++) {
      const began = process.cpuUsage();
      const stacks = await synthesize(inputs, folder);
      const { user, system } = process.cpuUsage(began);
      runs.push((user + system) / 1000);
      resources = stacks.reduce((sum, stack) => sum + stack.resources, 0);
    }
    return { segments, resources, ms: Math.min(...runs) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function main() {
  const load = loadavg()[0]!.toFixed(1);
  const start = command(['bin/cimiento', 'start']);
  await synthesis(4); // loads cdktf and the bindings
  const grown = [];
  for (const segments of [4, 10, 20, 40, 86]) grown.push(await synthesis(segments));
  const [first] = grown;
  const figure = (pick: (one: Footprint) => number) => Math.round(median(start.map(pick))).toLocaleString('en-US');
  const { version } = JSON.parse(readFileSync(join(ROOT, 'node_modules/cdktf/package.json'), 'utf8')) as {
    version: string;
  };
  const text = `# npm start, and how synthesis grows

Written by \`scripts/bench/start.ts\` on ${new Date().toISOString().slice(0, 10)}: Node ${process.versions.node}, cdktf ${version}.

## npm start

Parse, plan, choose, synthesize five stacks, link, judge, price, compile who reaches whom, write the report. Warm, median of ${RUNS}
runs; targets: under 2 s and 250 MiB. Load average before them ${load} on ${availableParallelism()} cores: above ${availableParallelism()} others were at work too, wall time
is theirs as well, and processor time is an upper bound.

${markdownTable(
  ['wall, ms', 'processor, ms', 'peak memory, MiB'],
  [[figure((one) => one.wall), figure((one) => one.cpu), figure((one) => one.mib)]],
)}

## Synthesis of a larger platform

Segments and service nodes grow together; processor time of the quickest of ${RUNS} runs. Ratios are to the first row.

${markdownTable(
  ['segments', 'resources', 'resources, ratio', 'processor, ms', 'processor, ratio'],
  grown.map((one) => [
    String(one.segments),
    one.resources.toLocaleString('en-US'),
    `${(one.resources / (first?.resources ?? NaN)).toFixed(1)}×`,
    one.ms.toFixed(0),
    `${(one.ms / (first?.ms ?? NaN)).toFixed(1)}×`,
  ]),
)}

A ratio that follows that of the resources is linear growth.
`;
  writeFileSync(FILE, text);
  process.stdout.write(text);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 2;
});
