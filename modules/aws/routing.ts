/**
 * How packets leave: public subnets through the internet gateway, private ones through NAT, and everybody to S3 through a
 * gateway endpoint, which costs nothing and keeps image layers (ECR stores them in S3) off NAT's bill.
 */
import { Eip } from '@cdktf/provider-aws/lib/eip';
import { NatGateway } from '@cdktf/provider-aws/lib/nat-gateway';
import { Route } from '@cdktf/provider-aws/lib/route';
import { RouteTable } from '@cdktf/provider-aws/lib/route-table';
import { RouteTableAssociation } from '@cdktf/provider-aws/lib/route-table-association';
import { VpcEndpoint } from '@cdktf/provider-aws/lib/vpc-endpoint';
import { Construct } from 'constructs';
import { KUBERNETES_SEGMENT, type NetworkSpec } from '../spec/platform';
import type { BuiltSubnet, Subnets } from './subnets';
import type { Vpc } from './vpc';

const EVERYWHERE = '0.0.0.0/0';

export interface RoutingProps {
  readonly name: string;
  readonly region: string;
  readonly vpc: Vpc;
  readonly subnets: Subnets;
  /** `single-nat`: the loss of the first zone takes everybody's egress, not data. `nat-per-zone`: each zone its own. */
  readonly egress: NetworkSpec['egress'];
}

export class Routing extends Construct {
  constructor(scope: Construct, id: string, props: RoutingProps) {
    super(scope, id);
    const { name, vpc, subnets, egress } = props;

    const publicTable = this.table(
      name,
      vpc,
      'public',
      subnets.all.filter((one) => one.tier === 'public'),
    );
    new Route(this, 'public-to-internet', {
      routeTableId: publicTable.id,
      destinationCidrBlock: EVERYWHERE,
      gatewayId: vpc.internetGateway.id,
    });

    // A private table a zone, also when all lead to one gateway: tables cost nothing, and a change of `egress` then only
    // turns routes.
    const homes = subnets.of(KUBERNETES_SEGMENT, 'public');
    const gateways = homes
      .slice(0, egress === 'single-nat' ? 1 : undefined)
      .map((home) => this.natGateway(name, vpc, home));
    const privateTables = homes.map((home, at) => {
      const id = `private-${letterOf(home)}`;
      const users = subnets.all.filter((one) => one.tier === 'private' && one.zoneIndex === home.zoneIndex);
      const table = this.table(name, vpc, id, users);
      new Route(this, `${id}-to-nat`, {
        routeTableId: table.id,
        destinationCidrBlock: EVERYWHERE,
        natGatewayId: (gateways[at] ?? gateways[0]!).id,
      });
      return table;
    });

    new VpcEndpoint(this, 's3', {
      vpcId: vpc.vpcId,
      vpcEndpointType: 'Gateway',
      serviceName: `com.amazonaws.${props.region}.s3`,
      routeTableIds: [publicTable, ...privateTables].map((table) => table.id),
      tags: { Name: `${name}-s3` },
    });
  }

  private natGateway(name: string, vpc: Vpc, home: BuiltSubnet): NatGateway {
    const letter = letterOf(home);
    const tags = { Name: `${name}-nat-${letter}` };
    const address = new Eip(this, `nat-${letter}-address`, { domain: 'vpc', tags });
    return new NatGateway(this, `nat-${letter}`, {
      allocationId: address.allocationId,
      subnetId: home.id,
      tags,
      // AWS refuses a public NAT gateway in a VPC without an attached internet gateway.
      dependsOn: [vpc.internetGateway],
    });
  }

  private table(name: string, vpc: Vpc, suffix: string, users: readonly BuiltSubnet[]): RouteTable {
    const table = new RouteTable(this, suffix, { vpcId: vpc.vpcId, tags: { Name: `${name}-${suffix}` } });
    for (const subnet of users) {
      new RouteTableAssociation(this, subnet.name, { routeTableId: table.id, subnetId: subnet.id });
    }
    return table;
  }
}

/** `a`, `b`, `c`: the zone's letter, with which a planned subnet's name ends. */
function letterOf(subnet: BuiltSubnet): string {
  return subnet.name.slice(subnet.name.lastIndexOf('-') + 1);
}
