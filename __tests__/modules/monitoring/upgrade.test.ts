import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
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

test('a label by which a rule groups is missed, though no matcher names it', () => {
  const { casualties } = compare((old) => old.replaceAll(/(hikaricp_connections_pending\{.*)pool=/g, '$1db_pool='));
  expect(casualties.map((one) => [one.kind, one.alert, one.hint])).toEqual([
    ['rule', 'HikariPoolExhausted', 'no label pool'],
    ['panel', 'HikariPoolExhausted', 'no label pool'],
  ]);
});

test('a label is missed before it ever had the value that a rule waits for', () => {
  expect(spring).not.toContain('status="5');
  const { casualties } = compare((old) => old.replaceAll(' status="', ' code="').replaceAll(',status="', ',code="'));
  expect(casualties.map((one) => one.alert)).toContain('RestErrorBudgetFastBurn');
});

/** Two small expositions through all rules: which lose what. */
const lost = (before: string, after: string): [string, string, string | undefined][] =>
  compareExpositions(parseExposition([before]), parseExposition([after]), CATALOGUE)
    .casualties.filter((one) => one.kind !== 'panel')
    .map((one) => [one.alert, one.why, one.hint]);

test('a matcher that excludes is missed when its label is renamed: it would exclude nothing, and the rule fire for all', () => {
  expect(
    lost('argocd_app_info{name="a",sync_status="Synced"} 1\n', 'argocd_app_info{name="a",sync="Synced"} 1\n'),
  ).toEqual([['ArgoAppOutOfSync', 'label or value gone', 'no label sync_status']]);
});

test('of several values that a rule names, the one that is gone is told', () => {
  const states = (idle: string) =>
    ['active', idle].map((one) => `pg_stat_activity_max_tx_duration{datname="a",state="${one}"} 0\n`).join('');
  expect(lost(states('idle in transaction'), states('idle_in_transaction'))).toEqual([
    ['PostgresLongTransaction', 'label or value gone', 'state is active, idle_in_transaction'],
  ]);
});

test('one of two conditions is no substitute for the other', () => {
  const both = 'prometheus_notifications_alertmanagers_discovered 1\n';
  expect(
    lost(`${both}prometheus_notifications_dropped_total 0\n`, `${both}prometheus_notifications_lost_total 0\n`),
  ).toEqual([['PrometheusAlertsDropped', 'metric gone', 'likely prometheus_notifications_lost_total']]);
});

test('an old name beside its new one is one', () => {
  expect(
    lost('rabbitmq_raft_entry_commit_latency_seconds 0\n', 'rabbitmq_raft_max_commit_latency_seconds 0\n'),
  ).toEqual([]);
});

test('a type that is no longer told is not another type', () => {
  const { casualties } = compare((old) =>
    old.replace('# TYPE hikaricp_connections_pending gauge', '# TYPE hikaricp_connections_pending untyped'),
  );
  expect(casualties).toEqual([]);
});

test('OpenMetrics with exemplars and CRLF is read as what it says', () => {
  const told = [
    '# TYPE hikaricp_connections_pending gauge',
    'hikaricp_connections_pending{pool="a}b"} 3.0 # {trace_id="12"} 0.5 1700000000',
    'hikaricp_connections_pending{pool="c",} +Inf 1700000000',
    '# EOF',
    '',
  ].join('\r\n');
  const { samples, types } = parseExposition([told]);
  expect(samples.get('hikaricp_connections_pending')!.map(({ labels, value }) => [...labels, value])).toEqual([
    [['pool', 'a}b'], 3],
    [['pool', 'c'], Infinity],
  ]);
  expect(types.get('hikaricp_connections_pending')).toBe('gauge');
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
  describe('what is no exposition, or half of one, is refused at its line', () => {
    const saved = join(mkdtempSync(join(tmpdir(), 'cimiento-upgrade-')), 'new.prom');
    const given = (content: string) => {
      writeFileSync(saved, content);
      return alerts('upgrade', file, saved);
    };
    afterAll(() => rmSync(dirname(saved), { recursive: true }));

    test('an error page', async () => {
      await expect(given('Internal Server Error\n')).rejects.toThrow('holds no metric');
    });
    test('a page around metrics', async () => {
      await expect(given(`<pre>\n${spring}</pre>\n`)).rejects.toThrow('new.prom:1 is no sample: "<pre>"');
    });
    test('a line that was cut off', async () => {
      await expect(given('up 1\nhikaricp_connections_pending{po')).rejects.toThrow('new.prom:2 is no sample');
    });
    test('a folder', async () => {
      await expect(alerts('upgrade', file, dirname(saved))).rejects.toThrow('is a folder');
    });
    test('without its last line break it is read, and doubted', async () => {
      expect((await given(spring.trimEnd())).stderr).toContain('does not end with a line break');
    });
    test('another exporter than any rule looks at', async () => {
      writeFileSync(saved, 'etcd_server_has_leader 1\n');
      expect((await alerts('upgrade', saved, saved)).stdout).toContain('no rule looks at anything in the old one');
    });
  });
  test('a misspelt alert gets its likely name', async () => {
    await expect(alerts('show', 'KafkaUnderReplicatd')).rejects.toThrow('did you mean KafkaUnderReplicated?');
  });
});
