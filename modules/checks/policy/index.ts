/**
 * What every resource is held to, whoever wrote it: rules over resolved values, so that hand-written Terraform is judged as
 * ours is. A group of rules a file; each rule says why, with its source, and what to do.
 */
import type { Finding } from '../finding';
import type { ResolvedProject } from '../terraform';
import { ACCESS } from './access';
import { BURSTABLE } from './burstable';
import { DURABILITY } from './durability';
import { ENCRYPTION } from './encryption';
import { EXPOSURE } from './exposure';
import { ISOLATION } from './isolation';
import { METADATA } from './metadata';
import type { Policy, PolicyContext } from './policy';
import { SUPPORT } from './support';
import { TAGS } from './tags';
import { ZONE_POLICIES } from './zones';

export type { Objection, Policy, PolicyContext } from './policy';

export const POLICIES: readonly Policy[] = [
  ...BURSTABLE,
  ...ENCRYPTION,
  ...EXPOSURE,
  ...ACCESS,
  ...METADATA,
  ...DURABILITY,
  ...ZONE_POLICIES,
  ...ISOLATION,
  ...SUPPORT,
  ...TAGS,
];

/** Every objection of every policy, as findings, in the order of the policies. */
export function checkPolicies(
  project: ResolvedProject,
  context: PolicyContext,
  policies: readonly Policy[] = POLICIES,
): Finding[] {
  return policies.flatMap((policy) =>
    [...policy.find(project, context)].map(({ instance, attribute, value, message, fix }): Finding => {
      const { stack, origin } = instance.resource;
      const place =
        attribute === '' ? [] : attribute.split('.').map((step) => (/^\d+$/.test(step) ? Number(step) : step));
      return {
        id: policy.id,
        kind: 'policy',
        severity: policy.severity,
        stack,
        address: instance.address,
        attribute,
        ...(value !== undefined && { value }),
        message,
        fix: fix ?? policy.fix,
        origin: { ...origin, path: [...origin.path, ...place] },
      };
    }),
  );
}
