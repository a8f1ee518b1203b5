/** The VPC: two address blocks, a way to the internet for what is public, and a default security group that permits nothing. */
import { DefaultSecurityGroup } from '@cdktf/provider-aws/lib/default-security-group';
import { InternetGateway } from '@cdktf/provider-aws/lib/internet-gateway';
import { Vpc as AwsVpc } from '@cdktf/provider-aws/lib/vpc';
import { VpcIpv4CidrBlockAssociation } from '@cdktf/provider-aws/lib/vpc-ipv4-cidr-block-association';
import { Construct } from 'constructs';

export interface VpcProps {
  readonly name: string;
  /** The VPC's own CIDR; EKS lives in it. */
  readonly kubernetesCidr: string;
  /** Its second CIDR, for the service segments. */
  readonly servicesCidr: string;
}

export class Vpc extends Construct {
  readonly vpcId: string;
  readonly internetGateway: InternetGateway;
  /**
   * The VPC's id once it has its second CIDR: a subnet of that block that refers to it is made after the association and
   * destroyed before it, with no `depends_on`.
   */
  readonly vpcIdWithServices: string;

  constructor(scope: Construct, id: string, props: VpcProps) {
    super(scope, id);
    const vpc = new AwsVpc(this, 'this', {
      cidrBlock: props.kubernetesCidr,
      enableDnsSupport: true,
      // Private zones and the names of RDS, MSK and EKS resolve only with both.
      enableDnsHostnames: true,
      tags: { Name: props.name },
    });
    this.vpcId = vpc.id;
    this.vpcIdWithServices = new VpcIpv4CidrBlockAssociation(this, 'services', {
      vpcId: vpc.id,
      cidrBlock: props.servicesCidr,
    }).vpcId;
    this.internetGateway = new InternetGateway(this, 'internet', { vpcId: vpc.id, tags: { Name: props.name } });
    // No rules: whatever is started without a group of its own talks to nobody.
    new DefaultSecurityGroup(this, 'default', { vpcId: vpc.id, tags: { Name: `${props.name}-default-empty` } });
  }
}
