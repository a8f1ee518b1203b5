/** Runs promtool over signals and their mutants: many small files, a few calls, so that starting it costs little. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promtoolTest, ruleOf, type Signal } from '../../modules/monitoring';

export const PROMTOOL = join(process.env['LAB_HOME'] ?? '/var/tmp/lab', 'bin/promtool');

/** Why promtool cannot be run here, or nothing. */
export const whyNot = (): string | undefined =>
  existsSync(PROMTOOL) ? undefined : `${PROMTOOL} is not there; \`npm run lab -- build\` builds it`;

/** A rule under test: a signal's own, or a mutant of it. */
export interface Trial {
  readonly name: string;
  readonly signal: Signal;
  readonly expr?: string;
  readonly for?: string;
}

export interface Outcome {
  readonly name: string;
  readonly passed: boolean;
  /** promtool's words about the failure. */
  readonly output: string;
}

/** Trials a call: promtool reads its files one after the other. */
const BATCH = 40;

export function runTrials(
  trials: readonly Trial[],
  report: (outcomes: readonly Outcome[], done: number) => void = () => {},
): Outcome[] {
  const folder = mkdtempSync(join(tmpdir(), 'alerts-'));
  try {
    const outcomes: Outcome[] = [];
    for (let start = 0; start < trials.length; start += BATCH) {
      const batch = runBatch(folder, trials.slice(start, start + BATCH), start);
      outcomes.push(...batch);
      report(batch, outcomes.length);
    }
    return outcomes;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function runBatch(folder: string, trials: readonly Trial[], start: number): Outcome[] {
  const files = trials.map((trial, index) => {
    const place = join(folder, String(start + index));
    mkdirSync(place);
    const { alert, expr, for: wait } = ruleOf(trial.signal, 'test');
    // Labels and annotations are the catalogue's, not the mutant's: what is compared is when and for which series it fires.
    const rule = { alert, expr: trial.expr ?? expr, for: trial.for ?? wait ?? '0m' };
    writeFileSync(join(place, 'rule.json'), JSON.stringify({ groups: [{ name: 'g', rules: [rule] }] }));
    const file = join(place, 'test.json');
    writeFileSync(file, JSON.stringify(promtoolTest(trial.signal, 'rule.json')));
    return file;
  });
  // Both streams in one, so that verdicts and reasons keep their order: a verdict a file, failures on stderr.
  const { stdout } = spawnSync('sh', ['-c', 'exec "$@" 2>&1', 'sh', PROMTOOL, 'test', 'rules', ...files], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  const verdicts = stdout.split(/^(?= {2}(?:SUCCESS|FAILED))/m).filter((one) => /^ {2}(SUCCESS|FAILED)/.test(one));
  if (verdicts.length !== files.length) {
    throw new Error(`promtool answered for ${verdicts.length} of ${files.length} files: ${stdout.slice(0, 2000)}`);
  }
  return trials.map((trial, index) => ({
    name: trial.name,
    passed: verdicts[index]!.startsWith('  SUCCESS'),
    output: verdicts[index]!,
  }));
}
