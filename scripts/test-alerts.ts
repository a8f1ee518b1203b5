/**
 * `npm run test:alerts [-- ALERT…]`: promtool on every rule (fires, stays quiet, resolves), then on every mutant of it, which
 * must fail. Prints the mutation score and each survivor; the last line is `N passed, N failed`.
 */
import { mutantsOf, SIGNALS } from '../modules/monitoring';
import { runTrials, whyNot, type Outcome, type Trial } from './monitoring/promtool';

const reason = whyNot();
if (reason !== undefined) {
  process.stderr.write(`test:alerts cannot run: ${reason}\n`);
  process.exit(2);
}
const wanted = process.argv.slice(2);
const signals = SIGNALS.filter((one) => wanted.length === 0 || wanted.includes(one.alert));
/** Failures at once: a long run that is cut off has said what it found. */
const report = (what: string, all: number, wanted: boolean) => (batch: readonly Outcome[], done: number) => {
  if (process.stderr.isTTY) process.stderr.write(`\r${what} ${done}/${all}${done === all ? '\n' : ''}`);
  for (const one of batch.filter((outcome) => outcome.passed !== wanted)) {
    process.stdout.write(wanted ? `FAILED ${one.name}\n${one.output}\n` : `SURVIVED ${one.name}\n`);
  }
};

const rules = runTrials(
  signals.map((signal): Trial => ({ name: signal.alert, signal })),
  report('rules', signals.length, true),
);
const passing = rules.filter((one) => one.passed).length;
process.stdout.write(`rules   ${passing} of ${rules.length} fire, stay quiet and resolve\n`);

const mutants = signals.flatMap((signal) =>
  mutantsOf(signal).map((mutant) => ({
    operator: mutant.operator,
    trial: {
      name: `${signal.alert}: ${mutant.operator}: ${mutant.change}`,
      signal,
      expr: mutant.expr,
      for: mutant.for,
    },
  })),
);
const results = runTrials(
  mutants.map(({ trial }) => trial),
  report('mutants', mutants.length, false),
);
const killed = results.filter((one) => !one.passed).length;
for (const operator of new Set(mutants.map((one) => one.operator))) {
  const of = results.filter((_, index) => mutants[index]!.operator === operator);
  const dead = of.filter((one) => !one.passed).length;
  process.stdout.write(`mutants ${operator.padEnd(16)} ${dead} of ${of.length} killed\n`);
}
const passed = passing + killed;
const failed = rules.length + results.length - passed;
process.stdout.write(`mutation score ${((100 * killed) / Math.max(1, results.length)).toFixed(1)} %\n`);
process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exitCode = failed > 0 ? 1 : 0;
