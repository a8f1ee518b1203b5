/** The platform's security groups and their rules: never inline, so that groups may refer to each other. */
import { SecurityGroup } from '@cdktf/provider-aws/lib/security-group';
import { VpcSecurityGroupEgressRule } from '@cdktf/provider-aws/lib/vpc-security-group-egress-rule';
import { VpcSecurityGroupIngressRule } from '@cdktf/provider-aws/lib/vpc-security-group-ingress-rule';
import { Construct } from 'constructs';
import { named } from './names';
import { permissionName, type GroupName, type Party, type Permission } from './security-rules';

const PURPOSE: Readonly<Record<string, string>> = {
  cluster: 'EKS control plane, nodes and pods',
  'load-balancer': 'Entry load balancer',
  kafka: 'Kafka brokers',
  postgres: 'PostgreSQL',
  mongodb: 'MongoDB members',
  'instance-connect': 'EC2 Instance Connect endpoint',
};

export interface SecurityGroupsProps {
  readonly name: string;
  readonly vpcId: string;
  readonly groups: readonly GroupName[];
  readonly permissions: readonly Permission[];
}

export class SecurityGroups extends Construct {
  readonly ids: Readonly<Record<GroupName, string>>;

  constructor(scope: Construct, id: string, props: SecurityGroupsProps) {
    super(scope, id);
    this.ids = Object.fromEntries(
      props.groups.map((group) => {
        const name = named('securityGroup', props.name, group);
        const resource = new SecurityGroup(this, group, {
          name,
          description: PURPOSE[group] ?? `Service nodes of segment ${group.replace(/^nodes-/, '')}`,
          vpcId: props.vpcId,
          tags: { Name: name },
        });
        return [group, resource.id];
      }),
    ) as Record<GroupName, string>;

    for (const permission of props.permissions) this.permit(permission);
  }

  /** @throws if there is no such group: spec lets no rule name an unknown segment */
  private idOf(group: GroupName): string {
    const id = this.ids[group];
    if (id === undefined) throw new Error(`there is no security group "${group}"`);
    return id;
  }

  private permit(permission: Permission): void {
    const { from, to, port, why } = permission;
    const name = permissionName(permission);
    const traffic = {
      ...(port === undefined ? { ipProtocol: '-1' } : { ipProtocol: 'tcp', fromPort: port, toPort: port }),
      description: why,
      tags: { Name: name },
    };
    if ('group' in to) {
      new VpcSecurityGroupIngressRule(this, `${name}-in`, {
        ...traffic,
        securityGroupId: this.idOf(to.group),
        ...this.other(from),
      });
    }
    if ('group' in from) {
      new VpcSecurityGroupEgressRule(this, `${name}-out`, {
        ...traffic,
        securityGroupId: this.idOf(from.group),
        ...this.other(to),
      });
    }
  }

  private other(party: Party): { referencedSecurityGroupId: string } | { cidrIpv4: string } {
    return 'group' in party ? { referencedSecurityGroupId: this.idOf(party.group) } : { cidrIpv4: party.cidr };
  }
}
