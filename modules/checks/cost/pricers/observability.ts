/** CloudWatch logs, alarms and dashboards; VPC flow logs. */
import { price } from '../../../catalog';
import { numberOf, textOf } from '../arguments';
import { Unpriced } from '../line';
import { monthly, type Pricer } from '../pricer';

/** Days of retention that make one month of logs stay: what is stored is the ingest times retention over this. */
const DAYS_PER_MONTH = 30;
/** Retention 0 keeps logs for ever; the bill is then that of the first year's end. */
const FOR_EVER_DAYS = 365;

/** What a log of refused packets alone is taken to weigh, of `usage.logsGb`. */
const REJECTED_SHARE = 0.1;

const logGroup: Pricer = ({ values }, { region }) => {
  const kind = textOf(values, 'log_group_class', 'STANDARD');
  if (kind !== 'STANDARD') throw new Unpriced('log_group_class', `log class ${kind} is not in the catalogue`);
  const days = numberOf(values, 'retention_in_days', 0);
  const months = Math.max(1, (days === 0 ? FOR_EVER_DAYS : days) / DAYS_PER_MONTH);
  const kept = days === 0 ? 'kept for ever: counted after a year' : `kept ${days} days`;
  return [
    {
      kind: 'usage',
      item: 'CloudWatch logs ingested',
      price: price('cloudwatch.logs.ingestGb', region),
      usage: 'logsGb',
      factor: 1,
      unit: 'GB',
      reason: 'shared evenly by the log groups',
    },
    {
      kind: 'usage',
      item: 'CloudWatch logs stored',
      price: price('cloudwatch.logs.storeGbMonth', region),
      usage: 'logsGb',
      factor: months,
      unit: 'GB-month',
      reason: `${kept}, compression not counted on`,
    },
  ];
};

const flowLog: Pricer = ({ values }, { region }) => {
  const destination = textOf(values, 'log_destination_type', 'cloud-watch-logs');
  if (!['s3', 'cloud-watch-logs'].includes(destination))
    throw new Unpriced('log_destination_type', `delivery of flow logs to ${destination} is not in the catalogue`);
  const rejected = textOf(values, 'traffic_type', 'ALL') === 'REJECT';
  return destination === 's3'
    ? [
        {
          kind: 'usage',
          item: 'VPC flow logs delivered to S3',
          price: price('cloudwatch.logs.vendedS3Gb', region),
          usage: 'logsGb',
          factor: rejected ? REJECTED_SHARE : 1,
          unit: 'GB',
          reason: rejected
            ? 'refused packets only: a tenth of usage.logsGb is taken, no resource states how many there are'
            : 'as many GB as usage.logsGb: no resource states how much is logged',
        },
      ]
    : [{ kind: 'free', item: 'VPC flow log', reason: 'what it writes is billed at its log group, in usage.logsGb' }];
};

const alarm: Pricer = ({ values }, { region }) => [
  monthly('CloudWatch alarm', price('cloudwatch.alarmMonth', region), 1, 'alarm-month'),
  ...(numberOf(values, 'period', 300) < 60
    ? [
        monthly(
          'CloudWatch alarm, high resolution (0.30 in all)',
          price('cloudwatch.alarmMonth', region),
          2,
          'alarm-month',
        ),
      ]
    : []),
];

const dashboard: Pricer = (_, { region }) => [
  monthly('CloudWatch dashboard', price('cloudwatch.dashboardMonth', region), 1, 'dashboard-month'),
];

export const observabilityPricers: Readonly<Record<string, Pricer>> = {
  aws_cloudwatch_log_group: logGroup,
  aws_flow_log: flowLog,
  aws_cloudwatch_metric_alarm: alarm,
  aws_cloudwatch_dashboard: dashboard,
};
