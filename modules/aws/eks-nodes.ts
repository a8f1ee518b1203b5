/**
 * The worker nodes: one managed group a zone. A single group over three zones does not promise one node in each, and a pod
 * whose volume is in the zone without a node never starts.
 */
import { Fn } from 'cdktf';
import type { EksCluster as AwsEksCluster } from '@cdktf/provider-aws/lib/eks-cluster';
import { EksNodeGroup } from '@cdktf/provider-aws/lib/eks-node-group';
import { LaunchTemplate } from '@cdktf/provider-aws/lib/launch-template';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type { InstanceChoice, Zone } from '../catalog/choices';
import type { Architecture, KubernetesSpec, VolumeType } from '../spec/platform';
import { GUARDED_METADATA } from './machine';
import { named } from './names';
import { trust } from './policy-document';
import { Role } from './role';

const AMI_TYPE: Readonly<Record<Architecture, string>> = {
  arm64: 'AL2023_ARM_64_STANDARD',
  x86_64: 'AL2023_x86_64_STANDARD',
};

export interface EksNodesProps {
  readonly name: string;
  readonly cluster: AwsEksCluster;
  readonly spec: KubernetesSpec['nodes'];
  readonly choice: InstanceChoice;
  readonly maxPodsPerNode: number;
  readonly volumeType: VolumeType;
  /** In the order of `subnetIds`. */
  readonly zones: readonly Zone[];
  /** The private Kubernetes subnet of each zone. */
  readonly subnetIds: readonly string[];
  readonly securityGroupId: string;
  readonly encryptionKeyArn: string;
  /** For machines, volumes and interfaces: the provider's default tags stop at the launch template. */
  readonly tags: Readonly<Record<string, string>>;
  /** What nodes need to become ready: network and proxy add-ons. */
  readonly after: readonly ITerraformDependable[];
}

export class EksNodes extends Construct {
  readonly groups: readonly EksNodeGroup[];

  constructor(scope: Construct, id: string, props: EksNodesProps) {
    super(scope, id);
    const role = new Role(this, 'role', {
      name: [props.name, 'kubernetes-node'],
      description: 'Kubernetes nodes. Pods cannot reach it: theirs come by Pod Identity',
      trust: trust('ec2.amazonaws.com'),
      managed: ['AmazonEKSWorkerNodePolicy', 'AmazonEC2ContainerRegistryPullOnly', 'AmazonSSMManagedInstanceCore'],
    });
    const template = this.launchTemplate(props);

    this.groups = props.subnetIds.map((subnetId, at) => {
      const { letter } = props.zones[at]!;
      const nodes = nodesInZone(props.spec.count, props.subnetIds.length, at);
      return new EksNodeGroup(this, `zone-${letter}`, {
        clusterName: props.cluster.name,
        // A prefix, so that a replacing group can stand beside the one it replaces.
        nodeGroupNamePrefix: named('nodeGroupPrefix', props.name, letter, ''),
        nodeRoleArn: role.arn,
        subnetIds: [subnetId],
        version: props.cluster.version,
        amiType: AMI_TYPE[props.choice.architecture],
        instanceTypes: [props.choice.type],
        capacityType: 'ON_DEMAND',
        launchTemplate: { id: template.id, version: Fn.tostring(template.latestVersion) },
        // One more than there are: an update starts the new node before it drains the old.
        scalingConfig: { minSize: nodes, desiredSize: nodes, maxSize: nodes + 1 },
        updateConfig: { maxUnavailable: 1 },
        nodeRepairConfig: { enabled: true },
        lifecycle: { createBeforeDestroy: true },
        dependsOn: [...role.permissions, ...props.after],
      });
    });
  }

  private launchTemplate(props: EksNodesProps): LaunchTemplate {
    const tags = { ...props.tags, Name: `${props.name}-kubernetes` };
    return new LaunchTemplate(this, 'template', {
      name: `${props.name}-kubernetes`,
      updateDefaultVersion: true,
      vpcSecurityGroupIds: [props.securityGroupId],
      metadataOptions: GUARDED_METADATA,
      blockDeviceMappings: [
        {
          deviceName: '/dev/xvda',
          ebs: {
            volumeSize: props.spec.diskGiB,
            volumeType: props.volumeType,
            encrypted: 'true',
            kmsKeyId: props.encryptionKeyArn,
            deleteOnTermination: 'true',
          },
        },
      ],
      userData: Fn.base64encode(Fn.rawString(nodeConfig(props.maxPodsPerNode))),
      tagSpecifications: ['instance', 'volume', 'network-interface'].map((resourceType) => ({ resourceType, tags })),
    });
  }
}

/** How many of `count` nodes are in zone `at` of `zones`: as even as can be, the first zones getting what is left over. */
export function nodesInZone(count: number, zones: number, at: number): number {
  return Math.floor(count / zones) + (at < count % zones ? 1 : 0);
}

/**
 * nodeadm's configuration, merged with EKS's own. AL2023 does not know that prefix delegation is on and would admit as many
 * pods as the machine has plain addresses for (amazon-eks-ami#2045).
 */
function nodeConfig(maxPods: number): string {
  return [
    'MIME-Version: 1.0',
    'Content-Type: multipart/mixed; boundary="cimiento"',
    '',
    '--cimiento',
    'Content-Type: application/node.eks.aws',
    '',
    'apiVersion: node.eks.aws/v1alpha1',
    'kind: NodeConfig',
    'spec:',
    '  kubelet:',
    '    config:',
    `      maxPods: ${maxPods}`,
    '',
    '--cimiento--',
    '',
  ].join('\n');
}
