/** Writes what the stand-in is served with: the schema of the types in use, and what no schema tells. */
import { writeFileSync } from 'node:fs';
import { schemasInUse } from '../../cli/provider-schema';
import { readTerraformFiles } from '../../cli/terraform-files';
import { offers, REGIONS } from '../../modules/catalog';
import { REPLACEMENT } from '../../modules/checks/change';
import { providersSchemaJson, type ProviderSchemas } from '../../modules/checks/schema';
import { loadTerraform } from '../../modules/checks/terraform';
import * as answers from './answers';

/** AWS's own example account. */
const ACCOUNT = '123456789012';

/** What the stand-in refuses or delays on purpose (provider/facts.go). */
export interface Faults {
  /** `create aws_eks_addon` → the message. */
  readonly fail?: Readonly<Record<string, string>>;
  /** Seconds that every operation takes. */
  readonly seconds?: number;
}

/** The schema of every type that the given cdktf.out folders use. */
export function writeSchema(file: string, outputs: readonly string[]): void {
  const found = outputs.map((output) => schemasInUse(loadTerraform(readTerraformFiles(output), output)).schemas);
  writeFileSync(file, JSON.stringify(providersSchemaJson(found.reduce(merged), {})));
}

const merged = (a: ProviderSchemas, b: ProviderSchemas): ProviderSchemas =>
  Object.fromEntries(
    [...new Set([...Object.keys(a), ...Object.keys(b)])].map((name) => [
      name,
      {
        ...(a[name] ?? b[name]),
        resource_schemas: { ...a[name]?.resource_schemas, ...b[name]?.resource_schemas },
        data_source_schemas: { ...a[name]?.data_source_schemas, ...b[name]?.data_source_schemas },
      },
    ]),
  ) as ProviderSchemas;

export function writeFacts(file: string, { fail = {}, seconds = 0 }: Faults = {}): void {
  const offered = REGIONS.map(({ name }) => [
    name,
    (['ec2', 'rds', 'msk'] as const).flatMap((service) => offers(service, name).map((offer) => offer.name)),
  ]);
  const facts = {
    accountId: ACCOUNT,
    region: 'us-east-2',
    replace: Object.fromEntries(Object.entries(REPLACEMENT).map(([type, rule]) => [type, rule.arguments])),
    idPrefix: answers.ID_PREFIX,
    idFrom: answers.ID_FROM,
    computed: answers.COMPUTED,
    lengths: {},
    moving: answers.MOVING,
    maxLength: answers.MAX_LENGTH,
    unique: answers.UNIQUE,
    protected: answers.PROTECTED,
    offered: Object.fromEntries(offered) as object,
    instanceAttributes: answers.INSTANCE_ARGUMENTS,
    fail,
    seconds,
  };
  writeFileSync(file, JSON.stringify(facts, null, 1));
}
