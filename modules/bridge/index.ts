/** The bridge: the typed contract of what Terraform hands to GitOps. Data flows one way, from stack outputs to chart values. */
import type { ClusterOutputs, DataOutputs, NetworkOutputs, NodesOutputs } from '../aws/outputs';
import type { Platform } from '../spec/platform';
import type { BridgeValues } from './values';

export { BRIDGE_SCHEMA, bridgeJsonSchema, type BridgeValues } from './values';

export interface BridgeSources {
  readonly platform: Platform;
  readonly network: NetworkOutputs;
  readonly cluster: ClusterOutputs;
  readonly data: DataOutputs;
  readonly nodes: NodesOutputs;
}

/**
 * The values of the root application on EKS. At synth most of them are Terraform expressions; at apply they are what the
 * stacks put out.
 */
export function bridgeValues({ platform, network, cluster, data, nodes }: BridgeSources): BridgeValues {
  return {
    target: 'eks',
    git: { repository: platform.gitops.repository, revision: platform.gitops.revision },
    images: { repository: platform.gitops.images },
    platform: { name: platform.name, region: platform.region },
    cluster: { name: cluster.name, vpcId: network.vpcId, targetGroupArn: cluster.targetGroupArn },
    endpoints: {
      kafka: [...data.kafkaBootstrap],
      postgres: `${data.postgresEndpoint}:${data.postgresPort}`,
      mongodb: { hosts: [...data.mongodbHosts], replicaSet: data.mongodbReplicaSet },
    },
    scrape: {
      ...Object.fromEntries(Object.entries(data.scrapeTargets).map(([job, targets]) => [job, [...targets]])),
      'service-nodes': [...nodes.scrapeTargets],
    },
    secrets: { ...data.secretArns },
  };
}
