/** The EKS control plane: its role, its log group, the cluster, and who may administer it. */
import { createHash } from 'node:crypto';
import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group';
import { DataAwsIamSessionContext } from '@cdktf/provider-aws/lib/data-aws-iam-session-context';
import { EksAccessEntry } from '@cdktf/provider-aws/lib/eks-access-entry';
import { EksAccessPolicyAssociation } from '@cdktf/provider-aws/lib/eks-access-policy-association';
import { EksCluster as AwsEksCluster } from '@cdktf/provider-aws/lib/eks-cluster';
import { Construct } from 'constructs';
import type { KubernetesSpec } from '../spec/platform';
import { named } from './names';
import { trust } from './policy-document';
import { Role } from './role';

/** Days; audit logs are billed by the GB stored. */
export const CLUSTER_LOG_RETENTION_DAYS = 30;

export interface EksClusterProps {
  readonly name: string;
  readonly spec: KubernetesSpec;
  /** Immutable; left out, EKS may take 10.100.0.0/16, which is where the platform's own addresses are. */
  readonly serviceCidr: string;
  /** The private Kubernetes subnets: where the control plane's interfaces are. */
  readonly subnetIds: readonly string[];
  /** The group that nodes and pods are in as well. */
  readonly securityGroupId: string;
  readonly encryptionKeyArn: string;
  /** Of whoever deploys; may be an assumed role's session. */
  readonly callerArn: string;
  readonly protection: boolean;
}

export class EksCluster extends Construct {
  readonly cluster: AwsEksCluster;

  constructor(scope: Construct, id: string, props: EksClusterProps) {
    super(scope, id);
    const { spec } = props;
    const name = named('cluster', props.name);
    const role = new Role(this, 'role', {
      name: [props.name, 'cluster'],
      description: 'EKS control plane',
      trust: trust('eks.amazonaws.com'),
      managed: ['AmazonEKSClusterPolicy'],
      statements: [
        {
          Sid: 'SecretsAtRest',
          Effect: 'Allow',
          Action: ['kms:Encrypt', 'kms:Decrypt', 'kms:ListGrants', 'kms:DescribeKey'],
          Resource: props.encryptionKeyArn,
        },
      ],
    });

    // Before the cluster: EKS would make one itself, unencrypted, that never expires and outlives the platform.
    const logs = new CloudwatchLogGroup(this, 'logs', {
      name: `/aws/eks/${name}/cluster`,
      retentionInDays: CLUSTER_LOG_RETENTION_DAYS,
      kmsKeyId: props.encryptionKeyArn,
    });

    this.cluster = new AwsEksCluster(this, 'this', {
      name,
      version: spec.version,
      roleArn: role.arn,
      deletionProtection: props.protection,
      // The add-ons are EKS add-ons, each made in its turn.
      bootstrapSelfManagedAddons: false,
      accessConfig: {
        authenticationMode: 'API',
        // Access entries instead: changing this flag replaces the cluster, and with an entry for the same person it fails.
        bootstrapClusterCreatorAdminPermissions: false,
      },
      kubernetesNetworkConfig: { ipFamily: 'ipv4', serviceIpv4Cidr: props.serviceCidr },
      vpcConfig: {
        subnetIds: [...props.subnetIds],
        securityGroupIds: [props.securityGroupId],
        endpointPrivateAccess: true,
        endpointPublicAccess: spec.api.publicFrom.length > 0,
        ...(spec.api.publicFrom.length > 0 && { publicAccessCidrs: [...spec.api.publicFrom] }),
      },
      encryptionConfig: { provider: { keyArn: props.encryptionKeyArn }, resources: ['secrets'] },
      // Never the sixfold price of extended support; spec refuses a version past its date.
      upgradePolicy: { supportType: 'STANDARD' },
      // Who did what, and who was let in. The controllers' own logs are many and are billed by the GB.
      enabledClusterLogTypes: ['api', 'audit', 'authenticator'],
      dependsOn: [...role.permissions, logs],
    });

    if (spec.admins.length === 0) this.admitDeployer(props.callerArn);
    for (const admin of spec.admins) this.admit(adminId(admin, spec.admins), admin);
  }

  /** Without named admins it is whoever deploys first; a later deployer with another identity changes nothing. */
  private admitDeployer(arn: string): void {
    const { issuerArn } = new DataAwsIamSessionContext(this, 'deployer', { arn });
    this.admit('admin-deployer', issuerArn, ['principal_arn']);
  }

  private admit(id: string, principalArn: string, ignoreChanges: string[] = []): void {
    const entry = new EksAccessEntry(this, id, {
      clusterName: this.cluster.name,
      principalArn,
      ...(ignoreChanges.length > 0 && { lifecycle: { ignoreChanges } }),
    });
    new EksAccessPolicyAssociation(this, `${id}-policy`, {
      clusterName: this.cluster.name,
      principalArn: entry.principalArn,
      policyArn: 'arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy',
      accessScope: { type: 'cluster' },
    });
  }
}

/** Readable; `role/a.b` and `role/a-b` read alike, and then each bears a mark that no other ARN has. */
function adminId(arn: string, admins: readonly string[]): string {
  const readable = (one: string) => `admin-${one.replace(/[^A-Za-z0-9-]+/g, '-')}`;
  const alike = admins.filter((one) => readable(one) === readable(arn)).length > 1;
  return alike ? `${readable(arn)}-${createHash('sha256').update(arn).digest('hex').slice(0, 8)}` : readable(arn);
}
