/** The words of the generated tables of docs/answers/1-metrics in Spanish; English is the catalogue's own. */
import type { Component, ExporterName } from '../../modules/monitoring';

/** A new exporter without a Spanish title does not compile. */
export const TOOLS: Readonly<Record<ExporterName, string>> = {
  micrometer: 'Micrometer en el proceso (Spring Boot Actuator)',
  micrometer_clients: 'Micrometer en el proceso: clientes de Kafka y MongoDB',
  mongodb_exporter: 'percona/mongodb_exporter, uno por miembro',
  jmx_exporter: 'jmx_exporter como agente Java en el broker',
  msk: 'jmx_exporter de Amazon MSK (monitorización abierta, puerto 11001)',
  kafka_exporter: 'kafka_exporter',
  rabbitmq: 'rabbitmq_prometheus, agregado (/metrics)',
  rabbitmq_detailed: 'rabbitmq_prometheus, por cola (/metrics/detailed)',
  postgres_exporter: 'postgres_exporter',
  haproxy: 'exportador propio de HAProxy',
  hello_api: 'prometheus_client en hello-api, servido por el proceso maestro',
  log_collector: 'OpenTelemetry Collector, uno por nodo, de sí mismo',
  blackbox_exporter: 'blackbox_exporter en el clúster',
  kubernetes: 'kube-state-metrics, kubelet y cAdvisor (kube-prometheus-stack)',
  node_exporter: 'node_exporter',
  prometheus: 'el propio Prometheus',
  alertmanager: 'el propio Alertmanager',
  argocd: 'controlador de aplicaciones de Argo CD',
};

export const COMPONENTS: Readonly<Record<Component, string>> = {
  rest: 'REST',
  jvm: 'JVM',
  mongodb: 'MongoDB',
  'kafka-brokers': 'Brokers de Kafka',
  'kafka-consumers': 'Consumidores de Kafka',
  'kafka-clients': 'Clientes de Kafka',
  rabbitmq: 'RabbitMQ',
  postgresql: 'PostgreSQL',
  flask: 'hello-api',
  kubernetes: 'Kubernetes',
  logs: 'Registros',
  meta: 'Monitorización',
};

/**
 * By the English text: who changes that has to look at the Spanish again. How long it must last is said of every rule beside it, and
 * not twice.
 */
export const THRESHOLDS: Readonly<Record<string, string>> = {
  'burn 14.4x over 1h and 5m, >100 requests/h':
    'margen gastado a 14,4 veces su ritmo en 1 h y en 5 min, > 100 peticiones/h',
  'burn 14.4x of 1% over 1h and 5m, >100 requests/h':
    'margen del 1 % gastado a 14,4 veces su ritmo en 1 h y en 5 min, > 100 peticiones/h',
  'burn 14.4x over 1 h and 5 min, more than 100 requests of clients an hour':
    'margen gastado a 14,4 veces su ritmo en 1 h y en 5 min, > 100 peticiones de clientes/h',
  'burn 14.4x over 1 h and 5 min, more than 100 requests an hour':
    'margen gastado a 14,4 veces su ritmo en 1 h y en 5 min, > 100 peticiones/h',
  '<50% of probes in 5m': 'éxito de las sondas < 50 % en 5 min',
  '>15% of wall time': '> 15 % del tiempo transcurrido',
  'pending >0 for 3m': 'siempre algún hilo en espera en 2 min',
  'any in 10m': 'alguno en 10 min',
  'queue >0 for 3m': 'siempre alguien en cola en 2 min',
  '0 for 1m': '0',
  '!= 1 for 1m': 'distinto de 1',
  '>50 queued, sustained': '> 50 en cola, de forma sostenida',
  '>0': '> 0',
  '!= 1': 'distinto de 1',
  '10 s behind for 2 min': '> 10 s de retraso',
  'lag>0, no commits, lag rising': 'retraso > 0 y creciente, sin confirmar ningún offset',
  'committed < oldest, group active': 'offset confirmado < el más antiguo, con el grupo activo',
  '0 members, lag>0': '0 miembros, retraso > 0',
  '>0 for 5m': '> 0',
  '1': '1',
  'a peer seen in the last day is not connected': 'falta la conexión con un nodo visto en el último día',
  'ready>0, consumers=0, not a DLQ': 'mensajes listos > 0, consumidores = 0, salvo en una DLQ',
  'unacked > 0 and unchanged, and what waits never fewer, for 10 min':
    'sin confirmar > 0 y sin cambios en 10 min, y los que esperan no disminuyen',
  '0': '0',
  'over 95 %': '> 95 %',
  'any restart with reason OOMKilled': 'algún reinicio con motivo OOMKilled',
  'under 5 % free': '< 5 % libre',
  'for 3 min': 'nodo no disponible (NotReady)',
  'under 8 % free': '< 8 % libre',
  ">50% of a job's port": '> 50 % de los objetivos de un puerto del job',
  'more than 5 % fail': 'falla > 5 %',
  'any for 5 min': 'alguna perdida, o ningún Alertmanager a la vista',
};

export function spanishThreshold(english: string): string {
  const found = THRESHOLDS[english];
  if (found === undefined) throw new Error(`scripts/answers/metrics-words.ts has no Spanish for "${english}"`);
  return found;
}

const UNITS: Readonly<Record<string, string>> = { s: 's', m: 'min', h: 'h', d: 'd' };

/** `2m`, as a rule writes it: `2 min`. */
export function spanishDuration(duration: string): string {
  const parts = /^(\d+)([smhd])$/.exec(duration);
  if (parts === null) throw new Error(`scripts/answers/metrics-words.ts cannot read the duration "${duration}"`);
  return `${parts[1]} ${UNITS[parts[2]!]}`;
}
