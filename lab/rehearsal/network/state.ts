/** What Terraform itself says exists after an apply: `terraform show -json`, every reference already an id. */
import { terraform } from '../terraform';
import type { Stack } from '../workspace';

/** Attributes, as the provider's documentation has them. */
export type Values = Record<string, unknown>;

export interface Existing {
  /** `network/aws_subnet.subnets_testing-private-a` */
  readonly name: string;
  readonly type: string;
  readonly values: Values;
}

export async function existing(stacks: readonly Stack[], environment: NodeJS.ProcessEnv): Promise<Existing[]> {
  const all: Existing[] = [];
  for (const { name, folder } of stacks) {
    const { code, output } = await terraform(folder, ['show', '-json'], environment);
    if (code !== 0) throw new Error(output);
    const { values } = JSON.parse(output) as {
      readonly values?: {
        readonly root_module: { readonly resources?: readonly { address: string; mode: string; type: string; values: Values }[] };
      };
    };
    for (const one of values?.root_module.resources ?? []) {
      if (one.mode === 'managed') all.push({ name: `${name}/${one.address}`, type: one.type, values: one.values });
    }
  }
  return all;
}
