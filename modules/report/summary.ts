/** The one screen that `npm start` ends with: what was planned, what was chosen and why, what it costs, what to type next. */
import type { AddressPlan, BlockPlan } from '../addressing/plan';
import type { Choices, InstanceChoice } from '../catalog/choices';
import type { Platform } from '../spec/platform';
import type { Paint } from './paint';
import { table } from './table';

export interface Summary {
  readonly platform: Platform;
  readonly plan: AddressPlan;
  readonly choices: Choices;
  /** Stack names in deployment order with the number of resources in each. */
  readonly stacks: readonly { readonly name: string; readonly resources: number }[];
  /** USD per month; undefined when something has no price. */
  readonly monthly?: { readonly low: number; readonly likely: number; readonly high: number };
  readonly pricesReadOn?: string;
  readonly unpriced: number;
  readonly findings: readonly {
    readonly severity: string;
    readonly id: string;
    readonly address: string;
    readonly message: string;
  }[];
  /** Paths as the user would type them. */
  readonly terraform: string;
  readonly report?: string;
}

const usd = (amount: number) => amount.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });

/** `3 × /21` for subnets of one size, `/22 /23 /23` for mixed ones. */
function prefixes(block: BlockPlan, tier: 'public' | 'private'): string {
  const lengths = block.subnets.filter((subnet) => subnet.tier === tier).map((subnet) => subnet.cidr.split('/')[1]);
  return new Set(lengths).size === 1 ? `${lengths.length} × /${lengths[0]}` : lengths.map((one) => `/${one}`).join(' ');
}

function addresses(plan: AddressPlan): string {
  return table(
    [
      { head: 'segment' },
      { head: 'block' },
      { head: 'private' },
      { head: 'public' },
      { head: 'allocated', align: 'right' },
    ],
    plan.blocks.map((block) => [
      block.segment,
      block.cidr,
      prefixes(block, 'private'),
      prefixes(block, 'public'),
      `${block.allocated.toLocaleString('en-US')} of ${block.size.toLocaleString('en-US')}`,
    ]),
  );
}

function instances({ platform, choices }: Summary): string {
  const row = (what: string, count: number, choice: InstanceChoice) => [what, `${count} × ${choice.type}`, choice.why];
  const perType = new Map<string, { count: number; choice: InstanceChoice }>();
  for (const choice of Object.values(choices.nodes)) {
    const seen = perType.get(choice.type);
    perType.set(choice.type, { count: (seen?.count ?? 0) + 1, choice });
  }
  return table(
    [{ head: 'part' }, { head: 'chosen' }, { head: 'why' }],
    [
      row('Kubernetes', platform.kubernetes.nodes.count, choices.kubernetes),
      row(`Kafka (${platform.kafka.engine === 'msk' ? 'Amazon MSK' : 'on EC2'})`, platform.kafka.nodes, choices.kafka),
      row(
        `PostgreSQL (RDS${platform.postgres.multiAz ? ', Multi-AZ' : ''})`,
        platform.postgres.multiAz ? 2 : 1,
        choices.postgres,
      ),
      row('MongoDB', platform.mongodb.nodes, choices.mongodb),
      ...[...perType.values()].map(({ count, choice }) => row('service nodes', count, choice)),
    ],
  );
}

function money({ monthly, pricesReadOn, unpriced }: Summary, paint: Paint): string {
  if (monthly === undefined) return paint.red(`no total: ${unpriced} resources have no price (npx cimiento cost)`);
  return (
    `${paint.bold(`${usd(monthly.likely)} USD a month`)} (${usd(monthly.low)} to ${usd(monthly.high)} by usage)` +
    `, on-demand list prices read up to ${pricesReadOn}`
  );
}

function verdict(findings: Summary['findings'], paint: Paint): string {
  if (findings.length === 0) return paint.green('nothing found: references resolve, policies hold, addresses suffice');
  const shown = findings
    .slice(0, 5)
    .map((one) => `  ${paint.red(one.severity)} ${one.id} ${one.address}: ${one.message}`);
  const more = findings.length > shown.length ? [`  and ${findings.length - shown.length} more`] : [];
  return [`${findings.length} found (npx cimiento check)`, ...shown, ...more].join('\n');
}

/** The screen as text, without a closing newline. */
export function summarize(summary: Summary, paint: Paint): string {
  const { platform, plan, choices, stacks } = summary;
  const zones = choices.zones.map((zone) => `${zone.letter} ${zone.id}`).join(', ');
  const total = stacks.reduce((sum, stack) => sum + stack.resources, 0);
  const next = [
    ['npx cimiento cost', 'what each line costs, and what every alternative would'],
    ['npx cimiento addresses', 'every subnet, with the proof that none is wasted'],
    ['npx cimiento check', 'policies, references and capacity of the Terraform'],
    ['npx cdktf deploy network', 'the first stack, with your AWS credentials; then the others in order'],
  ].map(([command = '', why = '']) => `  ${paint.cyan(command.padEnd(26))} ${why}`);
  const heading = (text: string) => paint.bold(text);
  return [
    `${heading(platform.name)} in ${platform.region} (${zones}), profile ${platform.profile}`,
    '',
    heading('Addresses'),
    addresses(plan),
    `${paint.green('✓')} ${plan.certificate.statement}`,
    '',
    heading('Machines'),
    instances(summary),
    '',
    heading('Cost'),
    money(summary, paint),
    '',
    heading('Checks'),
    verdict(summary.findings, paint),
    '',
    heading('Terraform'),
    `${total} resources in ${summary.terraform}: ${stacks.map((stack) => `${stack.name} ${stack.resources}`).join(', ')}`,
    ...(summary.report === undefined ? [] : [`The whole report, with pictures: ${summary.report}`]),
    '',
    heading('Next'),
    ...next,
  ].join('\n');
}
