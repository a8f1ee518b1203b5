/**
 * The shape of platform.yaml: every key with its reader, its default and what it means. The JSON Schema for editors and the
 * reference in docs/platform-yaml.md are printed from here; what concerns several values at once is in rules/.
 */
import { z } from 'zod';
import { allowRule } from './allow';
import { privateBlock, publicSource } from './cidrs';
import { defaults } from './defaults';
import { leaf, oneOf, otherKind, readText, Refused, text, whole } from './leaf';
import type { LeafSchema, Read } from './leaf';
import { bucket, email, images, LABEL_LIMIT, label, NAME_LIMIT, principal, repository, revision, tags } from './names';
import { show } from './problems';
import { shape } from './shapes';
import { backups, disk, minimum, usage, usd } from './sizes';
import { mapping } from './leaf';
import { SERVICE_NAMES } from './services';
import type { StateBackend } from './platform';
import { zones } from './zones';

const string = (description: string, more: Record<string, unknown> = {}): LeafSchema => ({
  type: 'string',
  description,
  ...more,
});
const words = <const T extends string>(list: readonly T[], description: string) =>
  leaf(oneOf(list), string(description, { enum: list }));
const DIGITS = String.raw`^\d+(\.\d+)?`;
const LABEL = '^[a-z]([a-z0-9-]*[a-z0-9])?$';

const size = (least: number, most: number, why: string, description: string) =>
  leaf(disk(least, most, why), string(description, { pattern: `${DIGITS} ?(GiB|TiB)$` }));
const cidr = (read: Read<string>, description: string) =>
  leaf(read, string(description, { pattern: String.raw`^\d+(\.\d+){3}/\d+$` }));
const version = (service: string, example: string) =>
  leaf(text('a version', example), {
    type: ['string', 'number'],
    description: `${service} version, read as it is written: quotes are optional.`,
  });
const shapeOf = leaf(
  shape,
  string('How a block is filled with subnets: `auto`, or extra prefix bits by name, such as `2,2,3,3,3,3`.', {
    pattern: String.raw`^(auto|\d+(, ?\d+)*)$`,
  }),
);

/** EBS volumes end at 64 TiB (gp3); Amazon Linux 2023 for EKS needs 20 GiB. */
const MOST_GIB = 65_536;
const rootDisk = (description: string) => size(20, MOST_GIB, 'the system volume takes', description);

/** What every machine can say of itself. */
const machine = (instance: string, least: string) => ({
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

const segment = (value: unknown): string => {
  const name = label('a segment name', 'production', LABEL_LIMIT)(value);
  if (name === 'kubernetes')
    throw new Refused('kubernetes is the name of the Kubernetes block itself', 'choose another name for the segment');
  return name;
};

const state: Read<StateBackend> = (value) => {
  if (value === 'local') return { kind: 'local' };
  if (typeof value === 'string')
    throw new Refused(`${show(value)} is no state backend`, 'write local or { s3: my-bucket }');
  const { s3 } = mapping(value, ['s3'], 'a state backend', 'local or { s3: my-bucket }');
  return { kind: 's3', bucket: bucket(readText(s3, 'a bucket name', 'my-bucket')) };
};

const zoneLetter = (value: unknown): number => {
  const letter = readText(value, 'a zone letter', 'a');
  const index = 'abcdef'.indexOf(letter);
  if (letter.length !== 1 || index < 0)
    throw new Refused(
      `${show(letter)} is not a zone letter`,
      'write a for the first zone, b for the second, c for the third',
    );
  return index;
};

const isoDate = (value: unknown): string => {
  const date = readText(value, 'a date', '2027-03-31');
  const parsed = /^\d{4}-\d{2}-\d{2}$/.test(date) ? new Date(`${date}T00:00:00Z`) : undefined;
  if (parsed === undefined || Number.isNaN(parsed.getTime()) || parsed.toISOString().slice(0, 10) !== date) {
    throw new Refused(`${show(date)} is not a date`, 'write it like 2027-03-31');
  }
  return date;
};

const reason = (value: unknown): string => {
  const given = readText(value, 'a reason', 'test data only, ticket 123');
  if (given.trim().length < 10)
    throw new Refused(`${show(given)} explains nothing`, 'say in a sentence why the finding is accepted');
  return given.trim();
};

const monthly = (what: string, likely: number) =>
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
const vpcBlock = (example: string) => privateBlock(25, 16, 'a block of the VPC is a /16 to a /25', example);
/** EKS, KubernetesNetworkConfigRequest.serviceIpv4Cidr: between /24 and /12. */
const serviceBlock = privateBlock(24, 12, "Kubernetes' service block is a /12 to a /24", '172.20.0.0/16');

const network = z.strictObject({
  zones: leaf(zones, {
    description:
      'Availability zones to spread over: how many (3 to 6), or their ids, such as `[use1-az1, use1-az2, use1-az4]`.',
    anyOf: [
      { type: 'integer', minimum: 3, maximum: 6 },
      { type: 'array', items: { type: 'string' }, minItems: 3, maxItems: 6 },
    ],
  }).prefault(defaults.zones),
  kubernetes: z
    .strictObject({
      cidr: cidr(vpcBlock('10.100.0.0/19'), 'Block of nodes and pods: RFC 1918, /16 to /25.').prefault('10.100.0.0/19'),
      serviceCidr: cidr(
        serviceBlock,
        "Block of Kubernetes' own service addresses, outside the VPC: RFC 1918, /12 to /24. Cannot be changed later.",
      ).prefault('172.20.0.0/16'),
      shape: shapeOf.prefault('auto'),
    })
    .prefault({}),
  services: z
    .strictObject({
      cidr: cidr(vpcBlock('10.100.32.0/22'), 'Block that is cut into the segments: RFC 1918, /16 to /25.').prefault(
        '10.100.32.0/22',
      ),
      segments: z
        .array(leaf(segment, string('A segment.', { pattern: LABEL, maxLength: LABEL_LIMIT })))
        .min(1)
        .meta({ description: 'Segments of the services block; Kafka, PostgreSQL and MongoDB live in the first.' })
        .prefault([...defaults.segments]),
      shape: shapeOf.prefault('auto'),
    })
    .prefault({}),
  egress: words(
    ['single-nat', 'nat-per-zone'],
    'One NAT gateway for all, or one a zone, so that egress outlives the loss of a zone.',
  ).prefault('single-nat'),
  allow: z
    .array(
      leaf(allowRule, {
        type: 'object',
        description: `What may pass between segments: \`from -> to: [services]\`, of ${SERVICE_NAMES.join(', ')}.`,
        additionalProperties: { type: 'array', items: { enum: SERVICE_NAMES }, minItems: 1 },
        minProperties: 1,
        maxProperties: 1,
      }),
    )
    .meta({
      description:
        'Permitted directions of traffic; all else is denied. Left out: `kubernetes` reaches all data services in the first segment.',
    })
    .optional(),
});

const kubernetes = z.strictObject({
  version: version('EKS', "'1.36'").prefault(defaults.kubernetesVersion),
  nodes: z
    .strictObject({
      count: leaf(whole('a number of nodes', 1, 450, '3'), {
        type: 'integer',
        description: 'Worker nodes, at least one a zone. Left out: one a zone.',
        minimum: 1,
        maximum: 450,
      }).optional(),
      ...machine('m7g.large', '2 vCPU 8 GiB'),
      disk: rootDisk('System volume of a worker.').prefault('50 GiB'),
    })
    .prefault({}),
  api: z
    .strictObject({
      publicFrom: z
        .array(cidr(publicSource, 'A public IPv4 block.'))
        .max(40)
        .meta({ description: 'Public blocks that may reach the API; empty keeps it private.' })
        .prefault([]),
    })
    .prefault({}),
  admins: z
    .array(leaf(principal, string('The ARN of an IAM user or role.')))
    .meta({ description: 'IAM users and roles with cluster-admin.' })
    .prefault([]),
});

const members = (description: string) =>
  leaf(whole('a number of nodes', 1, 60, '3'), { type: 'integer', description, minimum: 3 }).optional();

export const platformSchema = z.strictObject({
  name: leaf(
    label('a name', 'cimiento', NAME_LIMIT),
    string('Name of the platform; it begins the name of every resource.', { pattern: LABEL, maxLength: NAME_LIMIT }),
  ),
  region: leaf(
    text('a region', 'us-east-2'),
    string('A North American region of AWS with three zones that EKS accepts.'),
  ).prefault(defaults.region),
  profile: words(
    ['cheapest-durable', 'managed'],
    'Kafka on EC2, or on Amazon MSK; both lose no data with a zone.',
  ).prefault('cheapest-durable'),
  state: leaf(state, {
    description: 'Where Terraform keeps its state: `local`, or `{ s3: my-bucket }`.',
    anyOf: [
      { const: 'local' },
      { type: 'object', properties: { s3: { type: 'string' } }, required: ['s3'], additionalProperties: false },
    ],
  }).prefault('local'),
  network: network.prefault({}),
  volumes: words(['gp3', 'gp2'], 'What block volumes are made of; gp2 only for comparison.').prefault('gp3'),
  kubernetes: kubernetes.prefault({}),
  kafka: z
    .strictObject({
      engine: words(
        ['ec2', 'msk'],
        'Three KRaft nodes of our own, or Amazon MSK. Left out, it follows `profile`.',
      ).optional(),
      version: version('Kafka', "'4.1'").prefault(defaults.kafkaVersion),
      nodes: members(
        'Brokers: odd on EC2 (each is a KRaft voter), a multiple of the zones on MSK. Left out: 3, on MSK one a zone.',
      ),
      ...machine('m7g.large (MSK: kafka.m7g.large)', '2 vCPU 8 GiB'),
      disk: size(1, 16_384, 'a broker takes', 'Data volume of each broker, up to 16 TiB.').prefault('100 GiB'),
    })
    .prefault({}),
  postgres: z
    .strictObject({
      version: version('PostgreSQL major', '17').prefault(defaults.postgresVersion),
      ...machine('db.m7g.large', '2 vCPU 8 GiB'),
      disk: size(20, MOST_GIB, 'RDS takes', 'Storage, 20 GiB to 64 TiB.').prefault('100 GiB'),
      multiAz: leaf(flag, {
        type: 'boolean',
        description: 'A standby in another zone; without it a zone takes the database with it.',
      }).prefault(true),
      backups: leaf(
        backups,
        string('How long automated backups are kept, 1 to 35 days.', { pattern: String.raw`^\d+ ?days?$` }),
      ).prefault('7 days'),
    })
    .prefault({}),
  mongodb: z
    .strictObject({
      version: version('MongoDB', "'8.0'").prefault(defaults.mongodbVersion),
      nodes: members('Members of the replica set: odd, 3 to 7. Left out: 3.'),
      ...machine('m7g.large', '2 vCPU 8 GiB'),
      disk: size(1, MOST_GIB, 'a member takes', 'Data volume of each member.').prefault('100 GiB'),
    })
    .prefault({}),
  nodes: z
    .array(
      z.strictObject({
        name: leaf(
          label('a name', 'svc-1', LABEL_LIMIT),
          string('Name of the node, also in DNS.', { pattern: LABEL, maxLength: LABEL_LIMIT }),
        ),
        segment: leaf(
          text('the name of a segment', 'production'),
          string('The segment it stands in, one of `network.services.segments`.'),
        ),
        zone: leaf(
          zoneLetter,
          string('The zone it stands in: `a` is the first that the platform uses.', {
            enum: ['a', 'b', 'c', 'd', 'e', 'f'],
          }),
        ),
        ...machine('m7g.large', '2 vCPU 8 GiB'),
        disk: rootDisk('System volume of the node.').prefault('30 GiB'),
      }),
    )
    .meta({ description: 'EC2 nodes that hold services. Left out: three in the first segment, one in the second.' })
    .optional(),
  gitops: z
    .strictObject({
      repository: leaf(repository, string('The Git repository that Argo CD follows.')).prefault(defaults.repository),
      revision: leaf(revision, string('Branch, tag or commit.')).prefault('main'),
      images: leaf(images, string('Registry and path under which the images are published, without a tag.')).prefault(
        defaults.images,
      ),
    })
    .prefault({}),
  usage: z
    .strictObject({
      natGb: monthly('GB a month through NAT gateways.', 200),
      producedGb: monthly('GB a month that producers write to Kafka, before replication.', 150),
      egressGb: monthly('GB a month to the internet.', 100),
      interZoneGb: monthly("GB a month between zones, without Kafka's replication.", 600),
      logsGb: monthly('GB a month of logs into CloudWatch.', 20),
      lcu: monthly('Average load balancer capacity units.', 1),
      snapshotGb: monthly('GB of snapshots and backups beyond what is free.', 100),
    })
    .prefault({}),
  budget: z
    .strictObject({
      monthly: leaf(usd, string('An alarm is mailed above it, per month.', { pattern: `${DIGITS} ?USD$` })),
      email: leaf(email, string('Who is mailed.')),
    })
    .optional(),
  tags: leaf(tags, {
    type: 'object',
    description: 'Tags on every resource that takes them.',
    additionalProperties: { type: 'string', maxLength: 256 },
  }).prefault({}),
  waivers: z
    .array(
      z.strictObject({
        id: leaf(
          text("a policy's id", 'encryption.ebs'),
          string('The policy that is waived, as `cimiento check` prints it.'),
        ),
        address: leaf(
          text('a resource address', 'aws_instance.*'),
          string('A resource address, `*` for any part; left out, everywhere.'),
        ).optional(),
        reason: leaf(reason, string('Why, in a sentence.', { minLength: 10 })),
        until: leaf(isoDate, string('The last day on which it counts, at most a year ahead.', { format: 'date' })),
      }),
    )
    .meta({ description: 'Findings that are accepted for a while.' })
    .prefault([]),
});

function flag(value: unknown): boolean {
  if (typeof value === 'boolean') return value;
  if (typeof value === 'string' && /^(yes|no|on|off|y|n)$/i.test(value)) {
    throw new Refused(`${value} is text in YAML 1.2`, `did you mean ${/^(y|on)/i.test(value)}?`);
  }
  throw otherKind(value, 'true or false', 'true');
}

export type PlatformFile = z.infer<typeof platformSchema>;
