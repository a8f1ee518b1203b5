/** NAT, public addresses, endpoints, transit. */
import { price } from '../../../catalog';
import { lengthOf, textOf } from '../arguments';
import type { Charge } from '../line';
import { hourly, priceFor, type Pricer } from '../pricer';

const nat: Pricer = ({ values }, { region }) => {
  if (textOf(values, 'connectivity_type', 'public') === 'private') {
    return [hourly('NAT gateway, private', price('natGateway.hour', region))];
  }
  const charges: Charge[] = [
    hourly('NAT gateway', price('natGateway.hour', region)),
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

const endpoint: Pricer = ({ values }, { region }) => {
  const type = textOf(values, 'vpc_endpoint_type', 'Gateway');
  if (type === 'Gateway') {
    return [{ kind: 'free', item: 'VPC gateway endpoint', reason: 'gateway endpoints (S3, DynamoDB) are free' }];
  }
  // An interface endpoint without subnets has none yet; AWS then puts one in a subnet of its choice.
  const zones = Math.max(1, lengthOf(values, 'subnet_ids') || lengthOf(values, 'subnet_configuration'));
  return [
    hourly(
      `VPC ${type.toLowerCase()} endpoint, by zone (0.01 a GB on top)`,
      priceFor('vpc_endpoint_type', () => price(`vpcEndpoint.${type.toLowerCase()}.azHour`, region)),
      zones,
    ),
  ];
};

const transitAttachment: Pricer = (_, { region }) => [
  hourly('transit gateway attachment (0.02 a GB on top)', price('transitGateway.attachmentHour', region)),
];

export const networkPricers: Readonly<Record<string, Pricer>> = {
  aws_nat_gateway: nat,
  aws_eip: address,
  aws_vpc_endpoint: endpoint,
  aws_ec2_transit_gateway_vpc_attachment: transitAttachment,
};
