/** `cimiento report`: the whole answer on one page, for whoever must decide; nothing else is written. */
import type { Command } from 'commander';
import { fails } from '../modules/checks';
import type { Report } from '../modules/report/html';
import { forPrograms } from './addresses';
import { loadPlatform, PLATFORM_FILE } from './platform';
import { progress, progressDone } from './progress';
import { requirePlaceForReport, survey, writeReport } from './survey';
import { synthesize, unseen } from './synth';

export const REPORT_FILE = 'out/report.html';

interface ReportOptions {
  readonly platform: string;
  readonly output: string;
  readonly json?: boolean;
}

export function registerReport(program: Command): void {
  program
    .command('report')
    .description('the page for whoever must decide: map, addresses, machines, cost, who reaches whom, findings')
    .option('-p, --platform <file>', 'the platform file', PLATFORM_FILE)
    .option('-o, --output <file>', 'where the page goes', REPORT_FILE)
    .option('--json', 'what the page says as one JSON object; no page is written')
    .action(report);
}

async function report({ platform, output, json }: ReportOptions): Promise<void> {
  const { inputs } = loadPlatform({ platform });
  if (json !== true) requirePlaceForReport(output);
  progress('synthesizing, pricing, checking');
  const made = await unseen(async (folder) => survey(inputs, await synthesize(inputs, folder), folder));
  progressDone();
  if (json === true) process.stdout.write(`${JSON.stringify(objectOf(made), null, 2)}\n`);
  else {
    writeReport(output, made);
    process.stdout.write(`${output}\n`);
  }
  if (made.findings.some(fails) || made.estimate.unpriced.length > 0) process.exitCode = 1;
}

/** Fields may be added, never renamed. Each part is what its own command prints in full. */
function objectOf({ platform, plan, choices, stacks, estimate, findings, madeOn }: Report) {
  const { currency, pricesReadOn, monthly, unpriced } = estimate;
  const { name, region, profile } = platform;
  return {
    name,
    region,
    profile,
    madeOn,
    stacks,
    addresses: forPrograms(plan),
    machines: choices,
    cost: { currency, pricesReadOn, ...(unpriced.length === 0 && { monthly }), unpriced: unpriced.length },
    findings: findings.filter(fails),
  };
}
