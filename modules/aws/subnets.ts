/** The plan's subnets, each once, by zone id: zone letters mean different places in different accounts. */
import { Subnet } from '@cdktf/provider-aws/lib/subnet';
import { Construct } from 'constructs';
import type { AddressPlan, SubnetPlan, Tier } from '../addressing/plan';
import { KUBERNETES_SEGMENT } from '../spec/platform';
import type { Vpc } from './vpc';

export interface SubnetsProps {
  readonly name: string;
  readonly vpc: Vpc;
  readonly plan: AddressPlan;
}

/** A planned subnet and what it became. */
export interface BuiltSubnet extends SubnetPlan {
  readonly segment: string;
  readonly id: string;
  /** The zone's name in this account, such as `us-east-2a`: EBS volumes want it. */
  readonly availabilityZone: string;
}

export class Subnets extends Construct {
  readonly all: readonly BuiltSubnet[];

  constructor(scope: Construct, id: string, { name, vpc, plan }: SubnetsProps) {
    super(scope, id);
    this.all = plan.blocks.flatMap((block) =>
      block.subnets.map((planned) => {
        const kubernetes = block.segment === KUBERNETES_SEGMENT;
        const subnet = new Subnet(this, planned.name, {
          vpcId: vpc.vpcIdFor(planned.cidr),
          cidrBlock: planned.cidr,
          availabilityZoneId: planned.zone,
          // Public means a route to the internet gateway; an address is given only to what asks for one.
          mapPublicIpOnLaunch: false,
          tags: {
            Name: `${name}-${planned.name}`,
            segment: block.segment,
            tier: planned.tier,
            // The load balancer controller and `kubectl` users find subnets by these.
            ...(kubernetes && { [`kubernetes.io/role/${planned.tier === 'public' ? 'elb' : 'internal-elb'}`]: '1' }),
          },
        });
        return { ...planned, segment: block.segment, id: subnet.id, availabilityZone: subnet.availabilityZone };
      }),
    );
  }

  of(segment: string, tier: Tier): readonly BuiltSubnet[] {
    return this.all
      .filter((subnet) => subnet.segment === segment && subnet.tier === tier)
      .sort((a, b) => a.zoneIndex - b.zoneIndex);
  }
}
