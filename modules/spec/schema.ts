/**
 * The shape of platform.yaml: every key with its reader, its default and what it means. The JSON Schema for editors and the
 * reference in docs/platform-yaml.md are printed from here; what concerns several values at once is in rules/.
 */
import { z } from 'zod';
import { allowRule } from './allow';
import { publicSource } from './cidrs';
import { PLATFORM_DEFAULTS } from './defaults';
import {
  cidr,
  DIGITS,
  LABEL,
  machine,
  monthly,
  MOST_GIB,
  rootDisk,
  serviceBlock,
  shapeOf,
  size,
  string,
  version,
  vpcBlock,
  words,
} from './keys';
import { leaf, text, whole } from './leaf';
import {
  email,
  images,
  label,
  LABEL_LIMIT,
  NAME_LIMIT,
  certificate,
  principal,
  repository,
  revision,
  tags,
} from './names';
import { flag, isoDate, postgresMajor, reason, segment, state, zoneLetter } from './readers';
import { SERVICE_NAMES } from './services';
import { backups, usd } from './sizes';
import { zones } from './zones';

const network = z.strictObject({
  zones: leaf(zones, {
    description:
      'Availability zones to spread over: how many (3 to 6), or their ids, such as `[use1-az1, use1-az2, use1-az4]`.',
    anyOf: [
      { type: 'integer', minimum: 3, maximum: 6 },
      { type: 'array', items: { type: 'string' }, minItems: 3, maxItems: 6 },
    ],
  }).prefault(PLATFORM_DEFAULTS.zones),
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
        .prefault([...PLATFORM_DEFAULTS.segments]),
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
  version: version('EKS', "'1.36'").prefault(PLATFORM_DEFAULTS.kubernetesVersion),
  nodes: z
    .strictObject({
      count: leaf(whole('a number of nodes', -Infinity, 450, '3'), {
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
  entry: z
    .strictObject({
      certificate: leaf(
        certificate,
        string('ACM certificate of the entry load balancer, in the same region; left out, it speaks plain HTTP.'),
      ).optional(),
    })
    .prefault({}),
  admins: z
    .array(leaf(principal, string('The ARN of an IAM user or role.')))
    .meta({ description: 'IAM users and roles with cluster-admin.' })
    .prefault([]),
});

/** How many are too few or too many depends on who runs them: rules/members.ts says. */
const members = (description: string) =>
  leaf(whole('a number of nodes', -Infinity, Infinity, '3'), { type: 'integer', description, minimum: 3 }).optional();

export const platformSchema = z.strictObject({
  name: leaf(
    label('a name', 'cimiento', NAME_LIMIT),
    string('Name of the platform; it begins the name of every resource.', { pattern: LABEL, maxLength: NAME_LIMIT }),
  ),
  region: leaf(
    text('a region', 'us-east-2'),
    string('A North American region of AWS with three zones that EKS accepts.'),
  ).prefault(PLATFORM_DEFAULTS.region),
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
      version: version('Kafka', "'4.1'").prefault(PLATFORM_DEFAULTS.kafkaVersion),
      nodes: members(
        'Brokers: odd on EC2 (each is a KRaft voter), a multiple of the zones on MSK. Left out: 3, on MSK one a zone.',
      ),
      ...machine('m7g.large (MSK: kafka.m7g.large)', '2 vCPU 8 GiB'),
      disk: size(1, 16_384, 'a broker takes', 'Data volume of each broker, up to 16 TiB.').prefault('100 GiB'),
    })
    .prefault({}),
  postgres: z
    .strictObject({
      version: version('PostgreSQL major', '17', postgresMajor).prefault(PLATFORM_DEFAULTS.postgresVersion),
      ...machine('db.m7g.large', '2 vCPU 8 GiB'),
      disk: size(20, MOST_GIB, 'RDS takes', 'Storage, 20 GiB to 64 TiB.', `did you mean ${MOST_GIB} GiB?`).prefault(
        '100 GiB',
      ),
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
      version: version('MongoDB', "'8.0'").prefault(PLATFORM_DEFAULTS.mongodbVersion),
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
      repository: leaf(repository, string('The Git repository that Argo CD follows.')).prefault(
        PLATFORM_DEFAULTS.repository,
      ),
      revision: leaf(revision, string('Branch, tag or commit.', { type: ['string', 'number'] })).prefault('main'),
      images: leaf(images, string('Registry and path under which the images are published, without a tag.')).prefault(
        PLATFORM_DEFAULTS.images,
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

export type PlatformFile = z.infer<typeof platformSchema>;
