/** Small Terraform projects for cost tests, as hand-written JSON. */
import { estimate, type CostLine, type Estimate } from '../../../../modules/checks/cost';
import { loadTerraform, resolveProject, type Json } from '../../../../modules/checks/terraform';
import type { UsageSpec } from '../../../../modules/spec/platform';

// Loading the HCL parser takes a second, on a busy machine many; no test here is about time.
jest.setTimeout(60_000);

export const TODAY = '2026-11-24';

/** type → name → arguments, as Terraform JSON has it. */
export type Resources = Readonly<Record<string, Readonly<Record<string, Json>>>>;

const NOTHING = { low: 0, likely: 0, high: 0 };
export const NO_USAGE: UsageSpec = {
  natGb: NOTHING,
  producedGb: NOTHING,
  egressGb: NOTHING,
  interZoneGb: NOTHING,
  logsGb: NOTHING,
  lcu: NOTHING,
  snapshotGb: NOTHING,
};

export const exactly = (value: number) => ({ low: value, likely: value, high: value });

/** Prices resources of one stack in one region. */
export async function priced(
  resource: Resources,
  {
    region = 'us-east-1',
    usage = {},
    today = TODAY,
  }: { region?: string; usage?: Partial<UsageSpec>; today?: string } = {},
): Promise<Estimate> {
  const files = new Map([['main.tf.json', JSON.stringify({ provider: { aws: { region } }, resource }, null, 2)]]);
  const project = await resolveProject(loadTerraform(files));
  return estimate(project, { usage: { ...NO_USAGE, ...usage }, today });
}

/** Sum of some lines, in USD. */
export function sumOf(lines: readonly CostLine[]): number {
  return lines.reduce((sum, line) => sum + Math.round(line.monthly * 100), 0) / 100;
}
