/** The figures and tables of docs/answers/2-infrastructure, from the plan and the estimate of the committed platform.yaml. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { synthesizedFiles, synthesizePlatform } from '../../cli/synth';
import { gitopsManifests } from '../../cli/gitops-manifests';
import { loadPlatform } from '../../cli/platform';
import { judgeShapes, shapeName, usualPlan } from '../../modules/addressing';
import { generations } from '../../modules/catalog';
import {
  commitmentShares,
  compare,
  kafkaCrossover,
  natCrossover,
  operationalSavings,
  proveOptimal,
} from '../../modules/checks/cost';
import { loadTerraform } from '../../modules/checks/terraform';
import { usd } from '../../modules/report/bill';
import { fill, markdownTable } from './fill';
import { rateInSpanish, spanish, spanishNumbers, word, type Language } from './infrastructure-words';

const ROOT = join(__dirname, '../..');

/** The day of the answer: support dates are judged by it, so that the document does not age by itself. */
const ANSWERED_ON = '2026-11-24';

const signed = (amount: number) => `${amount > 0 ? '+' : amount < 0 ? '−' : ''}${usd(Math.abs(amount))}`;
const percent = (share: number) => `${(100 * share).toFixed(1)} %`;

/** Everything is computed once for both languages. */
async function compute() {
  const { inputs } = loadPlatform({ platform: join(ROOT, 'platform.yaml') });
  const { platform } = inputs;
  const { base, alternatives } = await compare(
    platform,
    synthesizePlatform,
    ANSWERED_ON,
    () => undefined,
    gitopsManifests(),
  );
  return {
    inputs,
    base,
    alternatives,
    operations: operationalSavings(platform, base.lines),
    optimality: await proveOptimal(platform, synthesizePlatform, ANSWERED_ON, () => undefined),
    kafka: await kafkaCrossover(platform, synthesizePlatform, ANSWERED_ON),
    nat: await natCrossover(platform, synthesizePlatform, ANSWERED_ON),
    resources: loadTerraform(await synthesizedFiles(inputs)).stacks.reduce((sum, one) => sum + one.resources.length, 0),
  };
}

let computed: ReturnType<typeof compute> | undefined;

type Computed = Awaited<ReturnType<typeof compute>>;

export async function infrastructureAnswer(language: Language): Promise<string> {
  const path = language === 'es' ? 'docs/answers/2-infrastructure.es.md' : 'docs/answers/2-infrastructure.md';
  const facts = await (computed ??= compute());
  const said = Object.entries(figures(facts, language)).map(
    ([name, text]) => [name, language === 'es' ? spanishNumbers(text) : text] as const,
  );
  return fill(readFileSync(join(ROOT, path), 'utf8'), Object.fromEntries(said), path);
}

function figures(facts: Computed, language: Language): Record<string, string> {
  const { inputs, base, optimality, kafka, nat, alternatives } = facts;
  const { platform, plan, choices } = inputs;
  const delta = (id: string) => usd(Math.abs(alternatives.find((one) => one.id === id)?.delta ?? NaN));
  const networks = plan.certificate.networks;
  const usual = (cidr: string) => usualPlan(Number(cidr.split('/')[1]), choices.zones.length);
  const whole = (amount: number) => amount.toLocaleString('en-US');
  return {
    region: platform.region,
    zones: choices.zones.map((zone) => zone.id).join(', '),
    resources: String(facts.resources),
    monthly: usd(base.monthly.likely),
    yearly: usd(base.yearly.likely),
    low: usd(base.monthly.low),
    high: usd(base.monthly.high),
    'prices-from': base.oldestPriceReadOn,
    'prices-to': base.pricesReadOn,
    'kubernetes-size': whole(networks.find((one) => one.name === 'kubernetes')?.allocated ?? 0),
    'services-size': whole(networks.find((one) => one.name === 'services')?.allocated ?? 0),
    'usual-stranded': whole(usual(platform.network.kubernetes.cidr).stranded),
    'usual-services-stranded': whole(
      4 * usual(plan.blocks.find((one) => one.name === 'services')?.cidr ?? '').stranded,
    ),
    'pods-per-node': String(choices.maxPodsPerNode),
    enumerated: whole(optimality.enumerated),
    durable: whole(optimality.durable),
    cheaper: String(optimality.cheaper.length),
    durability: usd(optimality.chosen.monthly - optimality.cheapestOfAll.monthly),
    'msk-more': delta('managed'),
    'msk-crossover': whole(kafka.at ?? NaN),
    'nat-more': delta('nat-per-zone'),
    'nat-crossover': whole(nat.at ?? NaN),
    'naive-more': delta('naive'),
    'extended-more': delta('extended-support'),
    addresses: addresses(facts, language),
    'shapes-kubernetes': shapesTable(facts, 'kubernetes', language),
    'shapes-services': shapesTable(facts, 'services', language),
    machines: machines(facts, language),
    generations: generationTable(facts, language),
    estimate: estimateTable(facts, language),
    assumptions: assumptions(facts, language),
    alternatives: alternativesTable(facts, language),
    commitments: commitments(facts, language),
  };
}

function addresses({ inputs }: Computed, language: Language): string {
  const w = (key: Parameters<typeof word>[0]) => word(key, language);
  return markdownTable(
    [w('segment'), w('block'), w('tier'), w('subnet'), w('zone'), w('size'), w('usable')],
    inputs.plan.blocks.flatMap((block) =>
      block.subnets.map((one) => [
        block.segment,
        `\`${block.cidr}\``,
        w(one.tier),
        `\`${one.cidr}\``,
        one.zone,
        one.size.toLocaleString('en-US'),
        one.usable.toLocaleString('en-US'),
      ]),
    ),
  );
}

function shapesTable({ inputs }: Computed, network: 'kubernetes' | 'services', language: Language): string {
  const block = inputs.plan.blocks.find((one) => one.name === network);
  const prefix = Number(block?.cidr.split('/')[1]);
  const subnets = (bits: readonly number[]) => bits.map((extra) => `/${prefix + extra}`).join(' ');
  return markdownTable(
    [word('shape', language), word('private', language), word('public', language), word('verdict', language)],
    judgeShapes(prefix, inputs.choices.zones.length).map(({ arrangement, refusal }) => [
      `{${shapeName(arrangement.shape)}}`,
      subnets(arrangement.bits.private),
      subnets(arrangement.bits.public),
      shapeName(arrangement.shape) === block?.shape
        ? word('chosen', language)
        : refusal === undefined
          ? word('possible', language)
          : language === 'en'
            ? refusal
            : inSpanish(refusal),
    ]),
  );
}

/** The planner's refusals, word by word. */
function inSpanish(refusal: string): string {
  const known: [RegExp, string][] = [
    [/^a \/(\d+) is smaller than AWS allows \(\/28\)$/, 'un /$1 es menor de lo que AWS admite (/28)'],
    [/^(\d+) public \/27, and a load balancer needs two$/, '$1 públicas /27, y un balanceador necesita dos'],
    [
      /^(\d+) of (\d+) public subnets hold a load balancer \(\/27\)$/,
      'solo $1 de $2 públicas admiten un balanceador (/27)',
    ],
  ];
  const found = known.find(([pattern]) => pattern.test(refusal));
  if (found === undefined) throw new Error(`no Spanish for the refusal "${refusal}"`);
  return refusal.replace(found[0], found[1]);
}

function machines({ inputs }: Computed, language: Language): string {
  const { platform, choices } = inputs;
  const rows: [string, number, { type: string; hourlyUsd: number }][] = [
    ['Kubernetes', platform.kubernetes.nodes.count, choices.kubernetes],
    ['Kafka', platform.kafka.nodes, choices.kafka],
    ['PostgreSQL (RDS)', platform.postgres.multiAz ? 2 : 1, choices.postgres],
    ['MongoDB', platform.mongodb.nodes, choices.mongodb],
    ...Object.entries(choices.nodes).map(([name, choice]): [string, number, typeof choice] => [name, 1, choice]),
  ];
  return markdownTable(
    [word('part', language), word('count', language), word('type', language), word('hourly', language)],
    rows.map(([part, count, { type, hourlyUsd }]) => [part, String(count), `\`${type}\``, String(hourlyUsd)]),
  );
}

function generationTable({ inputs }: Computed, language: Language): string {
  const { platform } = inputs;
  const w = (key: Parameters<typeof word>[0]) => word(key, language);
  return markdownTable(
    [w('generation'), w('type'), w('architecture'), w('hourly'), w('monthly'), w('over')],
    generations(platform.kubernetes.nodes, platform.region, 'ec2', platform.network.zones).map((row) => [
      String(row.generation),
      `\`${row.name}\``,
      row.type.architecture,
      String(row.hourly.usd),
      usd(row.monthlyUsd),
      percent(row.overCheapest),
    ]),
  );
}

function estimateTable({ base }: Computed, language: Language): string {
  const sums = new Map<string, number>();
  for (const line of base.lines) sums.set(line.purpose, (sums.get(line.purpose) ?? 0) + line.monthly);
  const rows = [...sums].filter(([, sum]) => sum > 0).sort(([, one], [, other]) => other - one);
  return markdownTable(
    [word('purpose', language), word('monthly', language), word('share', language)],
    [
      ...rows.map(([purpose, sum]) => [
        language === 'es' ? spanish(purpose) : purpose,
        usd(sum),
        percent(sum / base.monthly.likely),
      ]),
      [word('total', language), usd(base.monthly.likely), percent(1)],
    ],
  );
}

function assumptions({ inputs }: Computed, language: Language): string {
  const meaning: Record<string, [string, string]> = {
    natGb: ['GB through NAT', 'GB por el NAT'],
    producedGb: ['GB produced to Kafka, before replication', 'GB producidos a Kafka, antes de replicar'],
    egressGb: ['GB to the internet (100 are free)', 'GB hacia internet (100 son gratis)'],
    interZoneGb: ['GB between zones beside replication', 'GB entre zonas aparte de la replicación'],
    logsGb: ['GB of logs', 'GB de logs'],
    lcu: ['average capacity units of the load balancer', 'unidades de capacidad medias del balanceador'],
    snapshotGb: ['GB of snapshots', 'GB de snapshots'],
  };
  return markdownTable(
    [word('assumption', language), word('low', language), word('likely', language), word('high', language)],
    Object.entries(inputs.platform.usage).map(([key, { low, likely, high }]) => {
      const said = meaning[key];
      if (said === undefined) throw new Error(`no words for usage.${key}`);
      return [said[language === 'es' ? 1 : 0], String(low), String(likely), String(high)];
    }),
  );
}

function alternativesTable({ alternatives, operations }: Computed, language: Language): string {
  const rows = [...alternatives, ...operations].sort((one, other) => one.delta - other.delta);
  return markdownTable(
    [word('difference', language), word('instead', language)],
    rows.map((one) => [signed(one.delta), language === 'es' ? spanish(one.id) : `${one.change}: ${one.tradeOff}`]),
  );
}

function commitments({ base }: Computed, language: Language): string {
  return markdownTable(
    [word('commitment', language), word('saves', language), word('share', language), word('source', language)],
    commitmentShares(base.lines).map(({ name, term, saves, source }) => [
      language === 'es' ? `${spanish(name)}, ${spanish(term)}` : `${name}, ${term}`,
      usd(saves),
      percent(saves / base.monthly.likely),
      language === 'es' ? rateInSpanish(source) : source,
    ]),
  );
}
