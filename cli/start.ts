/** `npm start`: synthesizes every stack, judges and prices the result, writes the report, and says it all on one screen. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, relative } from 'node:path';
import type { Command } from 'commander';
import { fails, waive } from '../modules/checks';
import { estimate, manifestCosts } from '../modules/checks/cost';
import { reachability, reachabilityFindings, specificationOf } from '../modules/checks/reachability';
import { loadTerraform } from '../modules/checks/terraform';
import { reportPage } from '../modules/report/html';
import { platformMap } from '../modules/report/platform-map';
import { summarize, type Summary } from '../modules/report/summary';
import { judge } from './findings';
import { gitopsManifests } from './gitops-manifests';
import { paint } from './paint';
import { loadPlatform, PLATFORM_FILE, recordLedger, today } from './platform';
import { progress, progressDone } from './progress';
import { synthesize } from './synth';
import { readTerraformFiles } from './terraform-files';

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
    .option('-r, --report <file>', 'where the report goes', 'out/report.html')
    .action(start);
}

async function start({ platform: file, output, report }: StartOptions): Promise<void> {
  const { inputs, ledger } = loadPlatform({ platform: file });
  const { platform } = inputs;
  progress('synthesizing the stacks');
  const stacks = await synthesize(inputs, output);
  const recorded = recordLedger(ledger);

  progress('pricing and checking');
  const judged = await judge(loadTerraform(readTerraformFiles(output), output), platform.waivers);
  const { resolved } = judged;
  const matrix = reachability(resolved, specificationOf(platform));
  const findings = [...judged.findings, ...waive(reachabilityFindings(matrix), platform.waivers, today())];
  const cost = estimate(resolved, {
    usage: platform.usage,
    today: today(),
    further: manifestCosts(gitopsManifests(), platform.region),
  });
  const open = findings.filter(fails);

  const summary: Summary = {
    ...inputs,
    stacks,
    unpriced: cost.unpriced.length,
    ...(cost.unpriced.length === 0 && { monthly: cost.monthly, pricesReadOn: cost.pricesReadOn }),
    findings: open,
    terraform: output,
    report: relative('.', report),
  };
  mkdirSync(dirname(report), { recursive: true });
  writeFileSync(
    report,
    reportPage({
      summary,
      estimate: cost,
      findings,
      reachability: matrix,
      picture: platformMap(resolved),
      madeOn: today(),
    }),
  );
  progressDone();

  process.stdout.write(`${summarize(summary, paint)}\n`);
  if (recorded) {
    const { added } = ledger.reconciliation;
    process.stdout.write(`\n${added.length} new subnets written to ${ledger.file}: commit it with ${file}.\n`);
  }
  if (open.length > 0 || cost.unpriced.length > 0) process.exitCode = 1;
}
