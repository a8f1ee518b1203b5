import type { SchemaKind } from './binding';
import type { AttributeSchema, BlockSchema, CtyType, NestedBlockSchema, NestingMode } from './provider-schema';
import { scan, type ClassText, type Entry, type SourceText } from './scan';

export interface Extracted {
  readonly kind: SchemaKind;
  /** `aws_vpc`; for a provider its local name. */
  readonly type: string;
  readonly block: BlockSchema;
}

/**
 * The schema of the one type that a binding's TypeScript declares.
 *
 * @param nestedAttributes whether the provider speaks protocol 6 and nests attributes (helm) rather than blocks (aws): the
 *   bindings write both alike
 * @returns undefined when the text declares no resource, data source or provider
 */
export function extractSchema(source: string, { nestedAttributes = false } = {}): Extracted | undefined {
  const text = scan(source);
  const main = [...text.classes.values()].find(({ base }) => /^Terraform(Resource|DataSource|Provider)$/.test(base));
  const type = main?.terraformType;
  if (main === undefined || type === undefined) return undefined;
  const kind =
    main.base === 'TerraformResource' ? 'resource' : main.base === 'TerraformDataSource' ? 'data' : 'provider';
  return { kind, type, block: new Extractor(text, nestedAttributes).block(main, main.entries) };
}

/** Flags of one attribute: `// cidr_block - computed: true, optional: true, required: false`. */
interface Flags {
  readonly computed: boolean;
  readonly optional: boolean;
  readonly required: boolean;
}

const SIMPLE: Readonly<Record<string, CtyType>> = {
  string: 'string',
  number: 'number',
  boolean: 'bool',
  any: 'dynamic',
  stringMap: ['map', 'string'],
  numberMap: ['map', 'number'],
  booleanMap: ['map', 'bool'],
  stringMapMap: ['map', ['map', 'string']],
};

class Extractor {
  constructor(
    private readonly text: SourceText,
    private readonly nestedAttributes: boolean,
  ) {}

  block(owner: ClassText | undefined, entries: readonly Entry[]): BlockSchema {
    const attributes: Record<string, AttributeSchema> = {};
    const blocks: Record<string, NestedBlockSchema> = {};
    for (const entry of entries) {
      const flags = owner?.members.get(entry.name)?.flags ?? this.flagsOfInterface(entry);
      const form = this.formOf(entry);
      if (form === 'attribute') attributes[entry.name] = { type: typeOfEntry(entry), ...written(flags) };
      else if (form === 'object') attributes[entry.name] = { type: this.objectType(entry), ...written(flags) };
      else if (form === 'nested') attributes[entry.name] = { ...this.nestedType(entry), ...written(flags) };
      else blocks[entry.name] = this.nestedBlock(entry, form, flags);
    }
    for (const [name, { flags, type }] of owner?.members ?? []) {
      if (!(name in attributes) && !(name in blocks))
        attributes[name] = { type: this.computedType(type), ...written(flags) };
    }
    return { attributes: sorted(attributes), block_types: sorted(blocks) };
  }

  private formOf({ value, collection, storage }: Entry): 'attribute' | 'object' | 'nested' | 'many' | 'one' | 'single' {
    if (/^[a-z]/.test(storage)) return 'attribute';
    if (this.nestedAttributes) return 'nested';
    if (/listMapperHcl\(\w+, true\)/.test(value)) return 'many';
    if (/listMapperHcl\(\w+, false\)/.test(value) || /hashMapperHcl\(/.test(value)) return 'object';
    return collection === 'struct' ? 'single' : 'one';
  }

  private nestedBlock(entry: Entry, form: 'many' | 'one' | 'single', flags: Flags): NestedBlockSchema {
    const block = this.structBlock(entry);
    // On a single block the flag speaks of the block's arguments, not of the block.
    if (form === 'single') return { nesting_mode: 'single', block };
    const min = flags.required ? { min_items: 1 } : {};
    return {
      nesting_mode: entry.collection as NestingMode,
      block,
      ...min,
      ...(form === 'one' ? { max_items: 1 } : {}),
    };
  }

  /** A struct's arguments are in its mapping function, their flags in the class that reads it back. */
  private structBlock({ struct }: Entry): BlockSchema {
    const owner = this.text.classes.get(`${struct}OutputReference`);
    return this.block(owner, this.text.structs.get(struct) ?? []);
  }

  private nestedType(entry: Entry): Pick<AttributeSchema, 'nested_type'> {
    const { attributes } = this.structBlock(entry);
    const nesting_mode: NestingMode = entry.collection === 'struct' ? 'single' : (entry.collection as NestingMode);
    return { nested_type: { attributes, nesting_mode } };
  }

  private objectType(entry: Entry): CtyType {
    const object = objectOf(this.structBlock(entry));
    return entry.collection === 'struct' ? object : [entry.collection as 'list' | 'set' | 'map', object];
  }

  private computedType(type: string): CtyType {
    const complex = /new (\w+?)(List|Map|OutputReference)\(this, ["']\w+["'](, true)?/.exec(type);
    if (complex !== null && !type.includes('new cdktf.')) {
      const object = objectOf(this.block(this.text.classes.get(`${complex[1] as string}OutputReference`), []));
      if (complex[2] === 'OutputReference') return object;
      return complex[2] === 'Map' ? ['map', object] : [complex[3] === undefined ? 'list' : 'set', object];
    }
    const outer = type.includes('Fn.tolist') ? 'set' : 'list';
    if (type.includes('getNumberListAttribute')) return [outer, 'number'];
    if (type.includes('getListAttribute')) return [outer, 'string'];
    if (type.includes('getStringAttribute')) return 'string';
    if (type.includes('getNumberAttribute')) return 'number';
    if (type.includes('getBooleanAttribute')) return 'bool';
    if (/StringMapList/.test(type)) return ['list', ['map', 'string']];
    if (/StringMap|getStringMapAttribute/.test(type)) return ['map', 'string'];
    if (/NumberMap|getNumberMapAttribute/.test(type)) return ['map', 'number'];
    if (/BooleanMap|getBooleanMapAttribute/.test(type)) return ['map', 'bool'];
    return 'dynamic';
  }

  /** Structs of a provider's configuration are never read back, so only their interface says what must be given. */
  private flagsOfInterface({ optional }: Entry): Flags {
    return { computed: false, optional, required: !optional };
  }
}

function typeOfEntry({ collection, storage }: Entry): CtyType {
  const outer = collection === 'set' ? 'set' : 'list';
  if (storage === 'stringList') return [outer, 'string'];
  if (storage === 'numberList') return [outer, 'number'];
  if (storage === 'stringListList') return [outer, ['list', 'string']];
  if (storage === 'stringMapList') return [outer, ['map', 'string']];
  return SIMPLE[storage] ?? 'dynamic';
}

const objectOf = ({ attributes, block_types }: BlockSchema): CtyType => [
  'object',
  {
    ...Object.fromEntries(Object.entries(attributes).map(([name, { type }]) => [name, type ?? 'dynamic'])),
    ...Object.fromEntries(
      Object.entries(block_types).map(([name, { nesting_mode, block }]): [string, CtyType] => [
        name,
        nesting_mode === 'single' ? objectOf(block) : [nesting_mode, objectOf(block)],
      ]),
    ),
  },
];

const written = ({
  computed,
  optional,
  required,
}: Flags): Pick<AttributeSchema, 'required' | 'optional' | 'computed'> => ({
  ...(required && { required: true as const }),
  ...(optional && { optional: true as const }),
  ...(computed && { computed: true as const }),
});

const sorted = <T>(record: Record<string, T>): Record<string, T> =>
  Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
