/** EC2: instances, and groups that launch them from a template. Linux, on demand, shared tenancy; the rest is refused. */
import { price } from '../../../catalog';
import { block, blocks, isUnknown, list, text, type Instance, type Value, type Values } from '../../terraform';
import { Topology } from '../../topology';
import { booleanOf, numberOf, textOf } from '../arguments';
import { Unpriced, type Charge } from '../line';
import { hourly, priceFor, publicAddresses, type Pricer, type PricingContext } from '../pricer';
import { AMI_ROOT_GIB, instanceVolumes, templateVolumes, volumeCharges } from './volumes';

/** `count` machines of a type for a month. @throws Unpriced */
function machineCharge(type: string, count: number, attribute: string, { region }: PricingContext): Charge {
  return hourly(
    `EC2 ${type}, on demand`,
    priceFor(attribute, () => price(`ec2.${type}`, region)),
    count,
  );
}

const instance: Pricer = (one, context) => {
  const { values } = one;
  onDemand(values, values);
  const template = templateOf(one, context);
  const type = text(values.instance_type) ?? text(template?.instance_type) ?? textOf(values, 'instance_type');
  const volumes =
    values.root_block_device === undefined && template !== undefined
      ? (templateVolumes(template, context.region, 1) ?? instanceVolumes(values, context.region))
      : instanceVolumes(values, context.region);
  return [
    machineCharge(type, 1, 'instance_type', context),
    ...volumes,
    ...publicAddresses(addressed(values, template, values.subnet_id, 1, context), context.region, 'the instance'),
  ];
};

/** What is bought another way than on demand, with shared tenancy, is refused. */
function onDemand(values: Values, placement: Values | undefined): void {
  const tenancy = textOf(placement ?? {}, 'tenancy', 'default');
  if (tenancy !== 'default')
    throw new Unpriced('tenancy', `tenancy ${tenancy} has prices of its own, not in the catalogue`);
  if (values.instance_market_options !== undefined) {
    throw new Unpriced('instance_market_options', 'Spot has no list price');
  }
}

/** How many of some machines get an address of their own: they or their template say so, or their subnets give one to all. */
function addressed(
  values: Values,
  template: Values | undefined,
  subnets: Value | undefined,
  machines: number,
  { project }: PricingContext,
): number {
  const said = [values, ...blocks(template?.network_interfaces)].find(
    (one) => one.associate_public_ip_address !== undefined,
  );
  if (said !== undefined) return booleanOf(said, 'associate_public_ip_address') ? machines : 0;
  const known = Topology.of(project).subnetsOf(subnets);
  const open = known.filter(({ instance: { values: subnet } }) => booleanOf(subnet, 'map_public_ip_on_launch', false));
  // Machines are spread evenly over the subnets of their group.
  return known.length === 0 ? 0 : Math.ceil((machines * open.length) / known.length);
}

/** The launch template that a resource names, in this project. */
function templateOf({ values }: Instance, { project }: PricingContext): Values | undefined {
  if (isUnknown(values.launch_template))
    throw new Unpriced('launch_template', 'the launch template is known only at apply');
  if (block(values.launch_template) === undefined) return undefined;
  const [template, ...others] = Topology.of(project).launchTemplates(values);
  if (template === undefined) throw new Unpriced('launch_template', 'the launch template is not in this project');
  if (others.length > 0)
    throw new Unpriced('launch_template', `which copy of ${template.resource.address} it is is known only at apply`);
  onDemand(template.values, block(template.values.placement));
  return template.values;
}

/** EKS gives a node 20 GiB when neither the group nor its template says (EKS user guide, managed node groups). */
const NODE_GROUP_DISK_GIB = 20;

const nodeGroup: Pricer = (one, context) => {
  const { values } = one;
  const capacity = textOf(values, 'capacity_type', 'ON_DEMAND');
  if (capacity !== 'ON_DEMAND') throw new Unpriced('capacity_type', `${capacity} has no list price`);
  const image = textOf(values, 'ami_type', '');
  if (image.startsWith('WINDOWS'))
    throw new Unpriced('ami_type', `${image}: Windows costs a licence on top, which is not in the catalogue`);
  const nodes = numberOf(values, 'scaling_config.desired_size');
  const template = templateOf(one, context);
  const types = list(values.instance_types);
  if (types.some(isUnknown)) throw new Unpriced('instance_types', 'instance_types is known only at apply');
  // On demand, EKS launches the first type of the list that can be had.
  const type = text(types[0]) ?? text(template?.instance_type);
  if (type === undefined) {
    throw new Unpriced(
      'instance_types',
      'neither the group nor its launch template names a type: EKS would take t3.medium',
    );
  }
  const { region } = context;
  const volumes =
    (template === undefined ? undefined : templateVolumes(template, region, nodes)) ??
    volumeCharges(
      {
        what: 'node root volume',
        type: 'gp2',
        gib: numberOf(values, 'disk_size', NODE_GROUP_DISK_GIB),
        attribute: 'disk_size',
        assumed: 'neither the group nor its template describes the volume: gp2, 20 GiB unless disk_size says more',
      },
      region,
      nodes,
    );
  return [
    machineCharge(type, nodes, 'instance_types', context),
    ...volumes,
    ...publicAddresses(addressed({}, template, values.subnet_ids, nodes, context), region, 'the nodes'),
  ];
};

const autoscalingGroup: Pricer = (one, context) => {
  const { values } = one;
  if (values.mixed_instances_policy !== undefined) {
    throw new Unpriced('mixed_instances_policy', 'which of several types a group launches is decided at run time');
  }
  const machines = numberOf(values, 'desired_capacity', numberOf(values, 'min_size'));
  const template = templateOf(one, context);
  if (template === undefined) throw new Unpriced('launch_template', 'launch_template is missing');
  const { region } = context;
  return [
    machineCharge(textOf(template, 'instance_type'), machines, 'launch_template', context),
    ...(templateVolumes(template, region, machines) ??
      volumeCharges(
        {
          what: 'root volume',
          type: 'gp3',
          gib: AMI_ROOT_GIB,
          attribute: 'launch_template',
          assumed: `the template states no volume: ${AMI_ROOT_GIB} GiB as Amazon Linux and Ubuntu images have`,
        },
        region,
        machines,
      )),
    ...publicAddresses(
      addressed({}, template, values.vpc_zone_identifier, machines, context),
      region,
      'the machines of the group',
    ),
  ];
};

const launchTemplate: Pricer = () => [
  {
    kind: 'free',
    item: 'launch template',
    reason: 'what is launched from it is priced at the group or instance that does',
  },
];

export const machinePricers: Readonly<Record<string, Pricer>> = {
  aws_instance: instance,
  aws_launch_template: launchTemplate,
  aws_eks_node_group: nodeGroup,
  aws_autoscaling_group: autoscalingGroup,
};
