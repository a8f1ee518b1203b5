/**
 * `npm run test:alerts [-- ALERT…]`: promtool on every rule (fires, stays quiet, resolves), then on every mutant of it, which
 * must fail. Prints the mutation score and each survivor; the last line is `N passed, N failed`.
 */
import { mutantsOf, SIGNALS } from '../modules/monitoring';
import { runTrials, whyNot, type Trial } from './monitoring/promtool';

const reason = whyNot();
if (reason !== undefined) {
  process.stderr.write(`test:alerts cannot run: ${reason}\n`);
  process.exit(2);
}
const wanted = process.argv.slice(2);
const signals = SIGNALS.filter((one) => wanted.length === 0 || wanted.includes(one.alert));
const progress = (what: string, all: number) => (done: number) => {
  if (process.stderr.isTTY) process.stderr.write(`\r${what} ${done}/${all}${done === all ? '\n' : ''}`);
};

const rules = runTrials(
  signals.map((signal): Trial => ({ name: signal.alert, signal })),
  progress('rules', signals.length),
);
for (const one of rules.filter((rule) => !rule.passed)) process.stdout.write(`FAILED ${one.name}\n${one.output}\n`);

const mutants = signals.flatMap((signal) =>
  mutantsOf(signal).map((mutant) => ({
    mutant,
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
  progress('mutants', mutants.length),
);
const killed = results.filter((one) => !one.passed);
const byOperator = new Map<string, { killed: number; all: number }>();
results.forEach((one, index) => {
  const operator = mutants[index]!.mutant.operator;
  const count = byOperator.get(operator) ?? { killed: 0, all: 0 };
  count.all++;
  if (!one.passed) count.killed++;
  else process.stdout.write(`SURVIVED ${one.name}\n`);
  byOperator.set(operator, count);
});
process.stdout.write(
  `rules   ${rules.filter((one) => one.passed).length} of ${rules.length} fire, stay quiet and resolve\n`,
);
for (const [operator, count] of byOperator)
  process.stdout.write(`mutants ${operator.padEnd(16)} ${count.killed} of ${count.all} killed\n`);
const passed = rules.filter((one) => one.passed).length + killed.length;
const failed = rules.length + results.length - passed;
process.stdout.write(
  `mutation score ${((100 * killed.length) / Math.max(1, results.length)).toFixed(1)} %\n${passed} passed, ${failed} failed\n`,
);
process.exitCode = failed > 0 ? 1 : 0;
