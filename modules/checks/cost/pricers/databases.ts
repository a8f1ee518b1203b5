/** RDS for PostgreSQL: instance, storage, performance, and the surcharge once a major version leaves standard support. */
import { classPrice, classType, HOURS_PER_MONTH, POSTGRES_VERSIONS, price, type Price } from '../../../catalog';
import type { ResolvedProject, Values } from '../../terraform';
import { booleanOf, numberOf, textOf } from '../arguments';
import { Unpriced, type Charge } from '../line';
import { hourly, monthly, priceFor, publicAddresses, type Pricer } from '../pricer';

/** From this size on gp3 is striped: 12,000 IOPS and 500 MiB/s are included instead of 3,000 and 125 (RDS user guide). */
const STRIPED_FROM_GIB = 400;

const database: Pricer = ({ values }, { region, today, project }) => {
  const engine = textOf(values, 'engine');
  if (engine !== 'postgres') throw new Unpriced('engine', `RDS for ${engine} is not in the catalogue (postgres is)`);
  if (
    booleanOf(values, 'performance_insights_enabled', false) &&
    numberOf(values, 'performance_insights_retention_period', 7) > 7
  ) {
    throw new Unpriced(
      'performance_insights_retention_period',
      'Performance Insights beyond 7 days is not in the catalogue',
    );
  }
  if (textOf(values, 'database_insights_mode', 'standard') !== 'standard')
    throw new Unpriced('database_insights_mode', 'Database Insights Advanced is billed by vCPU, not in the catalogue');
  if (booleanOf(values, 'dedicated_log_volume', false))
    throw new Unpriced('dedicated_log_volume', 'a dedicated log volume is not in the catalogue');
  const name = textOf(values, 'instance_class');
  const multiAz = booleanOf(values, 'multi_az', false);
  const copies = multiAz ? 2 : 1;
  const where = multiAz ? 'Multi-AZ' : 'Single-AZ';
  return [
    hourly(
      `RDS PostgreSQL ${name}, ${where}`,
      priceFor('instance_class', () => classPrice('rds', name, region)),
      copies,
    ),
    ...storage(values, region, copies, where),
    ...extendedSupport(values, name, region, copies, today),
    ...publicAddresses(booleanOf(values, 'publicly_accessible', false) ? copies : 0, region, 'the database'),
    ...(booleanOf(values, 'manage_master_user_password', false)
      ? [
          monthly(
            'Secrets Manager secret of the master user',
            price('secretsManager.secretMonth', region),
            1,
            'secret-month',
          ),
        ]
      : []),
    backups(project, region),
  ];
};

/** `usage.snapshotGb` is one number: the snapshot policies have it, or, where there are none, the databases. */
function backups(project: ResolvedProject, region: string): Charge {
  const item = 'RDS backups beyond the size of the storage';
  return project.ofType('aws_dlm_lifecycle_policy').length > 0
    ? {
        kind: 'free',
        item,
        reason: 'free up to the size of the storage; usage.snapshotGb is counted at the snapshot policies',
      }
    : {
        kind: 'usage',
        item,
        price: priceFor('backup_retention_period', () => price('rds.backupGbMonth', region)),
        usage: 'snapshotGb',
        factor: 1,
        unit: 'GB-month',
        reason: 'shared evenly by the databases',
      };
}

function storage(values: Values, region: string, copies: number, where: string): Charge[] {
  const type = textOf(values, 'storage_type', values.iops === undefined ? 'gp2' : 'io1');
  const gib = numberOf(values, 'allocated_storage');
  const ask = (attribute: string, item: string): Price => priceFor(attribute, () => price(item, region));
  const charges: Charge[] = [
    monthly(
      `RDS storage ${type}, ${where}`,
      ask('storage_type', `rds.${type}.gbMonth.singleAz`),
      gib * copies,
      'GB-month',
    ),
  ];
  const add = (what: string, attribute: string, item: string, quantity: number, unit: string) => {
    if (quantity > 0) charges.push(monthly(`RDS ${what}, ${where}`, ask(attribute, item), quantity * copies, unit));
  };
  if (type === 'io1') add('io1 IOPS', 'iops', 'rds.io1.iopsMonth', numberOf(values, 'iops'), 'IOPS-month');
  if (type === 'gp3') {
    const [iops, throughput] = gib >= STRIPED_FROM_GIB ? [12_000, 500] : [3_000, 125];
    add(`gp3 IOPS above ${iops}`, 'iops', 'rds.gp3.iopsMonth', numberOf(values, 'iops', 0) - iops, 'IOPS-month');
    const bought = numberOf(values, 'storage_throughput', 0) - throughput;
    add(`gp3 throughput above ${throughput} MiB/s`, 'storage_throughput', 'rds.gp3.mibpsMonth', bought, 'MiBps-month');
  }
  return charges;
}

function extendedSupport(values: Values, name: string, region: string, copies: number, today: string): Charge[] {
  if (values.engine_version === undefined) return [];
  const major = textOf(values, 'engine_version').split('.')[0] as string;
  const fact = POSTGRES_VERSIONS.find((one) => one.version === major);
  if (fact === undefined) {
    throw new Unpriced(
      'engine_version',
      `PostgreSQL ${major} is not in the catalogue: whether it costs extra is unknown`,
    );
  }
  if (today <= fact.standardUntil) return [];
  const vcpu = (classType('rds', name)?.vcpu ?? NaN) * copies;
  return [
    monthly(
      `RDS extended support of PostgreSQL ${major}`,
      priceFor('engine_version', () => price('rds.extendedSupport.vcpuHour', region)),
      vcpu * HOURS_PER_MONTH,
      'vCPU-hour',
    ),
  ];
}

export const databasePricers: Readonly<Record<string, Pricer>> = { aws_db_instance: database };
