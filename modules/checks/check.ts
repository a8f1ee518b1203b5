import type { Waiver } from '../spec/platform';
import { checkCapacity } from './capacity';
import { SEVERITIES, type Finding, type Severity } from './finding';
import { checkPolicies } from './policy';
import { checkReferences, type LinkInput } from './references';
import { resolveWith, templatesOf, type ResolvedProject } from './terraform';
import { parseTemplates } from './terraform/parse';
import type { TerraformProject } from './terraform';
import { waive } from './waivers';

export interface CheckInput extends Pick<LinkInput, 'schemas' | 'typesOf'> {
  readonly project: TerraformProject;
  /** ISO date against which support dates and waivers are judged. */
  readonly today: string;
  readonly waivers?: readonly Waiver[];
}

export interface CheckResult {
  /** The gravest first; within one severity in the order of the files. */
  readonly findings: readonly Finding[];
  readonly resolved: ResolvedProject;
}

/** Everything that is judged without a price: references, policies, capacity. Pure but for loading the HCL parser. */
export async function check({ project, schemas, typesOf, today, waivers = [] }: CheckInput): Promise<CheckResult> {
  const templates = await parseTemplates(templatesOf(project));
  const resolved = resolveWith(project, templates);
  const findings = [
    ...checkReferences({ resolved, templates, schemas, typesOf }),
    ...checkPolicies(resolved, { today, schemas }),
    ...checkCapacity(resolved),
  ];
  const rank = ({ severity }: Finding) => SEVERITIES.indexOf(severity);
  return { findings: waive(findings, waivers, today).sort((a, b) => rank(a) - rank(b)), resolved };
}

/** Whether a finding fails a run. */
export const fails = ({ severity, waived }: Finding): boolean => severity !== 'info' && waived === undefined;

/** How many findings fail, by severity; and how many are waived. */
export function counts(findings: readonly Finding[]): Record<Severity | 'waived', number> {
  const open = findings.filter(({ waived }) => waived === undefined);
  const by = Object.fromEntries(
    SEVERITIES.map((severity) => [severity, open.filter((one) => one.severity === severity).length]),
  );
  return { ...(by as Record<Severity, number>), waived: findings.length - open.length };
}
