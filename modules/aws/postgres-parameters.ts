/**
 * PostgreSQL's settings where they differ from RDS's; all take effect without a restart. RDS sizes memory by itself from the
 * instance class, and loads pg_stat_statements.
 */
export interface PostgresParameter {
  readonly name: string;
  readonly value: string;
  /** RDS knows it, PostgreSQL itself doesn't. */
  readonly rdsOnly?: boolean;
}

export const POSTGRES_PARAMETERS: readonly PostgresParameter[] = [
  // Default since 15; said so that nobody need know.
  { name: 'rds.force_ssl', value: '1', rdsOnly: true },
  { name: 'log_connections', value: '1' },
  { name: 'log_disconnections', value: '1' },
  // Milliseconds.
  { name: 'log_min_duration_statement', value: '1000' },
  { name: 'log_lock_waits', value: '1' },
  // A session that forgot its transaction keeps vacuum from working. Milliseconds.
  { name: 'idle_in_transaction_session_timeout', value: '600000' },
  { name: 'password_encryption', value: 'scram-sha-256' },
  { name: 'track_io_timing', value: '1' },
];
