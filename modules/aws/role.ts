/** An IAM role: who may assume it, which of AWS's policies it has, and what else it may do. */
import { IamInstanceProfile } from '@cdktf/provider-aws/lib/iam-instance-profile';
import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy';
import { IamRolePolicyAttachment } from '@cdktf/provider-aws/lib/iam-role-policy-attachment';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { named } from './names';
import { policyDocument, trust, type Statement } from './policy-document';

export interface RoleProps {
  /** The platform's name and the role's purpose, joined: IAM names are unique in an account. */
  readonly name: readonly [platform: string, purpose: string];
  readonly description: string;
  /** Trust policy, JSON. */
  readonly trust: string;
  /** Names of AWS managed policies, with their path: `AmazonSSMManagedInstanceCore`, `service-role/…`. */
  readonly managed?: readonly string[];
  readonly statements?: readonly Statement[];
}

export class Role extends Construct {
  readonly arn: string;
  readonly roleName: string;
  /** What must be there before the role is of use, and must stay until its user is gone. */
  readonly permissions: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: RoleProps) {
    super(scope, id);
    const role = new IamRole(this, 'this', {
      name: named('role', ...props.name),
      description: props.description,
      assumeRolePolicy: props.trust,
    });
    const attachments = (props.managed ?? []).map(
      (policy) =>
        new IamRolePolicyAttachment(this, policy.replace(/^.*\//, ''), {
          role: role.name,
          policyArn: `arn:aws:iam::aws:policy/${policy}`,
        }),
    );
    const inline =
      props.statements === undefined
        ? []
        : [
            new IamRolePolicy(this, 'inline', {
              name: props.name[1],
              role: role.name,
              policy: policyDocument(...props.statements),
            }),
          ];
    this.arn = role.arn;
    this.roleName = role.name;
    this.permissions = [...attachments, ...inline];
  }
}

/** The role of an EC2 machine, which people reach by Session Manager: no key pair, no open port. */
export class InstanceRole extends Construct {
  readonly instanceProfileName: string;

  constructor(scope: Construct, id: string, props: Pick<RoleProps, 'name' | 'description' | 'statements'>) {
    super(scope, id);
    const role = new Role(this, 'this', {
      ...props,
      trust: trust('ec2.amazonaws.com'),
      managed: ['AmazonSSMManagedInstanceCore'],
    });
    this.instanceProfileName = new IamInstanceProfile(this, 'profile', {
      name: named('role', ...props.name),
      role: role.roleName,
    }).name;
  }
}
