/** `npm start`: synthesizes every stack, judges and prices the result, writes the report, and says it all on one screen. */
import { relative } from 'node:path';
import type { Command } from 'commander';
import { fails } from '../modules/checks';
import { summarize } from '../modules/report/summary';
import { paint } from './paint';
import { loadPlatform, PLATFORM_FILE, recordLedger } from './platform';
import { progress, progressDone } from './progress';
import { REPORT_FILE } from './report';
import { requirePlaceForReport, survey, writeReport } from './survey';
import { synthesize } from './synth';

interface StartOptions {
  readonly platform: string;
  readonly output: string;
  readonly report: string;
}

export function registerStart(program: Command): void {
  program
    .command('start')
    .description('synthesize the whole platform and report: addresses, machines, cost, checks')
    .option('-p, --platform <file>', 'the platform file', PLATFORM_FILE)
    .option('-o, --output <dir>', 'where the Terraform JSON goes', 'cdktf.out')
    .option('-r, --report <file>', 'where the report goes', REPORT_FILE)
    .action(start);
}

async function start({ platform: file, output, report: page }: StartOptions): Promise<void> {
  const { inputs, ledger } = loadPlatform({ platform: file });
  requirePlaceForReport(page);
  progress('synthesizing the stacks');
  const stacks = await synthesize(inputs, output);
  const recorded = recordLedger(ledger);

  progress('pricing and checking');
  const report = await survey(inputs, stacks, output);
  writeReport(page, report);
  progressDone();

  const { unpriced, monthly, pricesReadOn } = report.estimate;
  const open = report.findings.filter(fails);
  const summary = {
    ...inputs,
    stacks,
    unpriced: unpriced.length,
    ...(unpriced.length === 0 && { monthly, pricesReadOn }),
    findings: open,
    terraform: output,
    report: relative('.', page),
  };
  process.stdout.write(`${summarize(summary, paint)}\n`);
  if (recorded) {
    const { added } = ledger.reconciliation;
    process.stdout.write(`\n${added.length} new subnets written to ${ledger.file}: commit it with ${file}.\n`);
  }
  if (open.length > 0 || unpriced.length > 0) process.exitCode = 1;
}
