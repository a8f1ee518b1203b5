import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CATALOGUE, compareExpositions, parseExposition } from '../../../modules/monitoring';
import { RECORDINGS } from '../../../scripts/monitoring/recordings';
import { registerAlerts } from '../../../cli/alerts';
import { cimiento, forget } from '../../cli/cimiento';

const text = (file: string): string => readFileSync(join(RECORDINGS, file), 'utf8');
const spring = text('spring.prom');
const compare = (change: (old: string) => string) =>
  compareExpositions(parseExposition([spring]), parseExposition([change(spring)]), CATALOGUE);

test('the same exporter again kills nothing', () => {
  expect(compare((old) => old)).toMatchObject({ casualties: [], gone: [], added: [] });
});

test('a renamed metric kills its rule and its panel, and the new name is found', () => {
  const { casualties, gone, added } = compare((old) =>
    old.replaceAll('hikaricp_connections_pending', 'hikaricp_connections_waiting'),
  );
  expect(gone).toEqual(['hikaricp_connections_pending']);
  expect(added).toEqual(['hikaricp_connections_waiting']);
  expect(casualties.map((one) => [one.kind, one.alert, one.why, one.hint])).toEqual([
    ['rule', 'HikariPoolExhausted', 'metric gone', 'likely hikaricp_connections_waiting'],
    ['panel', 'HikariPoolExhausted', 'metric gone', 'likely hikaricp_connections_waiting'],
  ]);
});

test('a label that takes other values kills whoever asks for the old one', () => {
  const { casualties } = compare((old) => old.replaceAll('le="0.5"', 'le="500ms"'));
  expect(casualties.map((one) => [one.alert, one.why])).toContainEqual(['RestLatencySloBurn', 'label or value gone']);
  expect(casualties[0]!.hint).toContain('500ms');
});

test('a changed type is told', () => {
  const { casualties } = compare((old) =>
    old.replace('# TYPE hikaricp_connections_pending gauge', '# TYPE hikaricp_connections_pending counter'),
  );
  expect(casualties).toContainEqual(expect.objectContaining({ why: 'type changed', hint: 'gauge, now counter' }));
});

test('what no rule looks at may go', () => {
  expect(compare((old) => old.replaceAll('jvm_buffer_count', 'jvm_buffers')).casualties).toEqual([]);
});

test('a real one: MSK’s names in the place of our allow-list’s', () => {
  const report = compareExpositions(
    parseExposition([text('kafka-broker.prom')]),
    parseExposition([text('msk-broker.prom')]),
    CATALOGUE,
  );
  expect(new Set(report.casualties.map((one) => one.alert)).size).toBeGreaterThan(8);
});

afterEach(forget);

describe('cimiento alerts', () => {
  const file = join(RECORDINGS, 'spring.prom');
  const alerts = (...args: string[]) => cimiento([registerAlerts], ['alerts', ...args]);

  test('upgrade exits 0 when nothing is lost', async () => {
    const { stdout } = await alerts('upgrade', file, file);
    expect([process.exitCode, stdout]).toEqual([undefined, expect.stringContaining('0 rules and 0 panels')]);
  });
  test('upgrade exits 1 when something is', async () => {
    await alerts('upgrade', file, join(RECORDINGS, 'rabbitmq.prom'));
    expect(process.exitCode).toBe(1);
  });
  test('a file that is not there, in one sentence', async () => {
    await expect(alerts('upgrade', file, 'nowhere.prom')).rejects.toThrow('there is no file nowhere.prom');
  });
  test('a file that is no exposition, in one sentence', async () => {
    await expect(alerts('upgrade', file, 'package.json')).rejects.toThrow('package.json holds no metric');
  });
  test('a misspelt alert gets its likely name', async () => {
    await expect(alerts('show', 'KafkaUnderReplicatd')).rejects.toThrow('did you mean KafkaUnderReplicated?');
  });
});
