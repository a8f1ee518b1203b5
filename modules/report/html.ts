/**
 * out/report.html: the whole answer on one page that needs no network, for whoever must decide. Everything on it comes from the
 * synthesized Terraform and the platform file; nothing is typed here but the headings.
 */
import type { Estimate } from '../checks/cost';
import type { Finding } from '../checks/finding';
import type { Reachability } from '../checks/reachability';
import { addressMap } from './address-map';
import { folded, table } from './html-table';
import { reachabilitySection } from './reachability-section';
import { element as tag, text, type Svg } from './svg';
import type { Summary } from './summary';

/** What was planned and built, and what the checks say of it. */
export interface Report extends Pick<Summary, 'platform' | 'plan' | 'choices' | 'stacks'> {
  readonly estimate: Estimate;
  readonly findings: readonly Finding[];
  readonly reachability: Reachability;
  /** The platform drawn from its Terraform; undefined when there was nothing to draw. */
  readonly picture?: Svg;
  /** ISO date on which the report was made. */
  readonly madeOn: string;
}

const STYLE = `
:root { color-scheme: light dark; --ink: #1c2733; --ground: #ffffff; --line: #d5dde5; --mild: #5b6b7b; --open: #d3ecd9; }
@media (prefers-color-scheme: dark) { :root { --ink: #e4eaf0; --ground: #12181f; --line: #2c3947; --mild: #93a3b3; --open: #1f4a2c; } }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--ground); max-width: 1100px; margin: 2rem auto; padding: 0 1rem; }
h1 { margin-bottom: 0 } h2 { margin-top: 2.5rem; border-bottom: 1px solid var(--line) }
p.mild, td.mild { color: var(--mild) } svg { width: 100%; height: auto }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(200px, 1fr)); gap: 1rem; margin: 1.5rem 0 }
.figures div { border: 1px solid var(--line); border-radius: 8px; padding: .8rem 1rem } .figures b { font-size: 1.5rem; display: block }
.scroll { overflow-x: auto } table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums }
th, td { text-align: left; padding: .25rem .6rem; border-bottom: 1px solid var(--line); vertical-align: top } .right { text-align: right; white-space: nowrap }
summary { cursor: pointer; margin-top: .6rem }
.open { background: var(--open); border-radius: 4px; padding: 0 .3rem; white-space: nowrap } .wrong { background: #b3261e; color: #ffffff; border-radius: 4px; padding: 0 .3rem; white-space: nowrap } .closed { color: var(--mild) }`;

const usd = (amount: number) => amount.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });

function figure(value: string, caption: string): string {
  return tag('div', {}, [tag('b', {}, [text(value)]), text(caption)]);
}

function figures({ plan, stacks, estimate, findings }: Report): string {
  const { low, likely, high } = estimate.monthly;
  const open = findings.filter((one) => one.waived === undefined && one.severity !== 'info').length;
  const addresses = plan.certificate.networks.map(
    (one) => `${one.allocated.toLocaleString('en-US')} of ${one.size.toLocaleString('en-US')}`,
  );
  return tag('div', { class: 'figures' }, [
    figure(
      estimate.unpriced.length > 0 ? 'no total' : `${usd(likely)} USD`,
      `a month; ${usd(low)} to ${usd(high)} by usage`,
    ),
    figure(addresses.join(' and '), 'addresses allocated; none wasted'),
    figure(String(stacks.reduce((sum, stack) => sum + stack.resources, 0)), `resources in ${stacks.length} stacks`),
    figure(String(open), open === 1 ? 'finding open' : 'findings open'),
  ]);
}

function costTables(estimate: Estimate): string {
  const byStack = new Map<string, number>();
  const byPurpose = new Map<string, number>();
  for (const line of estimate.lines) {
    byStack.set(line.stack, (byStack.get(line.stack) ?? 0) + line.monthly);
    byPurpose.set(line.purpose, (byPurpose.get(line.purpose) ?? 0) + line.monthly);
  }
  const sorted = (sums: Map<string, number>) => [...sums].sort(([, one], [, other]) => other - one);
  const share = (amount: number) => `${((100 * amount) / estimate.monthly.likely).toFixed(1)} %`;
  const sums = (head: string, of: Map<string, number>) =>
    table(
      [{ head }, { head: 'USD a month', right: true }, { head: 'share', right: true }],
      sorted(of).map(([name, amount]) => [name, usd(amount), share(amount)]),
    );
  const lines = estimate.lines
    .filter((line) => line.basis !== 'zero')
    .map((line) => [
      line.stack,
      line.address,
      line.item,
      String(line.quantity),
      line.unit,
      String(line.unitPrice),
      usd(line.monthly),
      line.basis,
    ]);
  const columns = [
    { head: 'stack' },
    { head: 'resource' },
    { head: 'what' },
    { head: 'quantity', right: true },
    { head: 'unit' },
    { head: 'unit price', right: true },
    { head: 'USD a month', right: true },
    { head: 'basis' },
  ];
  return [
    sums('purpose', byPurpose),
    sums('stack', byStack),
    folded(`every line (${lines.length})`, table(columns, lines)),
  ].join('');
}

function findingsTable(findings: readonly Finding[]): string {
  if (findings.length === 0) return tag('p', {}, [text('References resolve, policies hold, addresses suffice.')]);
  return table(
    [{ head: 'severity' }, { head: 'id' }, { head: 'resource' }, { head: 'what' }, { head: 'what to do' }],
    findings.map((one) => [
      one.waived === undefined ? one.severity : `waived until ${one.waived.until}`,
      one.id,
      `${one.address} ${one.attribute}`,
      one.message,
      one.waived?.reason ?? one.fix,
    ]),
  );
}

/** A complete HTML document. The same input gives the same bytes. */
export function reportPage(report: Report): string {
  const { platform, plan, choices, estimate, picture, madeOn } = report;
  const chosen = Object.entries({
    Kubernetes: choices.kubernetes,
    Kafka: choices.kafka,
    PostgreSQL: choices.postgres,
    MongoDB: choices.mongodb,
    ...choices.nodes,
  });
  const body = [
    tag('h1', {}, [text(platform.name)]),
    tag('p', { class: 'mild' }, [
      text(
        `${platform.region} (${choices.zones.map((zone) => zone.id).join(', ')}), profile ${platform.profile}; made on ${madeOn}; prices read ${estimate.oldestPriceReadOn} to ${estimate.pricesReadOn}, on demand, before tax`,
      ),
    ]),
    figures(report),
    ...(picture === undefined ? [] : [tag('h2', {}, [text('The platform')]), picture]),
    tag('h2', {}, [text('Addresses')]),
    addressMap(plan),
    tag('p', { class: 'mild' }, [text(plan.certificate.statement)]),
    tag('h2', {}, [text('Who reaches whom')]),
    reachabilitySection(report.reachability),
    tag('h2', {}, [text('Machines')]),
    table(
      [{ head: 'part' }, { head: 'type' }, { head: 'USD an hour', right: true }, { head: 'why' }],
      chosen.map(([part, choice]) => [part, choice.type, String(choice.hourlyUsd), choice.why]),
    ),
    tag('h2', {}, [text('Cost')]),
    costTables(estimate),
    tag('h2', {}, [text('Checks')]),
    findingsTable(report.findings),
  ];
  return `<!doctype html>\n${tag('html', { lang: 'en' }, [
    tag('head', {}, [
      '<meta charset="utf-8"><meta name="viewport" content="width=device-width">',
      tag('title', {}, [text(`${platform.name}: the platform on one page`)]),
      tag('style', {}, [STYLE]),
    ]),
    tag('body', {}, body),
  ])}\n`;
}
