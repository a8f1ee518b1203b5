/** Names that AWS limits in length; the limits are AWS's, from the reference of each service's create call. */
import { Rejection } from '../rejection';

/** Characters. */
export const NAME_LIMIT = {
  loadBalancer: 32,
  /** Terraform appends 26 characters of its own to a prefix, S3 allows 63. */
  bucketPrefix: 37,
  /** As for buckets: 63 less 26. */
  nodeGroupPrefix: 37,
  role: 64,
  cluster: 100,
  securityGroup: 255,
} as const;

/**
 * The parts joined by `-`.
 *
 * @throws Rejection if it is too long: an AWS name that is cut or refused halfway through an apply is worse
 */
export function named(kind: keyof typeof NAME_LIMIT, ...parts: readonly string[]): string {
  const name = parts.join('-');
  const limit = NAME_LIMIT[kind];
  if (name.length > limit) {
    throw new Rejection(
      'platform.yaml name',
      `"${name}" has ${name.length} characters, and AWS takes ${limit} here`,
      `shorten the platform's name by ${name.length - limit}`,
    );
  }
  return name;
}
