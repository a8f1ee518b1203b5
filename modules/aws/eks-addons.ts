/**
 * The EKS add-ons, in two steps around the nodes: a node becomes ready only with network and proxy, and CoreDNS and the
 * volume driver's controller only with a node to run on.
 */
import { DataAwsEksAddonVersion } from '@cdktf/provider-aws/lib/data-aws-eks-addon-version';
import { EksAddon } from '@cdktf/provider-aws/lib/eks-addon';
import type { EksCluster as AwsEksCluster } from '@cdktf/provider-aws/lib/eks-cluster';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type { Role } from './role';

interface Addon {
  readonly name: string;
  readonly configuration?: Readonly<Record<string, unknown>>;
  /** The service account whose role comes by Pod Identity. */
  readonly serviceAccount?: string;
}

const POD_IDENTITY_AGENT = 'eks-pod-identity-agent';

export const BEFORE_NODES: readonly Addon[] = [
  { name: POD_IDENTITY_AGENT },
  {
    name: 'vpc-cni',
    serviceAccount: 'aws-node',
    configuration: {
      enableNetworkPolicy: 'true',
      env: {
        // /28 prefixes instead of single addresses: 110 pods on a `large`.
        ENABLE_PREFIX_DELEGATION: 'true',
        WARM_PREFIX_TARGET: '1',
        // Pods keep their own address on the way to NAT; the node does not put its own in front.
        AWS_VPC_K8S_CNI_EXTERNALSNAT: 'true',
      },
    },
  },
  { name: 'kube-proxy' },
];

export const AFTER_NODES: readonly Addon[] = [
  { name: 'coredns' },
  { name: 'aws-ebs-csi-driver', serviceAccount: 'ebs-csi-controller-sa' },
];

export interface EksAddonsProps {
  readonly cluster: AwsEksCluster;
  readonly addons: readonly Addon[];
  /** By service account. */
  readonly roles: Readonly<Record<string, Role>>;
  readonly after: readonly ITerraformDependable[];
}

export class EksAddons extends Construct {
  readonly all: readonly EksAddon[];

  constructor(scope: Construct, id: string, { cluster, addons, roles, after }: EksAddonsProps) {
    super(scope, id);
    const made: EksAddon[] = [];
    for (const addon of addons) {
      const { name, configuration, serviceAccount } = addon;
      const role = serviceAccount === undefined ? undefined : roles[serviceAccount];
      if (serviceAccount !== undefined && role === undefined)
        throw new Error(`no role for service account ${serviceAccount}`);
      const agent = made.filter(({ addonNameInput }) => addonNameInput === POD_IDENTITY_AGENT);
      // Its role keeps its policies until the add-on is gone: the network add-on frees interfaces to the last.
      const needs = [...after, ...agent, ...(role?.permissions ?? [])];
      // The version AWS has as default for this Kubernetes version: the tested one, and it follows an upgrade of the cluster.
      const version = new DataAwsEksAddonVersion(this, `${name}-version`, {
        addonName: name,
        kubernetesVersion: cluster.version,
        mostRecent: false,
      });
      made.push(
        new EksAddon(this, name, {
          clusterName: cluster.name,
          addonName: name,
          addonVersion: version.version,
          ...(configuration && { configurationValues: JSON.stringify(configuration) }),
          ...(serviceAccount && role && { podIdentityAssociation: [{ serviceAccount, roleArn: role.arn }] }),
          // Terraform is the one owner of an add-on's settings.
          resolveConflictsOnCreate: 'OVERWRITE',
          resolveConflictsOnUpdate: 'OVERWRITE',
          ...(needs.length > 0 && { dependsOn: needs }),
        }),
      );
    }
    this.all = made;
  }
}
