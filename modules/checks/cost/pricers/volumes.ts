/** EBS: volumes by size, and the performance that is bought beyond what the type includes. */
import { price, type Price } from '../../../catalog';
import { blocks, isUnknown, type Values } from '../../terraform';
import { numberOf, textOf } from '../arguments';
import { Unpriced, type Charge } from '../line';
import { monthly, priceFor, type Pricer } from '../pricer';

/** What gp3 includes whatever its size (EC2 user guide, General Purpose SSD volumes). */
const GP3_IOPS = 3000;
const GP3_MIBPS = 125;
/** Root volumes whose size the AMI decides: Amazon Linux 2023 and Ubuntu images have 8 GiB. */
export const AMI_ROOT_GIB = 8;

export interface Volume {
  /** `root volume`, `data volume` … */
  readonly what: string;
  readonly type: string;
  readonly gib: number;
  readonly iops?: number;
  /** MiB/s */
  readonly throughput?: number;
  /** Where the type was said, to blame when it has no price. */
  readonly attribute: string;
  readonly assumed?: string;
}

/** @throws Unpriced for a type without a price */
export function volumeCharges(volume: Volume, region: string, count = 1): Charge[] {
  const { what, type, gib, iops, throughput, attribute, assumed } = volume;
  const ask = (item: string): Price => priceFor(attribute, () => price(item, region));
  const charge = (item: string, found: Price, quantity: number, unit: string) =>
    quantity === 0 ? [] : [monthly(item, found, quantity * count, unit, assumed)];

  const storage = [monthly(`EBS ${type}, ${what}`, ask(`ebs.${type}.gbMonth`), gib * count, 'GB-month', assumed)];
  switch (type) {
    case 'gp3':
      return [
        ...storage,
        ...charge(
          `EBS gp3 IOPS above ${GP3_IOPS}, ${what}`,
          ask('ebs.gp3.iopsMonthAbove3000'),
          Math.max(0, (iops ?? 0) - GP3_IOPS),
          'IOPS-month',
        ),
        ...charge(
          `EBS gp3 throughput above ${GP3_MIBPS} MiB/s, ${what}`,
          ask('ebs.gp3.mibpsMonthAbove125'),
          Math.max(0, (throughput ?? 0) - GP3_MIBPS),
          'MiBps-month',
        ),
      ];
    case 'io1':
    case 'io2':
      if (iops === undefined) throw new Unpriced('iops', `${type} is billed by IOPS, and iops is not set`);
      return [
        ...storage,
        ...(type === 'io1'
          ? charge(`EBS io1 IOPS, ${what}`, ask('ebs.io1.iopsMonth'), iops, 'IOPS-month')
          : [
              ['upTo32000', Math.min(iops, 32_000)] as const,
              ['upTo64000', Math.min(Math.max(iops - 32_000, 0), 32_000)] as const,
              ['above64000', Math.max(iops - 64_000, 0)] as const,
            ].flatMap(([tier, quantity]) =>
              charge(`EBS io2 IOPS, ${what}`, ask(`ebs.io2.iopsMonth.${tier}`), quantity, 'IOPS-month'),
            )),
      ];
    default:
      return storage;
  }
}

/** The EBS arguments that `aws_ebs_volume`, `root_block_device` and the `ebs` block of a launch template have in common. */
function volumeOf(what: string, values: Values, path: string, defaults: { gib?: number; type: string }): Volume {
  const at = (name: string) => (path === '' ? name : `${path}.${name}`);
  const size = path === '' ? 'size' : 'volume_size';
  const type = path === '' ? 'type' : 'volume_type';
  const blame = <T>(read: () => T): T => {
    try {
      return read();
    } catch (error) {
      if (error instanceof Unpriced && path !== '')
        throw new Unpriced(at(error.attribute), `in ${path}: ${error.message}`);
      throw error;
    }
  };
  const optional = (name: string) =>
    values[name] === undefined || values[name] === null ? undefined : numberOf(values, name);
  return blame(() => ({
    what,
    type: textOf(values, type, defaults.type),
    gib: numberOf(values, size, defaults.gib),
    iops: optional('iops'),
    throughput: optional('throughput'),
    attribute: type,
    assumed:
      values[size] === undefined || values[size] === null
        ? `${at(size)} is not set: ${defaults.gib} GiB as Amazon Linux and Ubuntu images have`
        : undefined,
  }));
}

const ebsVolume: Pricer = ({ values }, { region }) =>
  volumeCharges(volumeOf('volume', values, '', { type: 'gp2' }), region);

/** Root and further volumes that an instance states itself. */
export function instanceVolumes(values: Values, region: string): Charge[] {
  for (const name of ['root_block_device', 'ebs_block_device']) {
    if (isUnknown(values[name])) throw new Unpriced(name, `${name} is known only at apply`);
  }
  const root = blocks(values.root_block_device)[0] ?? {};
  return [
    // The API's default is gp2; images registered since 2023 say gp3, which is no dearer anywhere.
    ...volumeCharges(volumeOf('root volume', root, 'root_block_device', { gib: AMI_ROOT_GIB, type: 'gp3' }), region),
    ...blocks(values.ebs_block_device).flatMap((one) =>
      volumeCharges(volumeOf('data volume', one, 'ebs_block_device', { type: 'gp2' }), region),
    ),
  ];
}

/** Volumes of a launch template, for `count` machines; undefined when it states none. */
export function templateVolumes(template: Values, region: string, count: number): Charge[] | undefined {
  const devices = blocks(template.block_device_mappings).flatMap((mapping) => blocks(mapping.ebs));
  if (isUnknown(template.block_device_mappings)) {
    throw new Unpriced('launch_template', 'block_device_mappings of the launch template is known only at apply');
  }
  if (devices.length === 0) return undefined;
  return devices.flatMap((ebs, index) =>
    volumeCharges(
      volumeOf(index === 0 ? 'root volume' : 'data volume', ebs, 'block_device_mappings.ebs', {
        gib: AMI_ROOT_GIB,
        type: 'gp2',
      }),
      region,
      count,
    ),
  );
}

export const volumePricers: Readonly<Record<string, Pricer>> = { aws_ebs_volume: ebsVolume };
