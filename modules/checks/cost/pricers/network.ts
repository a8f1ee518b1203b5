/** NAT, public addresses, endpoints, transit. */
import { price } from '../../../catalog';
import type { Instance, ResolvedProject } from '../../terraform';
import { Topology } from '../../topology';
import { lengthOf, textOf } from '../arguments';
import { Unpriced, type Charge } from '../line';
import { hourly, priceFor, type Pricer } from '../pricer';

const nat: Pricer = ({ values }, { region }) => {
  if (textOf(values, 'connectivity_type', 'public') === 'private') {
    return [hourly('NAT gateway, private', price('natGateway.hour', region))];
  }
  // A regional gateway is billed by each zone that it stands in; left to itself it grows with the VPC.
  const regional = textOf(values, 'availability_mode', 'zonal') === 'regional';
  const zones = regional ? lengthOf(values, 'availability_zone_address') : 1;
  if (zones === 0)
    throw new Unpriced(
      'availability_mode',
      'a regional NAT gateway is billed by zones, and no availability_zone_address names one',
    );
  const charges: Charge[] = [
    hourly('NAT gateway', price('natGateway.hour', region), zones),
    {
      kind: 'usage',
      item: 'NAT data',
      price: price('natGateway.gb', region),
      usage: 'natGb',
      factor: 1,
      unit: 'GB',
      reason: 'both directions through NAT, shared evenly by the gateways',
    },
  ];
  return charges;
};

const address: Pricer = (_, { region }) => [hourly('public IPv4 (Elastic IP)', price('publicIpv4.hour', region))];

const endpoint: Pricer = ({ values, resource, address }, { region, project }) => {
  const type = textOf(values, 'vpc_endpoint_type', 'Gateway');
  if (type === 'Gateway') {
    return [{ kind: 'free', item: 'VPC gateway endpoint', reason: 'gateway endpoints (S3, DynamoDB) are free' }];
  }
  // An interface endpoint without subnets has none yet; AWS then puts one in a subnet of its choice.
  const named = lengthOf(values, 'subnet_ids') || lengthOf(values, 'subnet_configuration');
  const zones = Math.max(1, named + associations({ resource, address }, project));
  return [
    hourly(
      `VPC ${type.toLowerCase()} endpoint, by zone (0.01 a GB on top)`,
      priceFor('vpc_endpoint_type', () => price(`vpcEndpoint.${type.toLowerCase()}.azHour`, region)),
      zones,
    ),
  ];
};

/** Subnets that an endpoint is put into by resources of their own. */
const associations = (endpointOf: Pick<Instance, 'resource' | 'address'>, project: ResolvedProject): number =>
  project.ofType('aws_vpc_endpoint_subnet_association').filter(({ values }) =>
    Topology.of(project)
      .instancesOf(values.vpc_endpoint_id)
      .some((one) => one.resource === endpointOf.resource && one.address === endpointOf.address),
  ).length;

const transitAttachment: Pricer = (_, { region }) => [
  hourly('transit gateway attachment (0.02 a GB on top)', price('transitGateway.attachmentHour', region)),
];

export const networkPricers: Readonly<Record<string, Pricer>> = {
  aws_nat_gateway: nat,
  aws_eip: address,
  aws_vpc_endpoint: endpoint,
  aws_ec2_transit_gateway_vpc_attachment: transitAttachment,
};
