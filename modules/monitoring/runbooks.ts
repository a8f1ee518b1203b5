/** Runbooks: a page a component, a heading an alert; the alert's annotation links to its heading. */
import { EXPORTERS, type Exporter } from './exporters';
import type { Signal } from './signal';
import { CATALOGUE, type ComponentSignals } from './signals';

const HOME = 'https://github.com/you/cimiento/blob/main/docs/runbooks';

const SEVERITY = {
  critical: 'Somebody is woken.',
  warning: 'A ticket; nobody is woken.',
  info: 'For information beside other alerts.',
  none: "The dead-man's switch: it fires always.",
} as const;

const TEAM = { service: "the service's engineers", data: 'the data platform', platform: 'the platform' } as const;

/** Where an alert's `runbook_url` leads. */
export function runbookUrl(signal: Signal): string {
  const home = CATALOGUE.find((one) => one.signals.some(({ alert }) => alert === signal.alert))!;
  return `${HOME}/${home.component}.md#${signal.alert.toLowerCase()}`;
}

export function runbookPage({ title, signals }: ComponentSignals): string {
  return [
    '<!-- Generated from modules/monitoring; do not edit. -->',
    '',
    `# ${title}`,
    '',
    ...signals.flatMap(section),
  ].join('\n');
}

export const runbooksIndex = (): string =>
  [
    '<!-- Generated from modules/monitoring; do not edit. -->',
    '',
    '# Runbooks',
    '',
    'What a person does when an alert fires. `cimiento alerts show NAME` prints the same in a terminal.',
    '',
    'Nothing else pages. kube-prometheus-stack brings rules of its own: what they call `critical` is a ticket, with the page that the',
    'chart links to, and their Watchdog and InfoInhibitor reach nobody (`modules/monitoring/alertmanager.ts`).',
    '',
    '| component | pages | tickets | information |',
    '| --- | ---: | ---: | ---: |',
    ...CATALOGUE.map(({ component, title, signals }) => {
      const count = (severity: string): number => signals.filter((one) => one.severity === severity).length;
      return `| [${title}](${component}.md) | ${count('critical')} | ${count('warning')} | ${count('info')} |`;
    }),
    '',
  ].join('\n');

function section(signal: Signal): string[] {
  const exporter: Exporter = EXPORTERS[signal.exporter];
  return [
    `## ${signal.alert}`,
    '',
    `${capital(signal.signal)}: ${signal.threshold}${signal.for === '0m' ? '' : `, for ${signal.for}`}. ${SEVERITY[signal.severity]} Who acts: ${TEAM[signal.actor]}.`,
    '',
    `Why it matters: ${signal.why}`,
    '',
    ...signal.runbook.map((step, index) => `${index + 1}. ${step}`),
    '',
    ...(signal.requires === undefined ? [] : [`Needs: ${signal.requires}`, '']),
    '```promql',
    signal.expr,
    '```',
    '',
    `From ${exporter.title}, ${exporter.version}.`,
    '',
  ];
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
