/**
 * `TerraformProject`: synthesized or hand-written Terraform JSON after reading, whatever form it was written in. Blocks that
 * Terraform lets one write as an object or as an array are lists here; expressions are still text (`resolve` reads them).
 */

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** A block's arguments and nested blocks as they were written, expressions unread. */
export type Body = Readonly<Record<string, Json>>;

/** Where a thing was written. `path` leads to it in the file's JSON; `locate` turns it into a line. */
export interface Origin {
  readonly file: string;
  readonly path: readonly (string | number)[];
}

/** Arguments that Terraform itself reads, in any resource of any provider. */
export interface MetaArguments {
  readonly count?: Json;
  readonly for_each?: Json;
  readonly provider?: Json;
  readonly depends_on?: Json;
  readonly lifecycle?: Json;
  readonly provisioner?: Json;
  readonly connection?: Json;
}

export interface Resource {
  readonly stack: string;
  readonly mode: 'resource' | 'data';
  /** `aws_vpc.main`, `data.aws_region.current`: unique in its stack. */
  readonly address: string;
  readonly type: string;
  readonly name: string;
  /** Without the meta-arguments. */
  readonly body: Body;
  readonly meta: MetaArguments;
  readonly origin: Origin;
}

export interface ProviderConfiguration {
  /** `aws`. */
  readonly name: string;
  readonly alias?: string;
  readonly body: Body;
  readonly origin: Origin;
}

export interface Variable {
  readonly name: string;
  /** Undefined when whoever runs Terraform must give it. */
  readonly default?: Json;
  readonly origin: Origin;
}

export interface Output {
  readonly name: string;
  readonly value: Json;
  readonly sensitive: boolean;
  readonly origin: Origin;
}

export interface Local {
  readonly name: string;
  readonly value: Json;
  readonly origin: Origin;
}

export interface Backend {
  /** `local`, `s3` … */
  readonly type: string;
  readonly body: Body;
}

/** A stack's reading of another's outputs. */
export interface RemoteState {
  readonly name: string;
  readonly backend: string;
  readonly config: Body;
  /** Values that the reader falls back to. */
  readonly defaults: Body;
  readonly origin: Origin;
}

/** A call of a module: what the module makes is not in the JSON, so nothing here can say anything of it. */
export interface ModuleCall {
  readonly name: string;
  readonly source?: string;
  readonly body: Body;
  readonly origin: Origin;
}

/** What is applied together: one folder of Terraform JSON. */
export interface Stack {
  readonly name: string;
  /** Relative to the project's root: `stacks/network`. */
  readonly folder: string;
  readonly resources: readonly Resource[];
  /** Data sources, remote states not among them. */
  readonly data: readonly Resource[];
  readonly remoteStates: readonly RemoteState[];
  readonly providers: readonly ProviderConfiguration[];
  /** Local names of `required_providers`, with their version constraint. */
  readonly requiredProviders: Readonly<Record<string, { readonly source?: string; readonly version?: string }>>;
  readonly variables: readonly Variable[];
  readonly locals: readonly Local[];
  readonly outputs: readonly Output[];
  readonly modules: readonly ModuleCall[];
  /** Undefined: Terraform's default, a local file in the stack's folder. */
  readonly backend?: Backend;
  /** `moved` blocks: from one address to another. */
  readonly moved: readonly { readonly from: string; readonly to: string }[];
  /** Addresses that `removed` blocks take out of the state without destroying what they name. */
  readonly forgotten: readonly string[];
  /** `assert` blocks of `check` blocks that declare no data source of their own. */
  readonly assertions: readonly { readonly name: string; readonly value: Json; readonly origin: Origin }[];
}

export interface TerraformProject {
  readonly stacks: readonly Stack[];
  /** The text that each file was read from, by its path: to say the line of a finding. */
  readonly texts: ReadonlyMap<string, string>;
}
