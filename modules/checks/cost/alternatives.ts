/**
 * The other ways to build the same platform: each is a `Platform` that is synthesized and priced like the first, with what it
 * gives up or gains in words. Nothing here is estimated by rule of thumb.
 */
import { choose, EKS_VERSIONS, generations, PRICED_REGIONS, region as regionFact } from '../../catalog';
import type { InstanceRequirement, Platform } from '../../spec/platform';

export interface Alternative {
  /** Stable name: `managed`, `region us-west-2`. */
  readonly id: string;
  /** What is done differently. */
  readonly change: string;
  /** What is lost by it, or what more is had for the money. */
  readonly tradeOff: string;
  /** Whether the loss of a zone can lose committed data. */
  readonly losesData: boolean;
  readonly platform: Platform;
}

type Change = (platform: Platform) => Platform;

const kafka =
  (change: Partial<Platform['kafka']>): Change =>
  (one) => ({ ...one, kafka: { ...one.kafka, ...change } });
const postgres =
  (change: Partial<Platform['postgres']>): Change =>
  (one) => ({ ...one, postgres: { ...one.postgres, ...change } });
const workers =
  (change: Partial<Platform['kubernetes']['nodes']>): Change =>
  (one) => ({
    ...one,
    kubernetes: { ...one.kubernetes, nodes: { ...one.kubernetes.nodes, ...change } },
  });
const mongodb =
  (change: Partial<Platform['mongodb']>): Change =>
  (one) => ({ ...one, mongodb: { ...one.mongodb, ...change } });
const serviceNodes =
  (change: Partial<Platform['nodes'][number]>): Change =>
  (one) => ({
    ...one,
    nodes: one.nodes.map((node) => ({ ...node, ...change })),
  });
const egress =
  (value: Platform['network']['egress']): Change =>
  (one) => ({
    ...one,
    network: { ...one.network, egress: value },
  });
const all =
  (...changes: readonly Change[]): Change =>
  (one) =>
    changes.reduce((platform, change) => change(platform), one);

/** Every EC2 machine of the platform on one type; Kafka too while it runs on EC2. */
const machines =
  (instance: string): Change =>
  (one) =>
    all(
      workers({ instance }),
      mongodb({ instance }),
      serviceNodes({ instance }),
      one.kafka.engine === 'ec2' ? kafka({ instance }) : (same) => same,
    )(one);

/** Zones that were named by id belong to their region. */
const inRegion =
  (name: string): Change =>
  (one) => ({ ...one, region: name, network: { ...one.network, zoneIds: undefined } });

/** @param today ISO date: which EKS versions are in extended support */
export function alternatives(base: Platform, today: string): Alternative[] {
  const found: Alternative[] = [];
  const add = (id: string, change: string, tradeOff: string, make: Change, losesData = !base.postgres.multiAz) =>
    found.push({ id, change, tradeOff, losesData, platform: make(base) });

  if (base.kafka.engine === 'ec2') {
    add(
      'managed',
      'Kafka on Amazon MSK instead of EC2',
      'gains patching, broker replacement and free replication traffic; gives up control of the brokers',
      all(kafka({ engine: 'msk', instance: undefined }), (one) => ({ ...one, profile: 'managed' })),
    );
  } else {
    add(
      'self-managed',
      'Kafka on EC2 instead of Amazon MSK',
      'gives up patching and broker replacement by AWS; replication traffic is billed',
      all(kafka({ engine: 'ec2', instance: undefined }), (one) => ({ ...one, profile: 'cheapest-durable' })),
    );
  }
  add(
    'msk-express',
    'Kafka on MSK Express brokers',
    'gains storage that grows by itself and faster recovery; replication 3 is fixed',
    all(kafka({ engine: 'msk', instance: 'express.m7g.large' }), (one) => ({ ...one, profile: 'managed' })),
  );
  if (base.postgres.multiAz) {
    add(
      'single-az',
      'PostgreSQL in one zone',
      'gives up durability: with the zone go the database and what was committed since the last restorable time',
      postgres({ multiAz: false }),
      true,
    );
  } else {
    add(
      'multi-az',
      'PostgreSQL with a standby in a second zone',
      'gains durability: a zone takes no committed data',
      postgres({ multiAz: true }),
      false,
    );
  }
  if (base.network.egress === 'single-nat') {
    add('nat-per-zone', 'a NAT gateway in every zone', 'gains egress that outlives a zone', egress('nat-per-zone'));
  } else {
    add('single-nat', 'one NAT gateway', 'gives up egress when its zone is lost; no data', egress('single-nat'));
  }
  const [other, why] =
    base.volumes === 'gp3'
      ? (['gp2', 'gives up 3,000 IOPS whatever the size: gp2 has 3 per GiB and bursts on credits'] as const)
      : (['gp3', 'gains 3,000 IOPS whatever the size'] as const);
  add(other, `${other} volumes`, why, (one) => ({ ...one, volumes: other }));

  addGenerations(base, add);
  addSizes(add);

  for (const name of PRICED_REGIONS) {
    const usable = regionFact(name)?.zoneIds.length ?? 0;
    if (name !== base.region && usable >= base.network.zones) {
      add(`region ${name}`, `in ${name}`, 'the same platform, elsewhere: other distances to users', inRegion(name));
    }
  }
  const extended = EKS_VERSIONS.find((one) => one.standardUntil < today && today <= one.extendedUntil);
  if (extended !== undefined) {
    add(
      'extended-support',
      `Kubernetes ${extended.version}, in extended support since ${extended.standardUntil}`,
      `gains nothing but not having to upgrade before ${extended.extendedUntil}`,
      (one) => ({ ...one, kubernetes: { ...one.kubernetes, version: extended.version } }),
    );
  }
  add(
    'naive',
    'as it is usually built: m5 and r5 machines, MSK, Multi-AZ, a NAT gateway a zone',
    'gains x86 images, egress that outlives a zone, 16 GiB for MongoDB, and managed Kafka',
    all(
      kafka({ engine: 'msk', instance: 'kafka.m5.large' }),
      machines('m5.large'),
      mongodb({ instance: 'r5.large' }),
      postgres({ multiAz: true, instance: 'db.m5.large' }),
      egress('nat-per-zone'),
      (one) => ({ ...one, profile: 'managed' }),
    ),
    false,
  );
  return found;
}

type Add = (id: string, change: string, tradeOff: string, make: Change) => void;

/** The base instance of each generation, for all machines at once. */
function addGenerations(base: Platform, add: Add): void {
  const requirement: InstanceRequirement = base.kubernetes.nodes;
  const chosen = choose(base).kubernetes;
  for (const { name, type, generation, eligible } of generations(requirement, base.region, 'ec2', base.network.zones)) {
    if (name === chosen.type || !eligible) continue;
    const images = type.architecture === chosen.architecture ? '' : `; images for ${type.architecture}`;
    add(
      `machines ${name}`,
      `all machines ${name}`,
      `generation ${generation} of ${type.vendor}${images}`,
      machines(name),
    );
  }
}

function addSizes(add: Add): void {
  add('worker-xlarge', 'Kubernetes nodes twice as large', 'gains 6 vCPU and 24 GiB for pods', (one) =>
    workers({
      instance: undefined,
      vcpu: one.kubernetes.nodes.vcpu * 2,
      memoryGiB: one.kubernetes.nodes.memoryGiB * 2,
    })(one),
  );
  add('mongodb-memory', 'MongoDB on machines with twice the memory', 'gains a larger cache', (one) =>
    mongodb({ instance: undefined, memoryGiB: one.mongodb.memoryGiB * 2 })(one),
  );
  add(
    'service-medium',
    'service nodes m6g.medium',
    'gives up half of their CPU and memory',
    serviceNodes({ instance: 'm6g.medium' }),
  );
  add(
    'small-roots',
    'root volumes of 20 GiB for nodes',
    'gives up room for images and logs',
    all(workers({ diskGiB: 20 }), serviceNodes({ diskGiB: 20 })),
  );
}
