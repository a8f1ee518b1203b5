import { parseExposition } from '../../../modules/monitoring';
import { onlyGrows } from '../../../modules/monitoring/counting';

test.each([
  ['a metric that its exporter calls a counter', 'pg_x', true, '# TYPE pg_x counter\npg_x 1'],
  [
    'one that it calls a gauge, whatever rules ask',
    'mongodb_ss_opLatencies_ops',
    false,
    '# TYPE mongodb_ss_opLatencies_ops gauge\nmongodb_ss_opLatencies_ops 1',
  ],
  [
    'one that it does not judge, and whose rate a rule asks for',
    'mongodb_ss_opLatencies_ops',
    true,
    '# TYPE mongodb_ss_opLatencies_ops untyped\nmongodb_ss_opLatencies_ops 1',
  ],
  ['one that nobody judges', 'mongodb_myState', false, '# TYPE mongodb_myState untyped\nmongodb_myState 1'],
  ['one that was not recorded, and whose rate a rule asks for', 'mongodb_ss_opLatencies_ops', true, ''],
])('%s', (_, metric, grows, text) => {
  expect(onlyGrows(metric, parseExposition([text]))).toBe(grows);
});

test('without a recording a rule decides', () => {
  expect(onlyGrows('flask_exceptions_total', undefined)).toBe(true);
  expect(onlyGrows('probe_success', undefined)).toBe(false);
});
