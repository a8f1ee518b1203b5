/** Names that AWS limits in length; the limits are AWS's, from the reference of each service's create call. */

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
 * @throws if it is too long: spec keeps a platform's name so short that every suffix fits, so the suffix is at fault
 */
export function named(kind: keyof typeof NAME_LIMIT, ...parts: readonly string[]): string {
  const name = parts.join('-');
  if (name.length > NAME_LIMIT[kind]) {
    throw new Error(`"${name}" has ${name.length} characters, and AWS takes ${NAME_LIMIT[kind]} for a ${kind}`);
  }
  return name;
}
