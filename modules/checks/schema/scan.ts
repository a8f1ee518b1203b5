/**
 * Cuts a binding's TypeScript into what the extractor asks for. The text is generated and of one form throughout (all 2,212
 * files of provider-aws 21.22.1), so lines are matched as they are printed; nothing is compiled or run.
 */

/** An argument that can be set, as the function that writes it to HCL maps it. */
export interface Entry {
  readonly name: string;
  /** `cdktf.listMapperHcl(securityGroupIngressToHclTerraform, false)(this._ingress.internalValue)` */
  readonly value: string;
  /** `simple`, `list`, `set`, `map`, `struct`. */
  readonly collection: string;
  /** `string`, `stringList` … or the struct's class. */
  readonly storage: string;
  /** The struct's name, without `List` or `Map`. */
  readonly struct: string;
  /** Whether the interface that it is given by has a `?` on it. */
  readonly optional: boolean;
}

export interface Member {
  readonly flags: { readonly computed: boolean; readonly optional: boolean; readonly required: boolean };
  /** The lines after the comment, which say the type of what is only read. */
  readonly type: string;
}

export interface ClassText {
  /** `TerraformResource`, `ComplexObject` … */
  readonly base: string;
  /** `aws_vpc`; a provider's local name. */
  readonly terraformType?: string;
  readonly members: ReadonlyMap<string, Member>;
  readonly entries: readonly Entry[];
}

export interface SourceText {
  readonly classes: ReadonlyMap<string, ClassText>;
  /** Arguments by struct name. */
  readonly structs: ReadonlyMap<string, readonly Entry[]>;
}

const ENTRY =
  /^ +"?([\w-]+)"?: \{\n +value: (.*),\n +isBlock: (?:true|false),\n +type: "(\w+)",\n +storageClassType: "(\w+)",/gm;
const MEMBER = /^ +\/\/ (\w+) - computed: (true|false), optional: (true|false), required: (true|false)\n(.*\n.*)/gm;

export function scan(source: string): SourceText {
  const classes = new Map<string, ClassText>();
  const structs = new Map<string, readonly Entry[]>();
  const optional = optionalProperties(source);
  for (const section of source.split(/^export (?=class |function |interface )/m)) {
    const declared = /^class (\w+) extends cdktf\.(\w+)/.exec(section);
    if (declared !== null) {
      const [, name, base] = declared as unknown as [string, string, string];
      const type = /tfResourceType = "(\w+)"/.exec(section)?.[1];
      const terraformType = type === undefined ? {} : { terraformType: type };
      classes.set(name, {
        base,
        ...terraformType,
        members: membersOf(section),
        entries: entriesOf(section, optional, `${name}Config`),
      });
      continue;
    }
    const mapping = /^function (\w+)ToHclTerraform\(/.exec(section)?.[1];
    if (mapping !== undefined) {
      const struct = mapping.charAt(0).toUpperCase() + mapping.slice(1);
      structs.set(struct, entriesOf(section, optional, struct));
    }
  }
  return { classes, structs };
}

function membersOf(section: string): Map<string, Member> {
  return new Map(
    [...section.matchAll(MEMBER)].map(([, name = '', computed, optional, required, type = '']) => [
      name,
      { flags: { computed: computed === 'true', optional: optional === 'true', required: required === 'true' }, type },
    ]),
  );
}

function entriesOf(section: string, optional: ReadonlySet<string>, owner: string): Entry[] {
  return [...section.matchAll(ENTRY)].map(([, name = '', value = '', collection = '', storage = '']) => ({
    name,
    value,
    collection,
    storage,
    struct: /^[A-Z]/.test(storage) ? structOf(value, storage) : '',
    optional: optional.has(`${owner}.${camel(name)}`),
  }));
}

/** The mapping function names the struct without doubt: `…(vpcTimeoutsToHclTerraform…`. */
function structOf(value: string, storage: string): string {
  const mapping = /(\w+)ToHclTerraform/.exec(value)?.[1];
  return mapping === undefined
    ? storage.replace(/(List|Map)$/, '')
    : mapping.charAt(0).toUpperCase() + mapping.slice(1);
}

/** `VpcTimeouts.create` for every property declared with `?`. */
function optionalProperties(source: string): Set<string> {
  const found = new Set<string>();
  for (const [, name = '', body = ''] of source.matchAll(/^export interface (\w+)[^{]*\{\n([\s\S]*?)^\}/gm)) {
    for (const [, property = ''] of body.matchAll(/^ +readonly (\w+)\?:/gm)) found.add(`${name}.${property}`);
  }
  return found;
}

const camel = (name: string): string => name.replace(/_+([a-z0-9])/g, (_, char: string) => char.toUpperCase());
