/** Which segment holds the data, and which segments are switched on. */
import { KUBERNETES_SEGMENT, type Platform } from '../spec/platform';

type Segmented = Pick<Platform, 'network' | 'nodes'>;

/** Kafka, PostgreSQL and MongoDB live in the first service segment of platform.yaml: production. */
export function dataSegment({ network }: Pick<Platform, 'network'>): string {
  const [first] = network.services.segments;
  if (first === undefined) throw new Error('network.services.segments is empty: spec lets no such platform through');
  return first;
}

/**
 * Whether traffic may pass a segment's border at all. On are Kubernetes, the data segment, every segment with a service
 * node in it, and every segment that an allow rule names. The others (BCP) have addresses, subnets and routes, and ACLs
 * that let nothing through.
 */
export function isSwitchedOn(platform: Segmented, segment: string): boolean {
  return (
    segment === KUBERNETES_SEGMENT ||
    segment === dataSegment(platform) ||
    platform.nodes.some((node) => node.segment === segment) ||
    platform.network.allow.some((rule) => rule.from === segment || rule.to === segment)
  );
}
