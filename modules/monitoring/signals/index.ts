/** The catalogue: every signal, by component, in the dialect of the engine that runs Kafka. */
import { inDialect, type KafkaEngine } from '../kafka-dialect';
import type { Component, Signal } from '../signal';
import { restObjectives } from './rest-objectives';
import { rest } from './rest';
import { flaskLatencyTicket, restLatencyTicket } from './latency-tickets';
import { entry } from './entry';
import { jvm } from './jvm';
import { connectionPools } from './connection-pools';
import { errorLog } from './error-log';
import { mongodbReplicaSet } from './mongodb-replica-set';
import { mongodbServer } from './mongodb-server';
import { kafkaPartitions } from './kafka-partitions';
import { kafkaBrokers } from './kafka-brokers';
import { kafkaConsumers } from './kafka-consumers';
import { kafkaClients } from './kafka-clients';
import { rabbitmqNodes } from './rabbitmq-nodes';
import { rabbitmqMessages } from './rabbitmq-messages';
import { postgresql } from './postgresql';
import { haproxy } from './haproxy';
import { flask } from './flask';
import { kubernetesWorkloads } from './kubernetes-workloads';
import { kubernetesNodes } from './kubernetes-nodes';
import { argocd } from './argocd';
import { logs } from './logs';
import { meta } from './meta';

export interface ComponentSignals {
  readonly component: Component;
  readonly title: string;
  readonly signals: readonly Signal[];
}

export const CATALOGUE: readonly ComponentSignals[] = [
  { component: 'rest', title: 'REST', signals: [...restObjectives, restLatencyTicket, ...rest, ...entry] },
  { component: 'jvm', title: 'JVM', signals: [...jvm, ...connectionPools, ...errorLog] },
  { component: 'mongodb', title: 'MongoDB', signals: [...mongodbReplicaSet, ...mongodbServer] },
  { component: 'kafka-brokers', title: 'Kafka brokers', signals: [...kafkaPartitions, ...kafkaBrokers] },
  { component: 'kafka-consumers', title: 'Kafka consumers', signals: kafkaConsumers },
  { component: 'kafka-clients', title: 'Kafka clients', signals: kafkaClients },
  { component: 'rabbitmq', title: 'RabbitMQ', signals: [...rabbitmqNodes, ...rabbitmqMessages] },
  { component: 'postgresql', title: 'PostgreSQL', signals: postgresql },
  { component: 'flask', title: 'hello-api', signals: [...haproxy, ...flask, flaskLatencyTicket] },
  { component: 'kubernetes', title: 'Kubernetes', signals: [...kubernetesWorkloads, ...kubernetesNodes, ...argocd] },
  { component: 'logs', title: 'Logs', signals: logs },
  { component: 'meta', title: 'Monitoring', signals: meta },
];

/** @param engine who runs the brokers, as platform.yaml says */
export const catalogueFor = (engine: KafkaEngine): readonly ComponentSignals[] =>
  CATALOGUE.map((one) => ({ ...one, signals: one.signals.map((signal) => inDialect(signal, engine)) }));

export const SIGNALS: readonly Signal[] = CATALOGUE.flatMap((one) => one.signals);
