/** `cimiento alerts`: the catalogue of alerts; one explained, with its series drawn; one tried in promtool. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import type { Command } from 'commander';
import { closest, distance } from 'fastest-levenshtein';
import {
  catalogueFor,
  compareExpositions,
  EXPORTERS,
  liveness,
  mutantsOf,
  parseExposition,
  runbookUrl,
  sparkline,
  strayLine,
  type ComponentSignals,
  type Exposition,
  type Signal,
} from '../modules/monitoring';
import { Rejection } from '../modules/rejection';
import { PROMTOOL, runTrials, whyNot } from '../scripts/monitoring/promtool';
import { seenBy } from '../scripts/monitoring/recordings';
import { paint } from './paint';
import { loadPlatform, PLATFORM_FILE } from './platform';

interface Json {
  readonly json?: boolean;
}

export function registerAlerts(program: Command): void {
  const alerts = program.command('alerts').description('the alerts: what each watches, why, and what a person does');
  alerts
    .command('list', { isDefault: true })
    .description('every alert; with a name, that one, as `show`')
    .argument('[alert]', 'its name')
    .option('--json', 'one JSON object for programs')
    .action(list);
  alerts
    .command('show')
    .description('one alert: its rule, its runbook, the series under which it fires and stays quiet')
    .argument('<alert>', 'its name, such as KafkaUnderReplicated')
    .option('--json', 'one JSON object for programs')
    .action(show);
  alerts
    .command('try')
    .description('one alert in promtool: it fires, stays quiet, resolves, and no mistake in it goes unseen')
    .argument('<alert>', 'its name')
    .option('--json', 'one JSON object for programs')
    .action(attempt);
  alerts
    .command('upgrade')
    .description('which rules and panels a new version of an exporter would kill')
    .argument('<old>', 'what it exposes now: a file in the Prometheus text format (curl …/metrics)')
    .argument('<new>', 'what the new version exposes')
    .option('--json', 'one JSON object for programs')
    .action(upgrade);
}

/** In the dialect of whoever runs Kafka: as platform.yaml of this folder says, on machines of our own where there is none. */
let known: readonly ComponentSignals[] | undefined;
const catalogue = (): readonly ComponentSignals[] =>
  (known ??= catalogueFor(
    existsSync(PLATFORM_FILE) ? loadPlatform({ platform: PLATFORM_FILE }).inputs.platform.kafka.engine : 'ec2',
  ));
const every = (): Signal[] => catalogue().flatMap((one) => one.signals);

const verdictOf = (signal: Signal) => liveness(signal, seenBy(signal));

/** What DESIGN promises to programs; fields may be added, never renamed. */
const forPrograms = (signal: Signal): object => ({
  name: signal.alert,
  component: catalogue().find((one) => one.signals.includes(signal))!.component,
  severity: signal.severity,
  expr: signal.expr,
  for: signal.for,
  runbook: runbookUrl(signal),
  liveness: verdictOf(signal).liveness,
});

const COLOUR = { critical: paint.red, warning: paint.yellow, info: paint.dim, none: paint.dim } as const;

function list(name: string | undefined, { json }: Json): void {
  if (name !== undefined) return show(name, json === undefined ? {} : { json });
  if (json) {
    process.stdout.write(`${JSON.stringify({ alerts: every().map(forPrograms) }, null, 2)}\n`);
  } else {
    for (const { title, signals } of catalogue()) {
      process.stdout.write(`${paint.bold(title)}\n`);
      for (const one of signals) {
        const severity = COLOUR[one.severity](one.severity.padEnd(8));
        process.stdout.write(`  ${severity} ${one.alert.padEnd(32)} ${one.signal} (${verdictOf(one).liveness})\n`);
      }
    }
  }
  if (every().some((one) => verdictOf(one).liveness === 'dead')) process.exitCode = 1;
}

function show(name: string, { json }: Json): void {
  const signal = find(name);
  const verdict = verdictOf(signal);
  if (json) {
    process.stdout.write(`${JSON.stringify({ ...signal, ...forPrograms(signal), reason: verdict.reason }, null, 2)}\n`);
    return;
  }
  const lines = [
    `${paint.bold(signal.alert)}  ${COLOUR[signal.severity](signal.severity)}  ${signal.signal}`,
    `  when    ${signal.threshold}${signal.for === '0m' ? '' : `, for ${signal.for}`}`,
    `  why     ${signal.why}`,
    `  from    ${EXPORTERS[signal.exporter].title}, ${EXPORTERS[signal.exporter].version}`,
    `  names   ${verdict.liveness}${verdict.reason === undefined ? '' : `: ${verdict.reason}`}`,
    ...(signal.requires === undefined ? [] : [`  needs   ${signal.requires}`]),
    `  rule    ${signal.expr}`,
    '',
    ...signal.runbook.map((step, index) => `  ${index + 1}. ${step}`),
    ...signal.fires.flatMap(({ minute, series }) => ['', `  fires at minute ${minute}`, ...drawn(series)]),
    ...signal.quiet.flatMap(({ from, series }) => [
      '',
      `  stays quiet${from > 0 ? ` from minute ${from}` : ''}`,
      ...drawn(series),
    ]),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

const drawn = (series: Signal['quiet'][number]['series']): string[] =>
  series.map(([selector, values]) => `    ${paint.cyan(sparkline(values).padEnd(60))} ${selector}`);

async function attempt(name: string, { json }: Json): Promise<void> {
  const signal = find(name);
  const missing = whyNot();
  if (missing !== undefined) throw new Rejection('cimiento alerts try', 'needs promtool', missing);
  const mutants = mutantsOf(signal).map((one) => ({ ...one, name: `${one.operator}: ${one.change}` }));
  const [rule, ...broken] = await runTrials([
    { name: signal.alert, signal },
    ...mutants.map((one) => ({ name: one.name, signal, expr: one.expr, for: one.for })),
  ]);
  const survivors = broken.filter((one) => one.passed).map((one) => one.name);
  if (json) {
    process.stdout.write(
      `${JSON.stringify({ name: signal.alert, passed: rule!.passed, mutants: broken.length, survivors }, null, 2)}\n`,
    );
  } else {
    process.stdout.write(
      `${signal.alert}: ${rule!.passed ? paint.green('fires, stays quiet, resolves') : `${paint.red('fails')}\n${rule!.output}`}\n`,
    );
    for (const one of broken)
      process.stdout.write(`  ${one.passed ? paint.red('survived') : paint.green('killed  ')} ${one.name}\n`);
    process.stdout.write(`${PROMTOOL}: ${broken.length - survivors.length} of ${broken.length} mutants killed\n`);
  }
  if (!rule!.passed || survivors.length > 0) process.exitCode = 1;
}

function upgrade(old: string, now: string, { json }: Json): void {
  const report = compareExpositions(readExposition(old), readExposition(now), catalogue());
  const { casualties, gone, added, looked } = report;
  if (json) {
    process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
  } else {
    for (const { kind, component, alert, selector, why, hint } of casualties) {
      const reason = hint === undefined ? why : `${why}: ${hint}`;
      process.stdout.write(
        `${paint.red(kind.padEnd(5))} ${alert.padEnd(32)} ${component.padEnd(15)} ${selector} (${reason})\n`,
      );
    }
    const count = (kind: string): number =>
      new Set(casualties.filter((one) => one.kind === kind).map((one) => one.alert)).size;
    process.stdout.write(
      looked === 0
        ? 'no rule looks at anything in the old one: is it the exporter that you mean?\n'
        : `${count('rule')} rules and ${count('panel')} panels would go blind, of ${looked} rules that look at this exporter; ` +
            `${gone.length} metrics are gone, ${added.length} are new\n`,
    );
  }
  if (casualties.length > 0) process.exitCode = 1;
}

function readExposition(file: string): Exposition {
  const refuse = (fault: string, fix: string): Rejection => new Rejection('cimiento alerts upgrade', fault, fix);
  if (!existsSync(file)) throw refuse(`there is no file ${file}`, 'save one with curl');
  if (statSync(file).isDirectory()) throw refuse(`${file} is a folder`, 'name the file that curl saved');
  const text = readFileSync(file, 'utf8');
  const exposition = parseExposition([text]);
  if (exposition.samples.size === 0)
    throw refuse(`${file} holds no metric`, 'it must be what /metrics answers, as text');
  const stray = strayLine(text);
  if (stray !== undefined)
    throw refuse(
      `${file}:${stray.line} is no sample: ${JSON.stringify(stray.text.slice(0, 60))}`,
      'it must be all of what /metrics answers, as text',
    );
  if (!text.endsWith('\n'))
    process.stderr.write(`${paint.yellow('warning')} ${file} does not end with a line break: is it all there?\n`);
  return exposition;
}

function find(name: string): Signal {
  const found = every().find((one) => one.alert.toLowerCase() === name.toLowerCase());
  if (found !== undefined) return found;
  const near = closest(
    name.toLowerCase(),
    every().map((one) => one.alert.toLowerCase()),
  );
  const likely = every().find((one) => one.alert.toLowerCase() === near)!.alert;
  const hint =
    distance(name.toLowerCase(), near) <= name.length / 2 ? `did you mean ${likely}?` : '`cimiento alerts` lists them';
  throw new Rejection('cimiento alerts', `there is no alert ${JSON.stringify(name)}`, hint);
}
