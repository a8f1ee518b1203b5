/** The estimate as people read it: what is paid for, by purpose and by stack, its range, what could be taken off, its dates. */
import { SOURCES } from '../catalog';
import { commitmentShares, type CostLine, type Estimate } from '../checks/cost';
import type { Paint } from './paint';
import { table, type Cell } from './table';

export interface BillOptions {
  /** Also the resources that cost nothing, each with its reason. */
  readonly zeros?: boolean;
}

const MONTHS = 12;

/** `1,234.50` */
export const usd = (amount: number): string =>
  amount.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });

/** @returns text without a closing newline */
export function bill(estimate: Estimate, paint: Paint, { zeros = false }: BillOptions = {}): string {
  const costly = estimate.lines.filter((line) => line.monthly > 0 || line.high > 0);
  const free = estimate.lines.filter((line) => line.basis === 'zero');
  return [
    lineTable(costly, paint),
    sumTable('by purpose', costly, (line) => line.purpose, paint),
    sumTable('by stack', costly, (line) => line.stack, paint),
    totals(estimate, paint),
    commitments(costly, estimate, paint),
    ...(zeros ? [freeTable(free, paint)] : []),
    readings(estimate, costly, free.length, paint),
  ].join('\n\n');
}

interface Group {
  readonly line: CostLine;
  readonly resources: Set<string>;
  quantity: number;
  monthly: number;
}

/** One row for all lines of the same item at the same price for the same purpose. */
function lineTable(lines: readonly CostLine[], paint: Paint): string {
  const groups = new Map<string, Group>();
  for (const line of lines) {
    const key = [line.purpose, line.item, line.unitPrice, line.basis].join('\n');
    const group = groups.get(key) ?? { line, resources: new Set(), quantity: 0, monthly: 0 };
    groups.set(key, group);
    group.resources.add(`${line.stack} ${line.address}`);
    group.quantity += line.quantity;
    group.monthly += line.monthly;
  }
  const spent = new Map<string, number>();
  for (const { purpose, monthly } of lines) spent.set(purpose, (spent.get(purpose) ?? 0) + monthly);
  const rows = [...groups.values()].sort(
    (a, b) =>
      (spent.get(b.line.purpose) as number) - (spent.get(a.line.purpose) as number) ||
      a.line.purpose.localeCompare(b.line.purpose) ||
      b.monthly - a.monthly ||
      a.line.item.localeCompare(b.line.item),
  );
  let last = '';
  return table(
    [
      { head: 'for' },
      { head: 'what' },
      { head: 'of', align: 'right' },
      { head: 'quantity', align: 'right' },
      { head: 'unit' },
      { head: 'USD each', align: 'right' },
      { head: 'USD a month', align: 'right' },
      { head: '' },
    ],
    rows.map(({ line, resources, quantity, monthly }): Cell[] => {
      const purpose = line.purpose === last ? '' : paint.bold(line.purpose);
      last = line.purpose;
      return [
        purpose,
        line.item,
        String(resources.size),
        quantity.toLocaleString('en-US', { maximumFractionDigits: 2 }),
        line.unit,
        line.unitPrice.toLocaleString('en-US', { maximumFractionDigits: 6, minimumFractionDigits: 2 }),
        usd(monthly),
        paint.dim(marks(line)),
      ];
    }),
  );
}

const marks = (line: CostLine) =>
  [
    ...(line.basis === 'assumed' ? ['assumed'] : []),
    ...(line.confidence === 'estimate' ? ['price estimated'] : []),
  ].join(', ');

function sumTable(
  heading: string,
  lines: readonly CostLine[],
  keyOf: (line: CostLine) => string,
  paint: Paint,
): string {
  const sums = new Map<string, number>();
  for (const line of lines) sums.set(keyOf(line), (sums.get(keyOf(line)) ?? 0) + line.monthly);
  const rows = [...sums].sort((a, b) => b[1] - a[1]);
  const all = rows.reduce((sum, [, amount]) => sum + amount, 0);
  const row = (name: string, amount: number): Cell[] => [
    name,
    usd(amount),
    usd(amount * MONTHS),
    `${Math.round((1000 * amount) / (all || 1)) / 10} %`,
  ];
  const money = (head: string) => ({ head, align: 'right' as const });
  return table(
    [{ head: heading }, money('USD a month'), money('USD a year'), money('share')],
    [...rows.map(([name, amount]) => row(name, amount)), row(paint.bold('total'), all)],
  );
}

function totals({ monthly, yearly, unpriced }: Estimate, paint: Paint): string {
  const line =
    `${paint.bold(`${usd(monthly.likely)} USD a month`)}, ${usd(yearly.likely)} a year; ` +
    `${usd(monthly.low)} to ${usd(monthly.high)} a month at the bounds of the usage`;
  return unpriced.length === 0 ? line : `${line}\n${paint.red(`without ${unpriced.length} that have no price`)}`;
}

function commitments(lines: readonly CostLine[], { monthly }: Estimate, paint: Paint): string {
  const rows = commitmentShares(lines)
    .filter(({ saves }) => saves > 0)
    .map(({ name, term, covers, saves }): Cell[] => [
      `${name}, ${term}`,
      usd(covers),
      usd(saves),
      `${Math.round((1000 * saves) / (monthly.likely || 1)) / 10} %`,
    ]);
  if (rows.length === 0) return paint.dim('no commitment covers any of this');
  const head = [{ head: 'not taken off: commitments' }, { head: 'covers', align: 'right' as const }];
  const more = [
    { head: 'saves a month', align: 'right' as const },
    { head: 'of the bill', align: 'right' as const },
  ];
  return `${table([...head, ...more], rows)}\n${paint.dim('rates read for m7g, c7g, r7g, m6a and db.m6g; one on EC2 and the one on RDS add up (--json: sources)')}`;
}

function freeTable(lines: readonly CostLine[], paint: Paint): string {
  const counts = new Map<string, number>();
  for (const { reason } of lines) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return table(
    [{ head: 'free', align: 'right' }, { head: 'because' }],
    [...counts].sort((a, b) => b[1] - a[1]).map(([reason, count]) => [count, paint.dim(reason)]),
  );
}

function readings(estimate: Estimate, lines: readonly CostLine[], zeros: number, paint: Paint): string {
  const assumed = new Map<string, string>();
  for (const line of lines) {
    if (line.basis === 'assumed' && !assumed.has(line.reason)) assumed.set(line.reason, line.item);
  }
  const estimates = new Set(lines.filter((line) => line.confidence === 'estimate').map((line) => line.priceItem));
  const sources = new Map<string, string>();
  for (const line of lines) sources.set(line.source, line.asOf);
  return [
    ...(assumed.size === 0
      ? []
      : [paint.bold('assumed'), ...[...assumed].map(([reason, item]) => `  ${item}: ${reason}`)]),
    `${zeros} resources cost nothing, each for a stated reason (--zeros)`,
    `on-demand list prices, before tax, nothing taken off for free tiers of new accounts; a month is ${estimate.hoursPerMonth} h`,
    `prices read between ${estimate.oldestPriceReadOn} and ${estimate.pricesReadOn}` +
      (estimates.size === 0
        ? ''
        : `; ${estimates.size} of them derived, not read: ${[...estimates].sort().join(', ')}`),
    ...[...sources].sort().map(([id, asOf]) => paint.dim(`  ${id} (${asOf}) ${shortened(SOURCES[id] ?? '')}`)),
  ].join('\n');
}

/** The first clause of a source: the whole is in --json. */
const shortened = (text: string) => (text.length <= 110 ? text : `${text.slice(0, 107)}…`);
