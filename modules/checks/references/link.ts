import { cyclesOf } from './cycles';
import { StackLinker } from './linker';
import { finding } from './rules';
import type { Finding } from '../finding';
import type { ProviderSchemas } from '../schema';
import type { ResolvedProject, Resource } from '../terraform';
import type { Templates } from '../terraform/parse';

export interface LinkInput {
  readonly resolved: ResolvedProject;
  readonly templates: Templates;
  /** Of the types in use, by the provider's local name. */
  readonly schemas: ProviderSchemas;
  /** Every type that a provider has, to suggest one; undefined when its bindings are not installed. */
  readonly typesOf: (provider: string, mode: Resource['mode']) => readonly string[] | undefined;
}

/** Every fault of every stack, in the order of the files. */
export function checkReferences(input: LinkInput): Finding[] {
  const linkers = new Map<string, StackLinker>();
  for (const stack of input.resolved.project.stacks) linkers.set(stack.name, new StackLinker(stack, input, linkers));
  const findings = [...linkers.values()].flatMap((linker) => linker.check());
  const edges = new Map([...linkers].map(([name, linker]) => [name, linker.stacksRead]));
  for (const cycle of cyclesOf(edges)) {
    const message = `stacks need each other: ${cycle.join(' → ')}`;
    findings.push(
      finding('reference.cycle', cycle[0] as string, cycle[0] as string, '', {
        value: cycle.join(' → '),
        message,
        fix: 'move what both need into a stack before them',
      }),
    );
  }
  return findings;
}
