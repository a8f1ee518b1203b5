/** Kinds of keys that the schema has several of, each with what the JSON Schema says of it. */
import { privateBlock } from './cidrs';
import { leaf, oneOf, text } from './leaf';
import type { LeafSchema, Read } from './leaf';
import { shape } from './shapes';
import { disk, minimum, usage } from './sizes';

export const string = (description: string, more: Record<string, unknown> = {}): LeafSchema => ({
  type: 'string',
  description,
  ...more,
});
export const words = <const T extends string>(list: readonly T[], description: string) =>
  leaf(oneOf(list), string(description, { enum: list }));
export const DIGITS = String.raw`^\d+(\.\d+)?`;
export const LABEL = '^[a-z]([a-z0-9-]*[a-z0-9])?$';

export const size = (least: number, most: number, why: string, description: string, beyond?: string) =>
  leaf(disk(least, most, why, beyond), string(description, { pattern: `${DIGITS} ?(GiB|TiB)$` }));
export const cidr = (read: Read<string>, description: string) =>
  leaf(read, string(description, { pattern: String.raw`^\d+(\.\d+){3}/\d+$` }));
export const version = (service: string, example: string, read: Read<string> = text('a version', example)) =>
  leaf(read, {
    type: ['string', 'number'],
    description: `${service} version, read as it is written: quotes are optional.`,
  });
export const shapeOf = leaf(
  shape,
  string('How a block is filled with subnets: `auto`, or extra prefix bits by name, such as `2,2,3,3,3,3`.', {
    pattern: String.raw`^(auto|\d+(, ?\d+)*)$`,
  }),
);

/** EBS volumes end at 64 TiB (gp3); Amazon Linux 2023 for EKS needs 20 GiB. */
export const MOST_GIB = 65_536;
export const rootDisk = (description: string) =>
  size(20, MOST_GIB, 'the system volume takes', description, 'keep data on the data services');

/** What every machine can say of itself. */
export const machine = (instance: string, least: string) => ({
  minimum: leaf(
    minimum,
    string('What a machine has at least; the cheapest non-burstable type that does is chosen.', {
      pattern: `${DIGITS} ?vCPUs?,? \\d+(\\.\\d+)? ?GiB$`,
    }),
  ).prefault(least),
  architecture: words(['arm64', 'x86_64'], 'Processor architecture; left out, whichever is cheaper.').optional(),
  instance: leaf(
    text('an instance type', instance),
    string(`Pins a type, such as \`${instance}\`; never a burstable one.`),
  ).optional(),
});

export const monthly = (what: string, likely: number) =>
  leaf(usage, {
    description: `${what} A number is the likely value, with half of it as low and its double as high; or give \`{ low, likely, high }\`.`,
    anyOf: [
      { type: 'number', minimum: 0 },
      {
        type: 'object',
        properties: { low: { type: 'number' }, likely: { type: 'number' }, high: { type: 'number' } },
        required: ['low', 'likely', 'high'],
        additionalProperties: false,
      },
    ],
  }).prefault(likely);

/** VPC block: AWS allows /16 to /28; six subnets that AWS and a load balancer accept take a /25. */
export const vpcBlock = (example: string) => privateBlock(25, 16, 'a block of the VPC is a /16 to a /25', example);
/** EKS, KubernetesNetworkConfigRequest.serviceIpv4Cidr: between /24 and /12. */
export const serviceBlock = privateBlock(24, 12, "Kubernetes' service block is a /12 to a /24", '172.20.0.0/16');
