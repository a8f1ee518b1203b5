/** Alternatives as people read them: what each saves and gives up, whether the default is optimal, where usage moves the answer. */
import type { Comparison, Configuration, Crossover, OperationalSaving, Optimality } from '../checks/cost';
import type { UsageSpec } from '../spec/platform';
import { usd } from './bill';
import type { Paint } from './paint';
import { table, type Cell } from './table';

export interface AlternativesReport {
  /** USD per month of the platform as it is. */
  readonly monthly: number;
  readonly alternatives: readonly Comparison[];
  readonly operations: readonly OperationalSaving[];
  readonly optimality: Optimality;
  readonly crossovers: readonly Crossover[];
}

const signed = (amount: number) => `${amount > 0 ? '+' : amount < 0 ? '−' : ''}${usd(Math.abs(amount))}`;

/** @returns text without a closing newline */
export function alternativesTable(report: AlternativesReport, usage: UsageSpec, paint: Paint): string {
  const rows = report.alternatives.map((one): Cell[] => [
    signed(one.delta),
    one.unpriced.length > 0 ? paint.red(`${one.change} (${one.unpriced.length} without a price)`) : one.change,
    one.losesData ? paint.red(one.tradeOff) : one.tradeOff,
  ]);
  const columns = [
    { head: 'USD a month', align: 'right' as const },
    { head: 'instead' },
    { head: 'what it gives up or gains' },
  ];
  return [
    `${paint.bold(usd(report.monthly))} USD a month as it is; each of these was synthesized and priced like it:`,
    '',
    table(columns, rows),
    '',
    'in how it is run (from the same lines, nothing synthesized):',
    '',
    table(
      columns,
      report.operations.map((one): Cell[] => [signed(one.delta), one.change, `${one.tradeOff} (${one.reason})`]),
    ),
    '',
    optimality(report.optimality, paint),
    '',
    ...report.crossovers.map((one) => crossover(one, usage)),
  ].join('\n');
}

function optimality({ chosen, enumerated, durable, cheaper, equal, cheapestOfAll }: Optimality, paint: Paint): string {
  const count = (number: number) => number.toLocaleString('en-US');
  const [best] = cheaper;
  const verdict = chosen.losesData
    ? paint.red('this platform can lose committed data with a zone')
    : best === undefined
      ? paint.green(`none of the ${count(durable)} that lose no data with a zone is cheaper than this one`)
      : paint.yellow(
          `${count(cheaper.length)} of the ${count(durable)} that lose no data with a zone are cheaper; the cheapest, ` +
            `${described(best)}, by ${usd(chosen.monthly - best.monthly)}`,
        );
  const same = equal.length === 0 ? '' : `; at the same price: ${equal.map(described).join('; ')}`;
  const price = chosen.monthly - cheapestOfAll.monthly;
  return [
    `${count(enumerated)} legal configurations were priced (Kafka’s engine, NAT gateways, standby, volumes, region, generation, ` +
      `database and broker classes): ${verdict}${same}`,
    ...(chosen.losesData
      ? []
      : [
          `losing no data with a zone costs ${usd(price)} a month over the cheapest of all (${described(cheapestOfAll)})`,
        ]),
  ].join('\n');
}

function described({ kafka, egress, multiAz, volumes, region, machines, database, broker }: Configuration): string {
  const engine = kafka === 'msk' ? `MSK ${broker}` : 'Kafka on EC2';
  return `${region}, ${engine}, ${machines}, ${database} ${multiAz ? 'Multi-AZ' : 'Single-AZ'}, ${egress}, ${volumes}`;
}

function crossover({ between, usage, at, cheaperAbove, why }: Crossover, assumed: UsageSpec): string {
  const now = `here usage.${usage} is ${assumed[usage].likely}`;
  return at === undefined
    ? `${between}: ${cheaperAbove} never becomes cheaper; ${why}`
    : `${between}: ${cheaperAbove} becomes cheaper above ${at.toLocaleString('en-US')} GB a month (${now}); ${why}`;
}
