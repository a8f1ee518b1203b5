/** Two network ACLs a segment, one for its private and one for its public subnets, with the rules of acl-rules. */
import { NetworkAcl } from '@cdktf/provider-aws/lib/network-acl';
import { NetworkAclRule } from '@cdktf/provider-aws/lib/network-acl-rule';
import { Construct } from 'constructs';
import type { AddressPlan, Tier } from '../addressing/plan';
import { aclRules, FRAGMENTATION_NEEDED, type AclInputs, type AclRule } from './acl-rules';
import type { Subnets } from './subnets';
import type { Vpc } from './vpc';

export interface SegmentAclsProps {
  readonly name: string;
  readonly vpc: Vpc;
  readonly subnets: Subnets;
  readonly plan: AddressPlan;
  readonly platform: AclInputs;
}

export class SegmentAcls extends Construct {
  constructor(scope: Construct, id: string, props: SegmentAclsProps) {
    super(scope, id);
    for (const { segment } of props.plan.blocks) {
      for (const tier of ['private', 'public'] as const) this.segmentAcl(props, segment, tier);
    }
  }

  private segmentAcl({ name, vpc, subnets, plan, platform }: SegmentAclsProps, segment: string, tier: Tier): void {
    const acl = new NetworkAcl(this, `${segment}-${tier}`, {
      vpcId: vpc.vpcId,
      subnetIds: subnets.of(segment, tier).map((subnet) => subnet.id),
      tags: { Name: `${name}-${segment}-${tier}` },
    });
    for (const rule of aclRules(platform, plan, segment, tier)) {
      new NetworkAclRule(this, `${segment}-${tier}-${rule.name}`, {
        networkAclId: acl.id,
        egress: rule.direction === 'out',
        ruleNumber: rule.number,
        ruleAction: rule.action,
        cidrBlock: rule.cidr,
        ...traffic(rule),
      });
    }
  }
}

function traffic({ protocol, ports }: AclRule) {
  switch (protocol) {
    case 'tcp':
      return { protocol: 'tcp', fromPort: ports?.from, toPort: ports?.to };
    case 'icmp':
      return { protocol: 'icmp', icmpType: FRAGMENTATION_NEEDED.type, icmpCode: FRAGMENTATION_NEEDED.code };
    case 'all':
      return { protocol: '-1' };
  }
}
