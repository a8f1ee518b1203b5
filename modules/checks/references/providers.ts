import { suggest } from './nearest';
import { finding } from './rules';
import type { Finding } from '../finding';
import { isUnknown, type AttributeReference, type ResolvedProject, type Resource, type Stack } from '../terraform';
import { unknownsIn } from '../terraform/functions';
import { providerOf } from '../terraform/resolve';

/** Aliases that nobody declares, and what is configured or counted by values that the same apply has yet to make. */
export function checkProviders(resolved: ResolvedProject, stack: Stack): Finding[] {
  const one = resolved.stacks.find((candidate) => candidate.stack === stack);
  if (one === undefined) return [];
  const declared = Object.keys(one.providers);
  const findings: Finding[] = [];
  for (const resource of [...stack.resources, ...stack.data]) {
    const wanted = providerOf(resource);
    if (resource.meta.provider === undefined || !wanted.includes('.') || declared.includes(wanted)) continue;
    const message = `asks for provider "${wanted}", which stack ${stack.name} does not configure`;
    findings.push(
      finding(
        'reference.provider-alias',
        stack.name,
        resource.address,
        'provider',
        { value: wanted, message, fix: suggest(wanted, declared) },
        resource.origin,
      ),
    );
  }
  for (const [name, values] of Object.entries(one.providers)) {
    for (const [argument, value] of Object.entries(values)) {
      const made = madeByApply(
        resolved,
        stack,
        unknownsIn(value).flatMap(({ references }) => references),
      );
      if (made === undefined) continue;
      const written = unknownsIn(value)[0]?.text ?? '';
      const message = `is configured from ${written}, which is known only after ${made.address} is applied`;
      const fix = `move what ${name} makes into a stack of its own, after this one`;
      findings.push(
        finding(
          'reference.provider-unknown',
          stack.name,
          `provider.${name}`,
          argument,
          { value: written, message, fix },
          originOf(stack, name),
        ),
      );
    }
  }
  for (const { resource, count } of [...one.resources, ...one.data]) {
    const made = isUnknown(count) ? madeByApply(resolved, stack, count.references) : undefined;
    if (made === undefined || !isUnknown(count)) continue;
    const argument = resource.meta.count === undefined ? 'for_each' : 'count';
    const message = `${argument} is ${count.text}, which is known only after ${made.address} is applied`;
    findings.push(
      finding(
        'reference.count-unknown',
        stack.name,
        resource.address,
        argument,
        { value: count.text, message, fix: 'count something that is written in the configuration' },
        resource.origin,
      ),
    );
  }
  return findings;
}

const originOf = (stack: Stack, name: string) =>
  stack.providers.find((one) => name === (one.alias === undefined ? one.name : `${one.name}.${one.alias}`))?.origin;

/**
 * The managed resource of this stack that has to be applied first, if any. Another stack's has been: its state is read. A data
 * source is read at plan, unless what it is asked by is made by the same apply.
 */
function madeByApply(
  resolved: ResolvedProject,
  stack: Stack,
  references: readonly AttributeReference[],
  seen: ReadonlySet<Resource> = new Set(),
): Resource | undefined {
  for (const { resource } of references) {
    if (resource.stack !== stack.name || seen.has(resource)) continue;
    if (resource.mode === 'resource') return resource;
    const inner = resolved
      .of(resource)
      .flatMap(({ values }) => unknownsIn(values).flatMap((unknown) => unknown.references));
    const made = madeByApply(resolved, stack, inner, new Set([...seen, resource]));
    if (made !== undefined) return made;
  }
  return undefined;
}
