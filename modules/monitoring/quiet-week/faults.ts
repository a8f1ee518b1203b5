/** Faults of the control runs: each is put into the replayed week alone, and must page exactly so. */
import type { Component } from '../signal';

export interface PlannedFault {
  readonly component: Component;
  readonly fault: string;
  readonly pages: readonly string[];
}

export const FAULTS: readonly PlannedFault[] = [
  { component: 'rest', fault: 'errors', pages: ['RestErrorBudgetFastBurn'] },
  { component: 'rest', fault: 'entry down', pages: ['EndpointProbeFailing'] },
  { component: 'jvm', fault: 'pool exhausted', pages: ['HikariConnectionTimeouts', 'HikariPoolExhausted'] },
  {
    component: 'jvm',
    fault: "MongoDB's pool exhausted",
    pages: ['MongoDriverCheckoutFailed', 'MongoDriverPoolExhausted'],
  },
  { component: 'mongodb', fault: 'no primary', pages: ['MongoNoPrimary'] },
  {
    component: 'kafka-brokers',
    fault: 'quorum lost',
    pages: ['KafkaActiveControllerCount', 'KafkaMetadataStale', 'KafkaOfflinePartitions'],
  },
  { component: 'kafka-brokers', fault: 'disk lost', pages: ['KafkaLogDirOffline'] },
  { component: 'kafka-consumers', fault: 'stalled', pages: ['KafkaConsumerStalled'] },
  { component: 'kafka-clients', fault: 'producer errors', pages: ['KafkaProducerErrors'] },
  { component: 'rabbitmq', fault: 'disk alarm', pages: ['RabbitDiskAlarm'] },
  { component: 'rabbitmq', fault: 'peer lost', pages: ['RabbitNodePartitioned'] },
  { component: 'rabbitmq', fault: 'consumers hang', pages: ['RabbitConsumersStuck'] },
  { component: 'postgresql', fault: 'database down', pages: ['PostgresDown'] },
  { component: 'flask', fault: 'errors', pages: ['HaproxyErrorBudgetFastBurn'] },
  { component: 'flask', fault: 'workers gone', pages: ['HaproxyNoServer'] },
  { component: 'flask', fault: 'hang', pages: ['GunicornWorkerTimeouts'] },
  { component: 'kubernetes', fault: 'node dead', pages: ['NodeNotReady'] },
  { component: 'meta', fault: 'targets blind', pages: ['TargetScrapeFailing'] },
  { component: 'meta', fault: 'receiver refuses', pages: ['AlertmanagerNotificationsFailing'] },
];

/** Alerts that may make a ticket in a quiet week, and why that is right. Any other is noise. */
export const TICKETS: readonly { readonly alert: string; readonly why: string }[] = [
  {
    alert: 'KafkaConsumerDrainTimeHigh',
    why: 'the nightly batch is written faster than it is read, a quarter of an hour behind at its end: true, and nobody is woken',
  },
];
