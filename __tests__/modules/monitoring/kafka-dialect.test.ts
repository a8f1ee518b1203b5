import { catalogueFor, inDialect, liveness, SIGNALS } from '../../../modules/monitoring';
import { seenBy } from '../../../scripts/monitoring/recordings';

const brokers = catalogueFor('msk').find((one) => one.component === 'kafka-brokers')!.signals;
const others = SIGNALS.filter((one) => one.exporter !== 'jmx_exporter');
const idle = SIGNALS.find((one) => one.alert === 'KafkaRequestHandlersBusy')!;

test.each(brokers.map((one) => [one.alert, one] as const))('%s can see what it is for on MSK', (_, signal) => {
  expect(signal.exporter).toBe('msk');
  expect(liveness(signal, seenBy(signal))).toMatchObject({ liveness: 'live' });
});

test('whoever runs MSK is told nothing of machines that he has not', () => {
  expect(JSON.stringify(brokers)).not.toMatch(/kafka-jmx\.yml|our nodes|onMsk/);
});

test('what is otherwise on MSK than a name, the signal says: its controllers’ handlers are not in the meter', () => {
  expect(idle.expr).toContain('_requesthandleravgidlepercent - 1) < 0.2');
  expect(inDialect(idle, 'msk').expr).toBe(
    'min by (namespace,kafka_cluster,instance) (kafka_server_KafkaRequestHandlerPool_OneMinuteRate{name="RequestHandlerAvgIdlePercent"}) < 0.2',
  );
});

test('on machines of our own, and of other programs, a signal stays as it is written', () => {
  for (const one of SIGNALS) expect(inDialect(one, 'ec2')).toBe(one);
  for (const one of others) expect(inDialect(one, 'msk')).toBe(one);
});

test('a metric that MSK has no name for is refused', () => {
  const signal = { ...idle, onMsk: { expr: 'kafka_server_brokerstate < 3' } };
  expect(() => inDialect(signal, 'msk')).toThrow('MSK has no name for kafka_server_brokerstate');
});
