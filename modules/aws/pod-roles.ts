/** The roles that pods assume by EKS Pod Identity, one a service account, each with the least that it needs. */
import { EksPodIdentityAssociation } from '@cdktf/provider-aws/lib/eks-pod-identity-association';
import { Construct } from 'constructs';
import { podIdentityTrust, type Statement } from './policy-document';
import { Role } from './role';

export interface PodRolesProps {
  readonly name: string;
  readonly region: string;
  readonly accountId: string;
  readonly targetGroupArn: string;
  readonly encryptionKeyArn: string;
}

interface PodRole {
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly description: string;
  readonly managed?: readonly string[];
  readonly statements?: readonly Statement[];
}

export class PodRoles extends Construct {
  /** By service account; a service account has the same name in no two namespaces. */
  readonly roles: Readonly<Record<string, Role>>;

  readonly #associated: readonly PodRole[];

  constructor(scope: Construct, id: string, props: PodRolesProps) {
    super(scope, id);
    const ofAddons: PodRole[] = [
      {
        namespace: 'kube-system',
        serviceAccount: 'aws-node',
        description: 'VPC CNI: addresses for pods',
        managed: ['AmazonEKS_CNI_Policy'],
      },
      {
        namespace: 'kube-system',
        serviceAccount: 'ebs-csi-controller-sa',
        description: 'EBS CSI driver: volumes for pods',
        managed: ['service-role/AmazonEBSCSIDriverPolicy'],
      },
    ];
    this.#associated = [loadBalancerController(props), externalSecrets(props)];
    this.roles = Object.fromEntries(
      [...ofAddons, ...this.#associated].map((pod) => [
        pod.serviceAccount,
        new Role(this, pod.serviceAccount, {
          name: [props.name, `pod-${pod.serviceAccount}`],
          description: pod.description,
          trust: podIdentityTrust(),
          managed: pod.managed,
          statements: pod.statements,
        }),
      ]),
    );
  }

  /** Binds what is no add-on: an add-on's association is part of the add-on. */
  associate(clusterName: string): void {
    for (const { namespace, serviceAccount } of this.#associated) {
      new EksPodIdentityAssociation(this, `${serviceAccount}-association`, {
        clusterName,
        namespace,
        serviceAccount,
        roleArn: this.roles[serviceAccount]!.arn,
      });
    }
  }
}

/** It only puts pods into the one target group that is ours: the load balancer and its rules are Terraform's. */
function loadBalancerController({ targetGroupArn }: PodRolesProps): PodRole {
  return {
    namespace: 'kube-system',
    serviceAccount: 'aws-load-balancer-controller',
    description: 'AWS Load Balancer Controller: pods in and out of the entry target group',
    statements: [
      {
        Sid: 'JoinPods',
        Effect: 'Allow',
        Action: ['elasticloadbalancing:RegisterTargets', 'elasticloadbalancing:DeregisterTargets'],
        Resource: targetGroupArn,
      },
      {
        // None of these takes a resource in its policy.
        Sid: 'Look',
        Effect: 'Allow',
        Action: [
          'ec2:DescribeAvailabilityZones',
          'ec2:DescribeInstances',
          'ec2:DescribeNetworkInterfaces',
          'ec2:DescribeSecurityGroups',
          'ec2:DescribeSubnets',
          'ec2:DescribeVpcs',
          'elasticloadbalancing:DescribeTargetGroupAttributes',
          'elasticloadbalancing:DescribeTargetGroups',
          'elasticloadbalancing:DescribeTargetHealth',
        ],
        Resource: '*',
      },
    ],
  };
}

/**
 * The last part of the names of the secrets that applications get, as in `cimiento/kafka/client`. What members need among
 * themselves (`…/cluster`: authorities, key files) and RDS's master password are not for pods.
 */
const APPLICATION_SECRETS = ['app', 'client'] as const;

function externalSecrets({ name, region, accountId, encryptionKeyArn }: PodRolesProps): PodRole {
  return {
    namespace: 'external-secrets',
    serviceAccount: 'external-secrets',
    description: 'External Secrets: what applications log in with',
    statements: [
      {
        Sid: 'ReadApplicationSecrets',
        Effect: 'Allow',
        Action: ['secretsmanager:GetSecretValue', 'secretsmanager:DescribeSecret'],
        // Secrets Manager ends each ARN with a hyphen and six characters of its own.
        Resource: APPLICATION_SECRETS.map(
          (secret) => `arn:aws:secretsmanager:${region}:${accountId}:secret:${name}/*/${secret}-??????`,
        ),
      },
      {
        Sid: 'DecryptThem',
        Effect: 'Allow',
        Action: 'kms:Decrypt',
        Resource: encryptionKeyArn,
        Condition: { StringEquals: { 'kms:ViaService': `secretsmanager.${region}.amazonaws.com` } },
      },
    ],
  };
}
