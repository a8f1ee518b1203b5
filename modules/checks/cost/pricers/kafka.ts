/** Amazon MSK: brokers and their storage. Replication between brokers is not billed, which is what MSK saves over EC2. */
import { classPrice, price } from '../../../catalog';
import { booleanOf, numberOf, textOf } from '../arguments';
import { Unpriced, type Charge } from '../line';
import { hourly, monthly, priceFor, publicAddresses, type Pricer } from '../pricer';

/** MiB/s that every broker's volume has without paying for more (MSK developer guide, provision storage throughput). */
const INCLUDED_MIBPS = 250;

const cluster: Pricer = ({ values }, { region }) => {
  const brokers = numberOf(values, 'number_of_broker_nodes');
  const type = textOf(values, 'broker_node_group_info.instance_type');
  const broker = hourly(
    `MSK broker ${type}`,
    priceFor('broker_node_group_info.instance_type', () => classPrice('msk', type, region)),
    brokers,
  );
  const addresses = publicAddresses(
    textOf(values, 'broker_node_group_info.connectivity_info.public_access.type', 'DISABLED') === 'DISABLED'
      ? 0
      : brokers,
    region,
    'the brokers',
  );
  return [
    broker,
    ...(type.startsWith('express.') ? expressCharges(region) : standardStorage(values, brokers, region)),
    ...addresses,
  ];
};

function standardStorage(values: Parameters<typeof numberOf>[0], brokers: number, region: string): Charge[] {
  if (textOf(values, 'storage_mode', 'LOCAL') !== 'LOCAL') {
    throw new Unpriced('storage_mode', 'tiered storage is billed by what it holds, which no resource states');
  }
  const volume = 'broker_node_group_info.storage_info.ebs_storage_info';
  const throughput = `${volume}.provisioned_throughput`;
  const bought = booleanOf(values, `${throughput}.enabled`, false)
    ? Math.max(0, numberOf(values, `${throughput}.volume_throughput`, INCLUDED_MIBPS) - INCLUDED_MIBPS)
    : 0;
  return [
    monthly(
      'MSK storage',
      price('msk.storage.gbMonth', region),
      numberOf(values, `${volume}.volume_size`) * brokers,
      'GB-month',
    ),
    ...(bought === 0
      ? []
      : [
          monthly(
            `MSK storage throughput above ${INCLUDED_MIBPS} MiB/s`,
            priceFor(`${volume}.provisioned_throughput`, () => price('msk.storage.mibpsMonth', region)),
            bought * brokers,
            'MiBps-month',
          ),
        ]),
  ];
}

function expressCharges(region: string): Charge[] {
  const attribute = 'broker_node_group_info.instance_type';
  return [
    {
      kind: 'usage',
      item: 'MSK Express data written',
      price: priceFor(attribute, () => price('msk.express.ingestGb', region)),
      usage: 'producedGb',
      factor: 1,
      unit: 'GB',
      reason: 'every GB that producers write',
    },
    {
      kind: 'usage',
      item: 'MSK Express storage',
      price: priceFor(attribute, () => price('msk.storage.gbMonth', region)),
      usage: 'producedGb',
      factor: 1,
      unit: 'GB-month',
      reason: 'a month of what is written is kept, counted once',
    },
  ];
}

const serverless: Pricer = () => {
  throw new Unpriced('type', 'MSK Serverless is billed by partitions and GB that no resource states');
};

export const kafkaPricers: Readonly<Record<string, Pricer>> = {
  aws_msk_cluster: cluster,
  aws_msk_serverless_cluster: serverless,
};
