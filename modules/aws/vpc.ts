/** The VPC: its address blocks, a way to the internet for what is public, and a default security group that permits nothing. */
import { DefaultSecurityGroup } from '@cdktf/provider-aws/lib/default-security-group';
import { InternetGateway } from '@cdktf/provider-aws/lib/internet-gateway';
import { Vpc as AwsVpc } from '@cdktf/provider-aws/lib/vpc';
import { VpcIpv4CidrBlockAssociation } from '@cdktf/provider-aws/lib/vpc-ipv4-cidr-block-association';
import { Construct } from 'constructs';
import { contains, parseCidr } from '../addressing/cidr';
import type { AddressPlan } from '../addressing/plan';

export interface VpcProps {
  readonly name: string;
  readonly plan: AddressPlan;
}

export class Vpc extends Construct {
  readonly vpcId: string;
  readonly internetGateway: InternetGateway;
  readonly #blocks: readonly { readonly cidr: string; readonly vpcId: string }[];

  constructor(scope: Construct, id: string, { name, plan }: VpcProps) {
    super(scope, id);
    // Kubernetes comes first: its first block is the VPC's own CIDR, which can never change.
    const networks = [...plan.certificate.networks].sort((one, other) => one.name.localeCompare(other.name));
    const blocks = networks.flatMap((network) =>
      network.cidrs.map((cidr, at) => ({ cidr, id: at === 0 ? network.name : `${network.name}-${at + 1}` })),
    );
    const [own, ...further] = blocks;
    if (own === undefined) throw new Error('the plan has no network');

    const vpc = new AwsVpc(this, 'this', {
      cidrBlock: own.cidr,
      enableDnsSupport: true,
      // Private zones and the names of RDS, MSK and EKS resolve only with both.
      enableDnsHostnames: true,
      tags: { Name: name },
    });
    this.vpcId = vpc.id;
    this.#blocks = [
      { cidr: own.cidr, vpcId: vpc.id },
      ...further.map((block) => ({
        cidr: block.cidr,
        vpcId: new VpcIpv4CidrBlockAssociation(this, block.id, { vpcId: vpc.id, cidrBlock: block.cidr }).vpcId,
      })),
    ];

    this.internetGateway = new InternetGateway(this, 'internet', { vpcId: vpc.id, tags: { Name: name } });
    // No rules: whatever is started without a group of its own talks to nobody.
    new DefaultSecurityGroup(this, 'default', { vpcId: vpc.id, tags: { Name: `${name}-default-empty` } });
  }

  /**
   * The VPC's id as the block that holds `cidr` gives it: a subnet that refers to it is made after the block is associated
   * and destroyed before, with no `depends_on`.
   */
  vpcIdFor(cidr: string): string {
    const where = 'the address plan';
    const block = this.#blocks.find((one) => contains(parseCidr(one.cidr, where), parseCidr(cidr, where)));
    if (block === undefined) throw new Error(`${cidr} is in no block of the VPC`);
    return block.vpcId;
  }
}
