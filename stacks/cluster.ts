/**
 * cluster: EKS, its nodes and add-ons, the roles of pods, and the load balancer that clients enter by.
 *
 * Order within: role and log group → cluster → identity agent, network and proxy add-ons → nodes → DNS and volume driver.
 * Deletion: after gitops (what controllers made must be gone, `cimiento gitops teardown`), before network. In reverse of the
 * order above, so the network add-on outlives the nodes and frees their interfaces.
 * Data protection: the cluster and the load balancer refuse deletion until `protection` is lifted (stacks/platform-stack.ts).
 * Volumes that pods claimed are not Terraform's: teardown lists them.
 */
import { DataAwsCallerIdentity } from '@cdktf/provider-aws/lib/data-aws-caller-identity';
import type { Construct } from 'constructs';
import { AFTER_NODES, BEFORE_NODES, EksAddons } from '../modules/aws/eks-addons';
import { EksCluster } from '../modules/aws/eks-cluster';
import { EksNodes } from '../modules/aws/eks-nodes';
import { Entry } from '../modules/aws/entry';
import type { ClusterOutputs, NetworkOutputs } from '../modules/aws/outputs';
import { PodRoles } from '../modules/aws/pod-roles';
import { KUBERNETES_SEGMENT } from '../modules/spec/platform';
import type { PlatformInputs } from './inputs';
import { PlatformStack } from './platform-stack';

export class ClusterStack extends PlatformStack {
  readonly outputs: ClusterOutputs;

  constructor(scope: Construct, inputs: PlatformInputs, network: NetworkOutputs) {
    super(scope, 'cluster', inputs);
    const { platform, choices } = inputs;
    const { name, region } = platform;
    const { vpcId, encryptionKeyArn } = network;
    const { accountId, arn: callerArn } = new DataAwsCallerIdentity(this, 'caller');
    const subnetIds = network.subnetIds[KUBERNETES_SEGMENT]!;
    const securityGroupId = network.securityGroupIds.cluster;

    const entry = new Entry(this, 'entry', {
      name,
      accountId,
      vpcId,
      subnetIds: subnetIds.public,
      securityGroupId: network.securityGroupIds['load-balancer'],
      certificateArn: platform.kubernetes.entry.certificate,
      protection: this.protection,
    });

    const { cluster } = new EksCluster(this, 'eks', {
      name,
      spec: platform.kubernetes,
      serviceCidr: platform.network.kubernetes.serviceCidr,
      subnetIds: subnetIds.private,
      securityGroupId,
      encryptionKeyArn,
      callerArn,
      protection: this.protection,
    });
    const podRoles = new PodRoles(this, 'pod-roles', {
      name,
      region,
      accountId,
      targetGroupArn: entry.targetGroupArn,
      encryptionKeyArn,
    });
    const before = new EksAddons(this, 'addons-before-nodes', {
      cluster,
      addons: BEFORE_NODES,
      roles: podRoles.roles,
      after: [],
    });
    const nodes = new EksNodes(this, 'nodes', {
      name,
      cluster,
      spec: platform.kubernetes.nodes,
      choice: choices.kubernetes,
      maxPodsPerNode: choices.maxPodsPerNode,
      volumeType: platform.volumes,
      zones: choices.zones,
      subnetIds: subnetIds.private,
      securityGroupId,
      encryptionKeyArn,
      tags: this.tags,
      after: before.all,
    });
    new EksAddons(this, 'addons-after-nodes', {
      cluster,
      addons: AFTER_NODES,
      roles: podRoles.roles,
      after: nodes.groups,
    });
    podRoles.associate(cluster.name);

    this.outputs = {
      name: cluster.name,
      endpoint: cluster.endpoint,
      certificateAuthority: cluster.certificateAuthority.get(0).data,
      loadBalancerDnsName: entry.dnsName,
      targetGroupArn: entry.targetGroupArn,
      podRoleArns: Object.fromEntries(Object.entries(podRoles.roles).map(([account, role]) => [account, role.arn])),
    };
  }
}
