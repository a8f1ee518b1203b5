/** What Prometheus scrapes in the replayed week: each target with its labels, and from when to when it exists. */
import type { ExporterName } from '../exporters';
import { BLIND, DEPLOYS, DRAIN, FAILOVER, ROLLINGS, WEEK, within } from './week';

export interface Target {
  readonly labels: Readonly<Record<string, string>>;
  /** Its place among its like: 0, 1, 2 … */
  readonly index: number;
  readonly from: number;
  readonly to: number;
  /** Whether it answers: a target that is known and does not is `up == 0`. */
  answers(minute: number): boolean;
}

const always = (): boolean => true;

/** A replica a node. A rollout, and a drain of its node, end a pod and begin another: the first minute it does not answer yet. */
function pods(service: keyof typeof DEPLOYS, namespace: string, replicas: number): Target[] {
  return Array.from({ length: replicas }, (_, index) => index).flatMap((index) => {
    const births = [
      0,
      ...DEPLOYS[service].map((start) => start + 2 * index),
      ...(index === 1 ? [DRAIN.at + 1] : []),
    ].sort((a, b) => a - b);
    return births.map((from, generation): Target => {
      const to = births[generation + 1] ?? WEEK;
      return {
        labels: { namespace, service, job: service, pod: `${service}-${generation}${'abc'[index]}` },
        index,
        from,
        to,
        answers: (minute) => from === 0 || minute > from,
      };
    });
  });
}

const machines = (
  count: number,
  labels: (index: number) => Record<string, string>,
  away: (index: number, minute: number) => boolean = () => false,
): Target[] =>
  Array.from({ length: count }, (_, index) => ({
    labels: labels(index),
    index,
    from: 0,
    to: WEEK,
    answers: (minute) => !away(index, minute),
  }));

const one = (labels: Record<string, string>, answers: (minute: number) => boolean = always): Target[] => [
  { labels, index: 0, from: 0, to: WEEK, answers },
];

/** A pod with a place of its own comes back under the same name. */
const moved = (minute: number): boolean => within(minute, DRAIN.at + 1, 3);

const monitoring = { namespace: 'monitoring' };
const rabbits = (job: string): Target[] =>
  machines(
    3,
    (index) => ({ namespace: 'mq', job, pod: `rabbit-${index}`, instance: `rabbit-${index}:15692` }),
    (index, minute) => index === 1 && moved(minute),
  );

export const TARGETS: Readonly<Record<ExporterName, readonly Target[]>> = {
  micrometer: pods('orders', 'shop', 3),
  micrometer_clients: pods('orders', 'shop', 3),
  mongodb_exporter: machines(
    3,
    (index) => ({ job: 'mongodb', instance: `mongodb-${index + 1}.cimiento.internal:9216` }),
    (index, minute) => within(minute, ROLLINGS.mongodb.at[index]!, ROLLINGS.mongodb.away),
  ),
  jmx_exporter: machines(
    3,
    (index) => ({ job: 'kafka', instance: `kafka-${index + 1}.cimiento.internal:7071` }),
    (index, minute) => within(minute, ROLLINGS.kafka.at[index]!, ROLLINGS.kafka.away),
  ),
  msk: [],
  kafka_exporter: one({ ...monitoring, job: 'kafka-exporter', pod: 'kafka-exporter-0' }, (minute) => !moved(minute)),
  rabbitmq: rabbits('rabbitmq'),
  rabbitmq_detailed: rabbits('rabbitmq-detailed'),
  // The exporter answers while the database does not: `pg_up` says so.
  postgres_exporter: one({ ...monitoring, job: 'postgres', instance: 'db', pod: 'postgres-exporter-0' }),
  haproxy: pods('hello-api', 'hello-api', 2),
  hello_api: pods('hello-api', 'hello-api', 2),
  blackbox_exporter: [
    ...one({ ...monitoring, job: 'entry-reachable', service: 'entry', instance: 'https://entry.elb.amazonaws.com/' }),
    ...machines(3, (index) => ({
      ...monitoring,
      job: 'kafka-reachable',
      service: 'kafka',
      instance: `kafka-${index + 1}.cimiento.internal:9094`,
    })),
  ],
  kubernetes: one({ ...monitoring, job: 'kube-state-metrics' }),
  log_collector: machines(3, (index) => ({
    ...monitoring,
    job: 'log-collector',
    pod: `log-collector-${'abc'[index]}`,
  })),
  node_exporter: machines(
    3,
    (index) => ({ ...monitoring, job: 'node-exporter', instance: `worker-${index + 1}:9100` }),
    (index, minute) => index === 1 && within(minute, DRAIN.at + 2, DRAIN.replaced - 2),
  ),
  prometheus: one({ ...monitoring, job: 'prometheus', pod: 'prometheus-0' }),
  alertmanager: one({ ...monitoring, job: 'alertmanager', pod: 'alertmanager-0' }),
  argocd: one({ namespace: 'argocd', job: 'argocd-metrics', pod: 'argocd-application-controller-0' }),
};

/** Whether anything was scraped of a target in a minute. */
export const scraped = (target: Target, minute: number): boolean =>
  minute >= target.from && minute < target.to && target.answers(minute) && !within(minute, BLIND.at, BLIND.minutes);

/** Whether the database answers its exporter. */
export const databaseUp = (minute: number): boolean => !within(minute, FAILOVER.at, FAILOVER.minutes);
