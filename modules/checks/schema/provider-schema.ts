/** The format of `terraform providers schema -json`: https://developer.hashicorp.com/terraform/cli/commands/providers/schema */

/** A cty type as JSON: `"string"`, `["set", "string"]`, `["list", ["object", {"id": "string"}]]`. */
export type CtyType =
  | 'string'
  | 'number'
  | 'bool'
  | 'dynamic'
  | readonly ['list' | 'set' | 'map', CtyType]
  | readonly ['object', Readonly<Record<string, CtyType>>];

export interface AttributeSchema {
  /** Absent where `nested_type` says it. */
  readonly type?: CtyType;
  readonly nested_type?: {
    readonly attributes: Readonly<Record<string, AttributeSchema>>;
    readonly nesting_mode: NestingMode;
  };
  readonly required?: true;
  readonly optional?: true;
  readonly computed?: true;
}

export type NestingMode = 'single' | 'list' | 'set' | 'map';

export interface NestedBlockSchema {
  readonly nesting_mode: NestingMode;
  readonly block: BlockSchema;
  readonly min_items?: number;
  readonly max_items?: number;
}

export interface BlockSchema {
  readonly attributes: Readonly<Record<string, AttributeSchema>>;
  readonly block_types: Readonly<Record<string, NestedBlockSchema>>;
}

export interface ProviderSchema {
  readonly provider?: { readonly version: number; readonly block: BlockSchema };
  readonly resource_schemas: Readonly<Record<string, { readonly version: number; readonly block: BlockSchema }>>;
  readonly data_source_schemas: Readonly<Record<string, { readonly version: number; readonly block: BlockSchema }>>;
}

/** By the provider's local name (`aws`), as configurations name it. */
export type ProviderSchemas = Readonly<Record<string, ProviderSchema>>;

/** The file that `terraform providers schema -json` prints. */
export const providersSchemaJson = (schemas: ProviderSchemas, sources: Readonly<Record<string, string>>): unknown => ({
  format_version: '1.0',
  provider_schemas: Object.fromEntries(
    Object.entries(schemas).map(([name, schema]) => [
      sources[name] ?? `registry.terraform.io/hashicorp/${name}`,
      schema,
    ]),
  ),
});
