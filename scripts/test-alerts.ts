/**
 * `npm run test:alerts [-- SECTION… ALERT…]`: promtool on every rule (fires, stays quiet, resolves), on every mutant of it, which
 * must fail, on recorded faults, on a quiet week, in which nobody is paged, and on the same week with faults; Alertmanager on whom
 * each alert reaches; Prometheus on every panel. Prints the mutation score and each survivor; the last line is `N passed, N failed`.
 */
import { inDialect, mutantsOf, SIGNALS, type Signal } from '../modules/monitoring';
import { controlScenarios, quietScenarios } from './monitoring/pager';
import { panelOutcomes } from './monitoring/panels';
import { recordedScenarios } from './monitoring/recorded';
import { routingOutcomes } from './monitoring/routing';
import { runScenarios, runTrials, whyNot, type Outcome, type Trial } from './monitoring/promtool';

const SECTIONS = ['rules', 'mutants', 'recorded', 'week', 'faults', 'routing', 'panels'];
const words = process.argv.slice(2);
const wanted = words.filter((one) => !SECTIONS.includes(one));
/** What is run: what is named; rules and mutants of alerts that are named; everything when nothing is. */
const named = words.filter((one) => SECTIONS.includes(one));
const sections = new Set(named.length > 0 ? named : wanted.length > 0 ? ['rules', 'mutants'] : SECTIONS);
/** The rules of the brokers exist in both of Kafka's dialects. */
const ALL: readonly Signal[] = [
  ...SIGNALS,
  ...SIGNALS.map((one) => inDialect(one, 'msk')).filter((one) => one.exporter === 'msk'),
];
const nameOf = (signal: Signal): string => (signal.exporter === 'msk' ? `${signal.alert} on MSK` : signal.alert);
const signals = ALL.filter((one) => wanted.length === 0 || wanted.includes(one.alert));

/** Failures at once: a long run that is cut off has said what it found. */
const report = (what: string, all: number, wanted: boolean) => (batch: readonly Outcome[], done: number) => {
  if (process.stderr.isTTY) process.stderr.write(`\r${what} ${done}/${all}${done === all ? '\n' : ''}`);
  for (const one of batch.filter((outcome) => outcome.passed !== wanted)) {
    process.stdout.write(wanted ? `FAILED ${one.name}\n${one.output}\n` : `SURVIVED ${one.name}\n`);
  }
};

async function main(): Promise<void> {
  const unknown = wanted.filter((one) => !signals.some(({ alert }) => alert === one));
  if (unknown.length > 0) {
    process.stderr.write(`test:alerts: no alert ${unknown.join(', ')}; \`npx cimiento alerts\` lists them\n`);
    process.exitCode = 2;
    return;
  }
  const reason = whyNot();
  if (reason !== undefined) {
    process.stderr.write(`test:alerts cannot run: ${reason}\n`);
    process.exitCode = 2;
    return;
  }
  let [passed, failed] = [0, 0];
  const count = (outcomes: readonly Outcome[], wanted = true): number => {
    const right = outcomes.filter((one) => one.passed === wanted).length;
    passed += right;
    failed += outcomes.length - right;
    return right;
  };

  const rules = await runTrials(
    (sections.has('rules') ? signals : []).map((signal): Trial => ({ name: nameOf(signal), signal })),
    report('rules', signals.length, true),
  );
  if (rules.length > 0)
    process.stdout.write(`rules   ${count(rules)} of ${rules.length} fire, stay quiet and resolve\n`);

  const mutants = (sections.has('mutants') ? signals : []).flatMap((signal) =>
    mutantsOf(signal).map((mutant) => ({
      operator: mutant.operator,
      trial: {
        name: `${nameOf(signal)}: ${mutant.operator}: ${mutant.change}`,
        signal,
        expr: mutant.expr,
        for: mutant.for,
      },
    })),
  );
  const results = await runTrials(
    mutants.map(({ trial }) => trial),
    report('mutants', mutants.length, false),
  );
  for (const operator of new Set(mutants.map((one) => one.operator))) {
    const of = results.filter((_, index) => mutants[index]!.operator === operator);
    const dead = of.filter((one) => !one.passed).length;
    process.stdout.write(`mutants ${operator.padEnd(16)} ${dead} of ${of.length} killed\n`);
  }
  const killed = count(results, false);
  if (results.length > 0)
    process.stdout.write(`mutation score ${((100 * killed) / Math.max(1, results.length)).toFixed(1)} %\n`);

  const recorded = sections.has('recorded') ? recordedScenarios() : [];
  if (recorded.length > 0) {
    const outcomes = await runScenarios(recorded, report('recorded', recorded.length, true));
    process.stdout.write(`recorded ${count(outcomes)} of ${recorded.length} states fire exactly what they should\n`);
  }

  const week = [
    ...(sections.has('week') ? quietScenarios() : []),
    ...(sections.has('faults') ? controlScenarios() : []),
  ];
  if (week.length > 0) {
    const outcomes = await runScenarios(week, report('weeks', week.length, true));
    process.stdout.write(`pager   ${count(outcomes)} of ${week.length} weeks page exactly whom they should\n`);
  }
  for (const [section, what, run] of [
    ['routing', 'routing', routingOutcomes],
    ['panels', 'panels ', panelOutcomes],
  ] as const) {
    if (!sections.has(section)) continue;
    const outcomes = await run();
    report(section, outcomes.length, true)(outcomes, outcomes.length);
    process.stdout.write(`${what} ${count(outcomes)} of ${outcomes.length} as they should be\n`);
  }
  process.stdout.write(`${passed} passed, ${failed} failed\n`);
  process.exitCode = failed > 0 ? 1 : 0;
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 2;
});
