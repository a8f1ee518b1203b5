/**
 * The contract of what Terraform hands to GitOps: one schema, from which come the TypeScript type, the values of the root
 * application that Terraform installs at apply time, and `gitops/bootstrap/values.schema.json`, which Helm enforces.
 *
 * Values are known only at apply time, so git holds the schema and Terraform the values. Names and addresses only: a secret
 * is named by its ARN and read in the cluster by external-secrets; its value never passes here.
 */
import { z } from 'zod';

const nonEmpty = z.string().min(1);

/** `host:port`. */
const endpoint = nonEmpty.describe('host:port');

/** What every target has. */
const ANYWHERE = {
  git: z.strictObject({
    repository: nonEmpty.describe('the repository that Argo CD watches'),
    revision: nonEmpty.describe('branch, tag or commit'),
  }),
  images: z.strictObject({
    repository: nonEmpty.describe('registry and account of our images, such as docker.io/you'),
  }),
  platform: z.strictObject({ name: nonEmpty }),
};

const ON_EKS = z.strictObject({
  target: z.literal('eks').describe('the overlay that Argo CD reads'),
  ...ANYWHERE,
  cluster: z.strictObject({
    name: nonEmpty,
    region: nonEmpty,
    vpcId: nonEmpty.describe('the load balancer controller needs it: IMDS is out of reach of pods'),
    targetGroupArn: nonEmpty.describe("the entry load balancer's target group, joined by a TargetGroupBinding"),
  }),
  endpoints: z
    .strictObject({
      kafka: z.array(endpoint),
      postgres: endpoint,
      mongodb: z.array(endpoint),
      entry: nonEmpty.describe('URL of the entry load balancer: https with a certificate, http without'),
    })
    .describe('what clients connect to, probed from the cluster'),
  scrape: z
    .record(z.string(), z.array(endpoint))
    .describe('what Prometheus scrapes outside the cluster, by job: kafka, mongodb, node, service-nodes'),
  secrets: z
    .strictObject({ 'postgres-app': nonEmpty })
    .describe('Secrets Manager ARNs by purpose: those that something in the cluster reads'),
});

const ELSEWHERE = z.strictObject({
  target: z.enum(['minikube', 'lab']).describe('the overlay that Argo CD reads'),
  ...ANYWHERE,
});

export const BRIDGE_SCHEMA = z.discriminatedUnion('target', [ON_EKS, ELSEWHERE]);

export type EksBridgeValues = z.infer<typeof ON_EKS>;
export type Target = BridgeValues['target'];
export const TARGETS = ['eks', 'minikube', 'lab'] as const satisfies readonly Target[];
export type BridgeValues = z.infer<typeof BRIDGE_SCHEMA>;

/** The schema as Helm reads it (draft 7), for `gitops/bootstrap/values.schema.json`. */
export function bridgeJsonSchema(): Record<string, unknown> {
  return {
    $comment: 'Generated from modules/bridge by `npm run generate`; do not edit.',
    ...z.toJSONSchema(BRIDGE_SCHEMA, { target: 'draft-7' }),
  };
}
