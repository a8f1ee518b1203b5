/** Runs promtool's unit tests: many small files, few calls, as many at once as there are processors. */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promtoolTest, ruleOf, type Signal } from '../../modules/monitoring';

const BIN = join(process.env['LAB_HOME'] ?? '/var/tmp/lab', 'bin');
export const PROMTOOL = join(BIN, 'promtool');
export const PROMETHEUS = join(BIN, 'prometheus');
export const ALERTMANAGER = join(BIN, 'alertmanager');
export const AMTOOL = join(BIN, 'amtool');

/** Why a program of the lab cannot be run here, or nothing. */
export const whyNot = (...programs: readonly string[]): string | undefined => {
  const missing = (programs.length === 0 ? [PROMTOOL] : programs).filter((one) => !existsSync(one));
  return missing.length === 0 ? undefined : `${missing.join(', ')} is not there; \`npm run lab -- build\` builds it`;
};

/** A unit test of promtool's with the rules that it tests. */
export interface Scenario {
  readonly name: string;
  readonly rules: unknown;
  readonly test: unknown;
}

export interface Outcome {
  readonly name: string;
  readonly passed: boolean;
  /** promtool's words about the failure. */
  readonly output: string;
}

type Report = (outcomes: readonly Outcome[], done: number) => void;

/** A rule under test: a signal's own, or a mutant of it. */
export interface Trial {
  readonly name: string;
  readonly signal: Signal;
  readonly expr?: string;
  readonly for?: string;
}

/** Trials a call: promtool reads its files one after the other. */
const BATCH = 40;

export const runTrials = (trials: readonly Trial[], report?: Report): Promise<Outcome[]> =>
  runScenarios(trials.map(scenarioOf), report, BATCH);

function scenarioOf({ name, signal, expr, for: wait }: Trial): Scenario {
  const rule = ruleOf(signal, 'test');
  // Labels and annotations are the catalogue's, not the mutant's: what is compared is when and for which series it fires.
  const changed = { alert: rule.alert, expr: expr ?? rule.expr, for: wait ?? rule.for ?? '0m' };
  const { tests } = promtoolTest(signal);
  return { name, rules: { groups: [{ name: 'g', rules: [changed] }] }, test: tests };
}

/** @param batch scenarios a call of promtool */
export async function runScenarios(
  scenarios: readonly Scenario[],
  report: Report = () => {},
  batch = 1,
): Promise<Outcome[]> {
  const folder = mkdtempSync(join(tmpdir(), 'alerts-'));
  const outcomes: Outcome[] = [];
  let next = 0;
  let done = 0;
  const worker = async (): Promise<void> => {
    while (next < scenarios.length) {
      const start = next;
      next += batch;
      const finished = await runBatch(folder, scenarios.slice(start, start + batch), start);
      finished.forEach((one, index) => (outcomes[start + index] = one));
      done += finished.length;
      report(finished, done);
    }
  };
  try {
    await Promise.all(Array.from({ length: availableParallelism() }, worker));
    return outcomes;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function runBatch(folder: string, scenarios: readonly Scenario[], start: number): Promise<Outcome[]> {
  const files = scenarios.map(({ rules, test }, index) => {
    const place = join(folder, String(start + index));
    mkdirSync(place);
    writeFileSync(join(place, 'rule.json'), JSON.stringify(rules));
    const file = join(place, 'test.json');
    writeFileSync(
      file,
      JSON.stringify({
        rule_files: ['rule.json'],
        evaluation_interval: '1m',
        tests: Array.isArray(test) ? test : [test],
      }),
    );
    return file;
  });
  const words = await said(['test', 'rules', ...files]);
  const verdicts = words.split(/^(?= {2}(?:SUCCESS|FAILED))/m).filter((one) => /^ {2}(SUCCESS|FAILED)/.test(one));
  if (verdicts.length !== files.length) {
    throw new Error(`promtool answered for ${verdicts.length} of ${files.length} files: ${words.slice(0, 2000)}`);
  }
  return scenarios.map(({ name }, index) => ({
    name,
    passed: verdicts[index]!.startsWith('  SUCCESS'),
    output: verdicts[index]!,
  }));
}

/** What promtool says. Both streams in one, so that verdicts and reasons keep their order: a verdict a file, failures on stderr. */
function said(args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn('sh', ['-c', 'exec "$@" 2>&1', 'sh', PROMTOOL, ...args], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.on('error', reject);
    child.on('close', () => resolve(Buffer.concat(chunks).toString('utf8')));
  });
}
