/** Resolves a project and gathers everything that the checks find in it. */
import { check, type CheckResult } from '../modules/checks';
import type { TerraformProject } from '../modules/checks/terraform';
import type { Waiver } from '../modules/spec/platform';
import { today } from './platform';
import { schemasInUse } from './provider-schema';

/** @param waivers of platform.yaml: findings that are accepted for a while */
export function judge(project: TerraformProject, waivers: readonly Waiver[] = []): Promise<CheckResult> {
  return check({ project, ...schemasInUse(project), today: today(), waivers });
}
