/** Signals of PostgreSQL. */
import { promql } from '../promql';
import type { Signal } from '../signal';

export const postgresql: readonly Signal[] = [
  {
    alert: 'PostgresDown',
    signal: 'the server answers',
    kind: 'symptom',
    severity: 'critical',
    exporter: 'postgres_exporter',
    actor: 'data',
    row: 'up',
    why: 'The exporter is up, the database is not: up stays 1. Three minutes: a Multi-AZ failover takes one to two, and ends by itself.',
    expr: 'max by (job,instance) (pg_up) == 0',
    for: '3m',
    threshold: '0',
    evidence: 'recorded, see lab/expositions',
    runbook: [
      '`pg_isready -h <host>`; RDS: is it failing over (events page)?',
      'It has lasted longer than a failover takes: look at the instance, its storage and its network.',
      "Exporter's password rotated? Then only the exporter is blind.",
    ],
    fires: [
      {
        minute: 3,
        labels: [{ instance: 'db', job: 'postgres' }],
        series: [['pg_up{job="postgres",instance="db"}', '0x40']],
      },
    ],
    quiet: [{ from: 0, series: [['pg_up{job="postgres",instance="db"}', '1x40']] }],
  },
  {
    alert: 'PostgresConnectionsHigh',
    signal: 'connections used',
    kind: 'saturation',
    severity: 'warning',
    exporter: 'postgres_exporter',
    actor: 'data',
    row: 'full',
    why: 'Every pod multiplies its pool; a rollout doubles it.',
    expr: promql`
        sum by (job,instance) (pg_stat_activity_count)
        / max by (job,instance) (pg_settings_max_connections) > 0.8
      `,
    for: '5m',
    threshold: 'over 80 %',
    evidence: 'recorded, see lab/expositions',
    runbook: [
      '`select usename, state, count(*) from pg_stat_activity group by 1,2 order by 3 desc`.',
      'Idle in transaction: end the oldest with pg_terminate_backend.',
      'Pods x pool size must stay below max_connections.',
    ],
    fires: [
      {
        minute: 5,
        labels: [{ instance: 'db', job: 'postgres' }],
        series: [
          ['pg_stat_activity_count{job="postgres",instance="db",datname="shop",state="active",usename="a"}', '80x40'],
          ['pg_stat_activity_count{job="postgres",instance="db",datname="shop",state="idle",usename="a"}', '10x40'],
          ['pg_settings_max_connections{job="postgres",instance="db"}', '100x40'],
        ],
      },
    ],
    quiet: [
      {
        from: 0,
        series: [
          ['pg_stat_activity_count{job="postgres",instance="db",datname="shop",state="active",usename="a"}', '20x40'],
          ['pg_stat_activity_count{job="postgres",instance="db",datname="shop",state="idle",usename="a"}', '10x40'],
          ['pg_settings_max_connections{job="postgres",instance="db"}', '100x40'],
        ],
      },
    ],
  },
  {
    alert: 'PostgresConnectionsExhausted',
    signal: 'connections used up',
    kind: 'saturation',
    severity: 'critical',
    exporter: 'postgres_exporter',
    actor: 'data',
    row: 'full',
    why: 'The next connection is refused, for every service at once.',
    expr: promql`
        sum by (job,instance) (pg_stat_activity_count)
        / max by (job,instance) (pg_settings_max_connections) > 0.95
      `,
    for: '1m',
    threshold: 'over 95 %',
    evidence: 'recorded, see lab/expositions',
    runbook: [
      'Connections are about to be refused. `select usename, state, count(*) from pg_stat_activity group by 1,2 order by 3 desc` as the reserved superuser.',
      'End idle sessions of the largest user: `select pg_terminate_backend(pid) ...`.',
      'Scale that service down, then lower its pool in git.',
    ],
    fires: [
      {
        minute: 1,
        labels: [{ instance: 'db', job: 'postgres' }],
        series: [
          ['pg_stat_activity_count{job="postgres",instance="db",datname="shop",state="active",usename="a"}', '88x40'],
          ['pg_stat_activity_count{job="postgres",instance="db",datname="shop",state="idle",usename="a"}', '10x40'],
          ['pg_settings_max_connections{job="postgres",instance="db"}', '100x40'],
        ],
      },
    ],
    quiet: [
      {
        from: 0,
        series: [
          ['pg_stat_activity_count{job="postgres",instance="db",datname="shop",state="active",usename="a"}', '80x40'],
          ['pg_stat_activity_count{job="postgres",instance="db",datname="shop",state="idle",usename="a"}', '10x40'],
          ['pg_settings_max_connections{job="postgres",instance="db"}', '100x40'],
        ],
      },
    ],
  },
  {
    alert: 'PostgresLongTransaction',
    signal: 'a transaction that does not end',
    kind: 'cause',
    severity: 'warning',
    exporter: 'postgres_exporter',
    actor: 'data',
    row: 'cause',
    why: 'It holds locks and keeps vacuum from cleaning.',
    expr: promql`
        max by (job,instance,datname,state) (pg_stat_activity_max_tx_duration{state=~"active|idle in transaction"}) > 900
      `,
    for: '1m',
    threshold: 'longer than 15 min',
    evidence: 'recorded, see lab/expositions',
    runbook: [
      '`select pid, usename, xact_start, query from pg_stat_activity order by xact_start limit 5`.',
      'It holds back vacuum and may hold locks: ask its owner, then pg_terminate_backend.',
    ],
    fires: [
      {
        minute: 17,
        labels: [{ datname: 'shop', instance: 'db', job: 'postgres', state: 'idle in transaction' }],
        series: [
          [
            'pg_stat_activity_max_tx_duration{job="postgres",instance="db",datname="shop",state="idle in transaction"}',
            '0+60x60',
          ],
        ],
      },
    ],
    quiet: [
      {
        from: 0,
        series: [
          ['pg_stat_activity_max_tx_duration{job="postgres",instance="db",datname="shop",state="active"}', '20x60'],
          ['pg_stat_activity_max_tx_duration{job="postgres",instance="db",datname="shop",state="idle"}', '0+60x60'],
        ],
      },
    ],
  },
  {
    alert: 'PostgresDeadlocks',
    signal: 'deadlocks',
    kind: 'cause',
    severity: 'warning',
    exporter: 'postgres_exporter',
    actor: 'data',
    row: 'cause',
    why: 'Each one cost somebody a transaction.',
    expr: 'sum by (job,instance,datname) (increase(pg_stat_database_deadlocks[15m])) > 0',
    for: '0m',
    threshold: 'any in 15 min',
    evidence: 'recorded, see lab/expositions',
    runbook: ['The server log names both statements.', 'Make both take their rows in the same order.'],
    fires: [
      {
        minute: 16,
        labels: [{ datname: 'shop', instance: 'db', job: 'postgres' }],
        series: [['pg_stat_database_deadlocks{job="postgres",instance="db",datname="shop"}', '0x15 2x60']],
      },
    ],
    quiet: [{ from: 0, series: [['pg_stat_database_deadlocks{job="postgres",instance="db",datname="shop"}', '2x60']] }],
  },
  {
    alert: 'PostgresRollbackRatioHigh',
    signal: 'transactions rolled back',
    kind: 'symptom',
    severity: 'warning',
    exporter: 'postgres_exporter',
    actor: 'data',
    row: 'cause',
    why: 'Errors of the services, seen from below. Of all transactions: when every one fails there is no commit to compare with.',
    expr: promql`
        sum by (job,instance,datname) (rate(pg_stat_database_xact_rollback[5m]))
        / (sum by (job,instance,datname) (rate(pg_stat_database_xact_commit[5m]))
          + sum by (job,instance,datname) (rate(pg_stat_database_xact_rollback[5m])) > 1) > 0.2
      `,
    for: '10m',
    threshold: 'over 20 % of transactions, of more than 1 a second',
    evidence: 'recorded, see lab/expositions',
    runbook: ['Group errors in the server log by statement.', 'Compare with the last release of the services.'],
    fires: [
      {
        minute: 11,
        labels: [{ datname: 'shop', instance: 'db', job: 'postgres' }],
        series: [
          ['pg_stat_database_xact_commit{job="postgres",instance="db",datname="shop"}', '0+600x60'],
          ['pg_stat_database_xact_rollback{job="postgres",instance="db",datname="shop"}', '0+300x60'],
        ],
      },
      {
        minute: 11,
        labels: [{ datname: 'shop', instance: 'db', job: 'postgres' }],
        series: [
          ['pg_stat_database_xact_commit{job="postgres",instance="db",datname="shop"}', '500x60'],
          ['pg_stat_database_xact_rollback{job="postgres",instance="db",datname="shop"}', '0+600x60'],
        ],
      },
    ],
    quiet: [
      {
        from: 0,
        series: [
          ['pg_stat_database_xact_commit{job="postgres",instance="db",datname="shop"}', '0+600x60'],
          ['pg_stat_database_xact_rollback{job="postgres",instance="db",datname="shop"}', '0+6x60'],
        ],
      },
      {
        from: 0,
        series: [
          ['pg_stat_database_xact_commit{job="postgres",instance="db",datname="shop"}', '0+6x60'],
          ['pg_stat_database_xact_rollback{job="postgres",instance="db",datname="shop"}', '0+6x60'],
        ],
      },
    ],
  },
  {
    alert: 'PostgresDeadTuplesHigh',
    signal: 'dead rows that vacuum does not remove',
    kind: 'saturation',
    severity: 'warning',
    exporter: 'postgres_exporter',
    actor: 'data',
    row: 'full',
    why: 'Tables and indexes swell; every scan gets slower.',
    expr: promql`
        max by (job,instance,datname,schemaname,relname) (pg_stat_user_tables_n_dead_tup) > 0.5 * max by (job,instance,datname,schemaname,relname) (pg_stat_user_tables_n_live_tup)
        and max by (job,instance,datname,schemaname,relname) (pg_stat_user_tables_n_dead_tup) > 10000
      `,
    for: '1h',
    threshold: 'more than half as many as live ones, and over 10,000',
    evidence: 'recorded, see lab/expositions',
    runbook: [
      'Is autovacuum held back by an old transaction (PostgresLongTransaction)?',
      '`vacuum (verbose) <table>` at a quiet hour.',
    ],
    fires: [
      {
        minute: 60,
        labels: [{ datname: 'shop', instance: 'db', job: 'postgres', relname: 't', schemaname: 'public' }],
        series: [
          [
            'pg_stat_user_tables_n_dead_tup{job="postgres",instance="db",datname="shop",relname="t",schemaname="public"}',
            '80000x120',
          ],
          [
            'pg_stat_user_tables_n_live_tup{job="postgres",instance="db",datname="shop",relname="t",schemaname="public"}',
            '100000x120',
          ],
        ],
      },
    ],
    quiet: [
      {
        from: 0,
        series: [
          [
            'pg_stat_user_tables_n_dead_tup{job="postgres",instance="db",datname="shop",relname="t",schemaname="public"}',
            '20000x120',
          ],
          [
            'pg_stat_user_tables_n_live_tup{job="postgres",instance="db",datname="shop",relname="t",schemaname="public"}',
            '100000x120',
          ],
        ],
      },
      {
        from: 0,
        series: [
          [
            'pg_stat_user_tables_n_dead_tup{job="postgres",instance="db",datname="shop",relname="t",schemaname="public"}',
            '800x120',
          ],
          [
            'pg_stat_user_tables_n_live_tup{job="postgres",instance="db",datname="shop",relname="t",schemaname="public"}',
            '1000x120',
          ],
        ],
      },
    ],
  },
  {
    alert: 'PostgresArchiveFailing',
    signal: 'the archive of the write-ahead log fails',
    kind: 'cause',
    severity: 'warning',
    exporter: 'postgres_exporter',
    actor: 'data',
    row: 'cause',
    why: 'No point-in-time recovery, and the disk fills.',
    expr: 'sum by (job,instance) (increase(pg_stat_archiver_failed_count[15m])) > 0',
    for: '5m',
    threshold: 'any in 15 min',
    evidence: 'recorded, see lab/expositions',
    runbook: [
      "Archiving fails: the server log has the command's error.",
      'WAL piles up on the disk until it works: look at pg_wal_size_bytes.',
    ],
    fires: [
      {
        minute: 22,
        labels: [{ instance: 'db', job: 'postgres' }],
        series: [['pg_stat_archiver_failed_count{job="postgres",instance="db"}', '0x15 0+1x60']],
      },
    ],
    quiet: [{ from: 0, series: [['pg_stat_archiver_failed_count{job="postgres",instance="db"}', '3x60']] }],
  },
  {
    alert: 'PostgresExporterFailing',
    signal: 'a collector of the exporter fails',
    kind: 'meta',
    severity: 'warning',
    exporter: 'postgres_exporter',
    actor: 'platform',
    row: 'cause',
    why: 'Rules that need it are blind while pg_up is 1.',
    expr: 'min by (job,instance,collector) (pg_scrape_collector_success) == 0',
    for: '15m',
    threshold: 'for 15 min',
    evidence: 'recorded, see lab/expositions',
    runbook: [
      "The label collector says which query fails; the exporter's log says why.",
      'A permission usually: grant pg_monitor.',
    ],
    fires: [
      {
        minute: 15,
        labels: [{ collector: 'locks', instance: 'db', job: 'postgres' }],
        series: [['pg_scrape_collector_success{job="postgres",instance="db",collector="locks"}', '0x40']],
      },
    ],
    quiet: [
      { from: 0, series: [['pg_scrape_collector_success{job="postgres",instance="db",collector="locks"}', '1x40']] },
    ],
  },
  {
    alert: 'PostgresCacheHitLow',
    signal: 'reads that miss the cache',
    kind: 'cause',
    severity: 'info',
    exporter: 'postgres_exporter',
    actor: 'data',
    row: 'fast',
    why: 'The working set no longer fits; latency follows the disk.',
    expr: promql`
        sum by (job,instance,datname) (rate(pg_stat_database_blks_hit[15m]))
        / (sum by (job,instance,datname) (rate(pg_stat_database_blks_hit[15m])) + sum by (job,instance,datname) (rate(pg_stat_database_blks_read[15m])) > 100) < 0.9
      `,
    for: '30m',
    threshold: 'under 90 % hits, more than 100 blocks a second',
    evidence: 'recorded, see lab/expositions',
    runbook: ['Which query reads so much? pg_stat_statements by shared_blks_read.', 'An index first, memory second.'],
    fires: [
      {
        minute: 31,
        labels: [{ datname: 'shop', instance: 'db', job: 'postgres' }],
        series: [
          ['pg_stat_database_blks_hit{job="postgres",instance="db",datname="shop"}', '0+60000x90'],
          ['pg_stat_database_blks_read{job="postgres",instance="db",datname="shop"}', '0+60000x90'],
        ],
      },
    ],
    quiet: [
      {
        from: 0,
        series: [
          ['pg_stat_database_blks_hit{job="postgres",instance="db",datname="shop"}', '0+60000x90'],
          ['pg_stat_database_blks_read{job="postgres",instance="db",datname="shop"}', '0+600x90'],
        ],
      },
      {
        from: 0,
        series: [
          ['pg_stat_database_blks_hit{job="postgres",instance="db",datname="shop"}', '0+600x90'],
          ['pg_stat_database_blks_read{job="postgres",instance="db",datname="shop"}', '0+600x90'],
        ],
      },
    ],
  },
];
