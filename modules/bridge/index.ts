/** The bridge: the typed contract of what Terraform hands to GitOps. Data flows one way, from stack outputs to chart values. */
import type { ClusterOutputs, DataOutputs, NetworkOutputs, NodesOutputs } from '../aws/outputs';
import { entersByHttp, type Platform } from '../spec/platform';
import type { BridgeValues, EksBridgeValues } from './values';

export {
  BRIDGE_SCHEMA,
  bridgeJsonSchema,
  TARGETS,
  type BridgeValues,
  type EksBridgeValues,
  type Target,
} from './values';

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
export function bridgeValues({ platform, network, cluster, data, nodes }: BridgeSources): EksBridgeValues {
  return {
    target: 'eks',
    ...anywhere(platform),
    cluster: {
      name: cluster.name,
      region: platform.region,
      vpcId: network.vpcId,
      targetGroupArn: cluster.targetGroupArn,
    },
    endpoints: {
      kafka: [...data.kafkaBootstrap],
      postgres: `${data.postgresEndpoint}:${data.postgresPort}`,
      mongodb: [...data.mongodbHosts],
      entry: entryUrl(platform, cluster),
    },
    scrape: {
      ...Object.fromEntries(Object.entries(data.scrapeTargets).map(([job, targets]) => [job, [...targets]])),
      'service-nodes': [...nodes.scrapeTargets],
    },
    secrets: { 'postgres-app': data.secretArns['postgres-app']! },
  };
}

/** The values where there is no AWS: platform.yaml says all of them. */
export function localBridgeValues(target: 'minikube' | 'lab', platform: Platform): BridgeValues {
  return { target, ...anywhere(platform) };
}

/** What a client of the platform asks for. */
function entryUrl({ kubernetes }: Platform, { loadBalancerDnsName }: ClusterOutputs): string {
  return `${entersByHttp(kubernetes) ? 'http' : 'https'}://${loadBalancerDnsName}/`;
}

function anywhere({ name, gitops }: Platform) {
  return {
    git: { repository: gitops.repository, revision: gitops.revision },
    images: { repository: gitops.images },
    platform: { name },
  };
}
