/** Whatever can be tagged says whose it is. */
import { providerOf } from '../terraform/resolve';
import { block, blocks, text, type Instance, type ResolvedProject, type Value } from '../terraform';
import type { Objection, Policy, PolicyContext } from './policy';

/** The tag by which a bill is split and an orphan found. */
const REQUIRED = 'project';

/** Tags that the provider puts on whatever it makes. */
function defaultTags(project: ResolvedProject, { resource }: Instance): readonly string[] {
  const stack = project.stacks.find((one) => one.stack.name === resource.stack);
  const provider = stack?.providers[providerOf(resource)];
  return blocks(provider?.default_tags).flatMap(({ tags }) => namesOf(tags));
}

const namesOf = (tags: Value | undefined): string[] => Object.keys(block(tags) ?? {});

function* find(project: ResolvedProject, { schemas }: PolicyContext): Generator<Objection> {
  const taggable = (type: string) =>
    Object.values(schemas).some(
      (schema) =>
        Object.hasOwn(schema.resource_schemas, type) &&
        schema.resource_schemas[type]?.block.attributes.tags_all !== undefined,
    );
  for (const instance of project.instances) {
    const { resource, values } = instance;
    if (taggable(resource.type) && ![...namesOf(values.tags), ...defaultTags(project, instance)].includes(REQUIRED)) {
      yield {
        instance,
        attribute: 'tags',
        value: namesOf(values.tags).join(', '),
        message: `it bears no tag "${REQUIRED}"`,
      };
    }
    if (resource.type === 'aws_launch_template') yield* launched(instance);
  }
}

/** The provider's tags do not reach what a launch template starts. */
function* launched(instance: Instance): Generator<Objection> {
  const specifications = blocks(instance.values.tag_specifications);
  for (const kind of ['instance', 'volume']) {
    const tags = specifications
      .filter(({ resource_type: type }) => text(type) === kind)
      .flatMap((one) => namesOf(one.tags));
    if (!tags.includes(REQUIRED))
      yield {
        instance,
        attribute: 'tag_specifications',
        value: kind,
        message: `each ${kind} that it starts bears no tag "${REQUIRED}"`,
      };
  }
}

export const TAGS: readonly Policy[] = [
  {
    id: 'tags.project',
    severity: 'low',
    title: `Everything that can be tagged bears the tag "${REQUIRED}"`,
    reason:
      'a bill is split and an orphan found by it (AWS Billing User Guide, "Organizing costs using cost allocation tags")',
    fix: 'set default_tags on the provider, and tag_specifications on launch templates',
    find,
  },
];
