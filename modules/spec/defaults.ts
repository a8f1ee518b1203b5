/** Defaults that several parts of spec refer to; the others stand beside their keys in schema.ts. */
export const PLATFORM_DEFAULTS = {
  /** Three zones, all of them usable by EKS, at the prices of us-east-1 (catalogue: zones.json, read 2026-11-22). */
  region: 'us-east-2',
  zones: 3,
  segments: ['production', 'testing', 'bcp-1', 'bcp-2'],
  kubernetesVersion: '1.36',
  /** The newest that Apache maintains and MSK sells. */
  kafkaVersion: '4.1',
  postgresVersion: '17',
  mongodbVersion: '8.0',
  repository: 'https://github.com/you/cimiento',
  images: 'docker.io/you',
} as const;
