/**
 * Which instance types live on CPU credits, decided by name and by catalogue, for every AWS service that names instances:
 * `t3.micro` (EC2), `db.t4g.small` (RDS, DocumentDB, Neptune, MemoryDB), `kafka.t3.small` (MSK), `cache.t2.micro`
 * (ElastiCache), `t3.small.search` (OpenSearch), `dms.t3.medium`, `mq.t3.micro`, `ml.t3.large`, `dax.t3.small`.
 *
 * The T families are those that DescribeInstanceTypes flags; the pattern also catches T families to come. `-flex` types carry
 * no such flag but hold full speed only 95 % of the time over a 40 % baseline, so they are refused with the T families
 * (data/capabilities.json, burstRule).
 */
import families from './data/burstable.json';

const BURSTABLE = new Set(families.burstableFamilies);
/** `t1`, `t3a`, `t4g`, and a `t5gd` nobody has announced; not `trn1`. */
const T_FAMILY = /^t\d+[a-z]*$/;
/** `t3.*`, as allowed_instance_types of an Auto Scaling group writes it; also the bare family. */
const SEPARATORS = /[.\s]+/;
/** Lightsail sells nothing but burstable machines: `micro_3_0`. */
const LIGHTSAIL = /^(nano|micro|small|medium|large|xlarge|2xlarge|4xlarge)_\d+_\d+$/;

/** Why a type can burst, as a phrase that completes "is refused: …"; undefined when it runs at full speed all the time. */
export function whyBurstable(type: string): string | undefined {
  const name = type.trim().toLowerCase();
  for (const part of name.split(SEPARATORS)) {
    if (BURSTABLE.has(part) || T_FAMILY.test(part)) return `${part} runs on CPU credits (burstable performance)`;
    if (part.endsWith('-flex')) return `${part} guarantees only a 40 % CPU baseline (flex)`;
  }
  if (LIGHTSAIL.test(name)) return 'Lightsail bundles run on CPU credits (burstable performance)';
  return undefined;
}

/** Whether a type of any service is burstable, flex included. */
export function isBurstable(type: string): boolean {
  return whyBurstable(type) !== undefined;
}
