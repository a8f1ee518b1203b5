/** What an edit would do, for people: a terminal's table, and Markdown for a pull request. */
import type { Action, Change } from '../checks/change';
import type { Paint } from './paint';
import { table } from './table';

export interface ChangeReport {
  readonly changes: readonly Change[];
  /** USD per month, the whole bill's. */
  readonly monthlyDelta: number;
  /** What has no price, so that the difference is not the whole of it. */
  readonly unpriced: readonly string[];
}

/** The gravest first. */
const ORDER: readonly Action[] = ['delete', 'replace', 'create', 'update'];

const byGravity = (one: Change, other: Change): number =>
  other.effects.length - one.effects.length || ORDER.indexOf(one.action) - ORDER.indexOf(other.action);

const WORDS: Readonly<Record<Action, string>> = {
  create: 'made',
  update: 'changed in place',
  replace: 'replaced',
  delete: 'destroyed',
};

const usd = (amount: number): string =>
  `${amount < 0 ? '−' : '+'}${Math.abs(amount).toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`;

/** `2 made, 1 replaced; 1 loses data; +12.30 USD a month`. */
function summary({ changes, monthlyDelta, unpriced }: ChangeReport): string {
  const count = (action: Action) => changes.filter((one) => one.action === action).length;
  const actions = ORDER.filter((action) => count(action) > 0).map((action) => `${count(action)} ${WORDS[action]}`);
  const effects = (['data-loss', 'exposure', 'readdress'] as const).flatMap((effect) => {
    const hit = changes.filter((one) => one.effects.includes(effect)).length;
    return hit === 0 ? [] : [`${effect}: ${hit}`];
  });
  const money = monthlyDelta === 0 ? 'the bill stays as it is' : `${usd(monthlyDelta)} USD a month`;
  const gap = unpriced.length === 0 ? [] : [`without ${unpriced.length} that have no price`];
  return [actions.length === 0 ? 'nothing changes' : actions.join(', '), ...effects, money, ...gap].join('; ');
}

function details({ action, attributes, forcedBy, refused, hint }: Change): string[] {
  return [
    ...(forcedBy.length > 0
      ? [`forced by ${forcedBy.join('; ')}`]
      : action === 'update' && attributes.length > 0
        ? [attributes.join(', ')]
        : []),
    ...(refused ? ['Terraform will refuse: prevent_destroy'] : []),
    ...(hint === undefined ? [] : [hint]),
  ];
}

/** As text, without a closing newline. */
export function changeTable(report: ChangeReport, paint: Paint): string {
  const colour: Readonly<Record<Action, (text: string) => string>> = {
    create: paint.green,
    update: paint.yellow,
    replace: paint.red,
    delete: paint.red,
  };
  const rows = [...report.changes]
    .sort(byGravity)
    .map((change) => [
      colour[change.action](WORDS[change.action]),
      `${change.stack} ${change.address}`,
      change.effects.length > 0 ? paint.bold(change.effects.join(', ')) : '',
      change.monthlyDelta === undefined || change.monthlyDelta === 0 ? '' : usd(change.monthlyDelta),
      details(change).join('; '),
    ]);
  const columns = [
    { head: '' },
    { head: 'resource' },
    { head: 'effects' },
    { head: 'USD/month', align: 'right' as const },
    { head: 'why' },
  ];
  return rows.length === 0 ? summary(report) : `${table(columns, rows)}\n\n${summary(report)}`;
}

/** GitHub's Markdown, without a closing newline. */
export function changeMarkdown(report: ChangeReport): string {
  const escape = (text: string) => text.replaceAll('|', '\\|');
  const rows = [...report.changes].sort(byGravity).map((change) => {
    const effects = change.effects.map((effect) => `**${effect}**`).join(', ');
    const delta = change.monthlyDelta === undefined || change.monthlyDelta === 0 ? '' : usd(change.monthlyDelta);
    return `| ${WORDS[change.action]} | \`${change.stack}\` \`${change.address}\` | ${effects} | ${delta} | ${escape(details(change).join('; '))} |`;
  });
  const head = ['### What this changes in AWS', '', summary(report)];
  if (rows.length === 0) return head.join('\n');
  return [...head, '', '| | resource | effects | USD/month | why |', '|---|---|---|---:|---|', ...rows].join('\n');
}
