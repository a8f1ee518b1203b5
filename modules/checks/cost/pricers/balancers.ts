/** Load balancers: the hour, capacity units by use, and a public IPv4 in every zone when they face the internet. */
import { HOURS_PER_MONTH, price } from '../../../catalog';
import { blocks, isUnknown } from '../../terraform';
import { booleanOf, lengthOf, textOf } from '../arguments';
import { Unpriced } from '../line';
import { hourly, publicAddresses, type Pricer } from '../pricer';

const KINDS: Readonly<Record<string, { readonly name: string; readonly item: string }>> = {
  application: { name: 'application load balancer', item: 'alb' },
  network: { name: 'network load balancer', item: 'nlb' },
};

/** What clients reach over IPv6 alone has no public IPv4. */
const WITHOUT_IPV4 = 'dualstack-without-public-ipv4';

const balancer: Pricer = ({ values }, { region }) => {
  const type = textOf(values, 'load_balancer_type', 'application');
  const kind = KINDS[type];
  if (kind === undefined) throw new Unpriced('load_balancer_type', `${type} load balancers are not in the catalogue`);
  return [
    hourly(kind.name, price(`${kind.item}.hour`, region)),
    {
      kind: 'usage',
      item: `${kind.name}, capacity units`,
      price: price(`${kind.item}.lcuHour`, region),
      usage: 'lcu',
      factor: HOURS_PER_MONTH,
      unit: 'LCU-hour',
      reason: 'average capacity units, shared evenly by the balancers',
    },
    ...publicAddresses(
      booleanOf(values, 'internal', false) || textOf(values, 'ip_address_type', 'ipv4') === WITHOUT_IPV4
        ? 0
        : addresses(values),
      region,
      'the load balancer, one a zone',
    ),
  ];
};

/** Zones in which AWS gives the balancer an address; an Elastic IP of the project's own is priced by itself. */
function addresses(values: Parameters<Pricer>[0]['values']): number {
  if (isUnknown(values.subnet_mapping)) throw new Unpriced('subnet_mapping', 'subnet_mapping is known only at apply');
  const mappings = blocks(values.subnet_mapping);
  if (mappings.length > 0)
    return mappings.filter((one) => one.allocation_id === undefined || one.allocation_id === null).length;
  const subnets = lengthOf(values, 'subnets');
  if (subnets === 0)
    throw new Unpriced('subnets', 'neither subnets nor subnet_mapping says in how many zones it stands');
  return subnets;
}

export const balancerPricers: Readonly<Record<string, Pricer>> = { aws_lb: balancer, aws_alb: balancer };
