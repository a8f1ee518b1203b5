/** Signals of one MongoDB server under load: connections, queues, tickets, cache, latency, scans. */
import { promql } from '../promql';
import type { Signal } from '../signal';

export const mongodbServer: readonly Signal[] = [
  {
    alert: 'MongoConnectionsHigh',
    signal: 'connections used',
    kind: 'saturation',
    severity: 'warning',
    exporter: 'mongodb_exporter',
    actor: 'data',
    row: 'full',
    why: 'Each Java pod multiplies maxPoolSize; a rollout doubles it for a minute.',
    expr: promql`
        sum by (namespace,instance) (mongodb_ss_connections{conn_type="current"})
        / sum by (namespace,instance) (mongodb_ss_connections{conn_type=~"current|available"}) > 0.8
      `,
    for: '5m',
    threshold: '>80%',
    evidence: 'recorded: 800 of 819; 8.0 has nine more values of conn_type, which are part of these two or past',
    runbook: [
      'Count connections by client: `db.currentOp(true).inprog` grouped by client.',
      'Multiply pods by maxPoolSize of each service; lower it where it is out of proportion.',
      'A rollout doubles it for a minute: that resolves by itself.',
    ],
    fires: [
      {
        minute: 5,
        labels: [{ instance: 'mongo-0', namespace: 'shop' }],
        series: [
          [
            'mongodb_ss_connections{namespace="shop",instance="mongo-0",rs_nm="rs0",rs_state="1",conn_type="current"}',
            '900x40',
          ],
          [
            'mongodb_ss_connections{namespace="shop",instance="mongo-0",rs_nm="rs0",rs_state="1",conn_type="available"}',
            '100x40',
          ],
          ['mongodb_ss_connections{namespace="shop",instance="mongo-0",rs_nm="rs0",conn_type="active"}', '3000x40'],
        ],
      },
    ],
    quiet: [
      {
        from: 0,
        series: [
          [
            'mongodb_ss_connections{namespace="shop",instance="mongo-0",rs_nm="rs0",rs_state="1",conn_type="current"}',
            '300x40',
          ],
          [
            'mongodb_ss_connections{namespace="shop",instance="mongo-0",rs_nm="rs0",rs_state="1",conn_type="available"}',
            '700x40',
          ],
          ['mongodb_ss_connections{namespace="shop",instance="mongo-0",rs_nm="rs0",conn_type="active"}', '3000x40'],
        ],
      },
    ],
  },
  {
    alert: 'MongoOperationsQueued',
    signal: 'operations queued for locks/tickets',
    kind: 'saturation',
    severity: 'critical',
    exporter: 'mongodb_exporter',
    actor: 'data',
    row: 'full',
    why: "The direct saturation signal; survives MongoDB 7+ dynamic tickets, where 'available tickets' is low by design.",
    expr: promql`
        sum by (namespace,instance) (max by (namespace,instance,count_type) (min_over_time(mongodb_ss_globalLock_currentQueue{count_type=~"readers|writers"}[3m])))
        > 50
      `,
    for: '2m',
    threshold: '>50 queued, sustained',
    evidence:
      'recorded: 70 readers and 20 writers; an election changes the label rs_state of each series of the member, so that for the length of a window it has two: the larger counts',
    runbook: [
      '`db.currentOp({waitingForLock: true})` and the oldest operation that is running.',
      'Kill it if it is a report or an index build in the foreground: `db.killOp(<opid>)`.',
      'If none stands out, the disk is the limit: look at its latency; fail over to a healthier member.',
    ],
    fires: [
      {
        minute: 2,
        labels: [{ instance: 'mongo-0', namespace: 'shop' }],
        series: [
          [
            'mongodb_ss_globalLock_currentQueue{namespace="shop",instance="mongo-0",rs_nm="rs0",rs_state="1",count_type="readers"}',
            '80x40',
          ],
          [
            'mongodb_ss_globalLock_currentQueue{namespace="shop",instance="mongo-0",rs_nm="rs0",rs_state="1",count_type="writers"}',
            '5x40',
          ],
        ],
      },
    ],
    quiet: [
      {
        from: 0,
        series: [
          [
            'mongodb_ss_globalLock_currentQueue{namespace="shop",instance="mongo-0",rs_nm="rs0",rs_state="1",count_type="readers"}',
            '0x40',
          ],
          [
            'mongodb_ss_globalLock_currentQueue{namespace="shop",instance="mongo-0",rs_nm="rs0",rs_state="1",count_type="writers"}',
            '3x40',
          ],
        ],
      },
      {
        from: 0,
        series: [
          [
            'mongodb_ss_globalLock_currentQueue{namespace="shop",instance="mongo-0",rs_nm="rs0",count_type="total"}',
            '80x40',
          ],
          [
            'mongodb_ss_globalLock_currentQueue{namespace="shop",instance="mongo-0",rs_nm="rs0",count_type="readers"}',
            '40x40',
          ],
          [
            'mongodb_ss_globalLock_currentQueue{namespace="shop",instance="mongo-0",rs_nm="rs0",count_type="writers"}',
            '2x40',
          ],
        ],
      },
      {
        from: 0,
        series: [
          [
            'mongodb_ss_globalLock_currentQueue{namespace="shop",instance="mongo-0",rs_nm="rs0",count_type="readers"}',
            '0 80 80 80 80 0 80 80 80 80 0 80 80 80 80 0 80 80 80 80 0 80 80 80 80 0 80 80 80 80 0x14',
          ],
        ],
      },
      {
        // An election, and back: the same queue in either state is not twice as long.
        from: 0,
        series: [
          [
            'mongodb_ss_globalLock_currentQueue{namespace="shop",instance="mongo-0",rs_nm="rs0",rs_state="1",count_type="readers"}',
            '40x9 stale _x1 40x30',
          ],
          [
            'mongodb_ss_globalLock_currentQueue{namespace="shop",instance="mongo-0",rs_nm="rs0",rs_state="2",count_type="readers"}',
            '_x10 40x1 stale',
          ],
        ],
      },
    ],
  },
  {
    alert: 'MongoTicketsExhausted',
    signal: 'WiredTiger tickets',
    kind: 'saturation',
    severity: 'warning',
    exporter: 'mongodb_exporter',
    actor: 'data',
    row: 'full',
    why: 'Tickets alone are noise since 7.0; tickets with a queue is real. In 8.0 the field moved to serverStatus.queues.execution; the exporter maps both to the same names.',
    expr: promql`
        min by (namespace,instance,txn_rw) (mongodb_ss_wt_concurrentTransactions_available) < 1
        and on (namespace,instance) sum by (namespace,instance) (mongodb_ss_globalLock_currentQueue{count_type=~"readers|writers"}) > 0
      `,
    for: '3m',
    threshold: '0 tickets and a queue',
    evidence: 'recorded from serverStatus.queues.execution: exposed by the old name, with txn_rw and no other label',
    runbook: [
      'See MongoOperationsQueued: tickets and a queue together are saturation.',
      'Find the slow operations in the log (`Slow query`).',
      'Add the missing index, or limit the job that came today.',
    ],
    fires: [
      {
        minute: 3,
        labels: [{ instance: 'mongo-0', namespace: 'shop', txn_rw: 'read' }],
        series: [
          ['mongodb_ss_wt_concurrentTransactions_available{namespace="shop",instance="mongo-0",txn_rw="read"}', '0x40'],
          [
            'mongodb_ss_globalLock_currentQueue{namespace="shop",instance="mongo-0",rs_nm="rs0",rs_state="1",count_type="readers"}',
            '12x40',
          ],
        ],
      },
    ],
    quiet: [
      {
        from: 0,
        series: [
          ['mongodb_ss_wt_concurrentTransactions_available{namespace="shop",instance="mongo-0",txn_rw="read"}', '0x40'],
          [
            'mongodb_ss_globalLock_currentQueue{namespace="shop",instance="mongo-0",rs_nm="rs0",rs_state="1",count_type="readers"}',
            '0x40',
          ],
        ],
      },
      {
        from: 0,
        series: [
          ['mongodb_ss_wt_concurrentTransactions_available{namespace="shop",instance="mongo-0",txn_rw="read"}', '0x40'],
          [
            'mongodb_ss_globalLock_currentQueue{namespace="shop",instance="mongo-0",rs_nm="rs0",count_type="readers"}',
            '0x40',
          ],
          [
            'mongodb_ss_globalLock_currentQueue{namespace="shop",instance="mongo-0",rs_nm="rs0",count_type="total"}',
            '5x40',
          ],
        ],
      },
      {
        from: 0,
        series: [
          [
            'mongodb_ss_wt_concurrentTransactions_available{namespace="shop",instance="mongo-0",txn_rw="read"}',
            '50x40',
          ],
          [
            'mongodb_ss_globalLock_currentQueue{namespace="shop",instance="mongo-0",rs_nm="rs0",count_type="readers"}',
            '5x40',
          ],
        ],
      },
    ],
  },
  {
    alert: 'MongoCacheDirtyHigh',
    signal: 'WiredTiger dirty cache',
    kind: 'saturation',
    severity: 'warning',
    exporter: 'mongodb_exporter',
    actor: 'data',
    row: 'full',
    why: 'Past 20% application threads do eviction themselves: latency cliff.',
    expr: promql`
        max by (namespace,instance) (mongodb_ss_wt_cache_tracked_dirty_bytes_in_the_cache)
        / max by (namespace,instance) (mongodb_ss_wt_cache_maximum_bytes_configured) > 0.2
      `,
    for: '5m',
    threshold: '>20% (eviction_dirty_trigger)',
    evidence: 'recorded: a quarter of the cache',
    runbook: [
      "Writes come faster than the disk takes them: look at the disk's write latency.",
      'Slow down bulk jobs.',
      'Faster disks or a larger cache is a planned change.',
    ],
    fires: [
      {
        minute: 5,
        labels: [{ instance: 'mongo-0', namespace: 'shop' }],
        series: [
          [
            'mongodb_ss_wt_cache_tracked_dirty_bytes_in_the_cache{namespace="shop",instance="mongo-0",rs_nm="rs0",rs_state="1"}',
            '300x40',
          ],
          [
            'mongodb_ss_wt_cache_maximum_bytes_configured{namespace="shop",instance="mongo-0",rs_nm="rs0",rs_state="1"}',
            '1000x40',
          ],
        ],
      },
    ],
    quiet: [
      {
        from: 0,
        series: [
          [
            'mongodb_ss_wt_cache_tracked_dirty_bytes_in_the_cache{namespace="shop",instance="mongo-0",rs_nm="rs0",rs_state="1"}',
            '40x40',
          ],
          [
            'mongodb_ss_wt_cache_maximum_bytes_configured{namespace="shop",instance="mongo-0",rs_nm="rs0",rs_state="1"}',
            '1000x40',
          ],
        ],
      },
    ],
  },
  {
    alert: 'MongoOpLatencyHigh',
    signal: 'mean operation latency',
    kind: 'symptom',
    severity: 'warning',
    exporter: 'mongodb_exporter',
    actor: 'data',
    row: 'fast',
    why: "What the services feel; feeds the dashboards' 'is it the database' panel.",
    expr: promql`
        sum by (namespace,instance,op_type) (rate(mongodb_ss_opLatencies_latency{op_type=~"reads|writes"}[5m]))
        / sum by (namespace,instance,op_type) (rate(mongodb_ss_opLatencies_ops[5m]) > 1) > 50000
      `,
    for: '10m',
    threshold: '>50 ms mean, >1 op/s',
    evidence: 'recorded: 600 reads of 120 ms in a minute, with op_type and no other label',
    runbook: [
      'Is it reads or writes (op_type)? Slow writes: disk or replication; slow reads: an index.',
      '`db.system.profile` or the slow query log for the commonest shape.',
      'Compare with the last release of the services.',
    ],
    fires: [
      {
        minute: 11,
        labels: [{ instance: 'mongo-0', namespace: 'shop', op_type: 'reads' }],
        series: [
          ['mongodb_ss_opLatencies_latency{namespace="shop",instance="mongo-0",op_type="reads"}', '0+600000000x40'],
          ['mongodb_ss_opLatencies_ops{namespace="shop",instance="mongo-0",op_type="reads"}', '0+6000x40'],
        ],
      },
    ],
    quiet: [
      {
        from: 0,
        series: [
          ['mongodb_ss_opLatencies_latency{namespace="shop",instance="mongo-0",op_type="reads"}', '0+6000000x40'],
          ['mongodb_ss_opLatencies_ops{namespace="shop",instance="mongo-0",op_type="reads"}', '0+6000x40'],
        ],
      },
      {
        from: 0,
        series: [
          ['mongodb_ss_opLatencies_latency{namespace="shop",instance="mongo-0",op_type="reads"}', '0+6000000x40'],
          ['mongodb_ss_opLatencies_ops{namespace="shop",instance="mongo-0",op_type="reads"}', '0+6000x40'],
          ['mongodb_ss_opLatencies_latency{namespace="shop",instance="mongo-0",op_type="commands"}', '0+600000000x40'],
          ['mongodb_ss_opLatencies_ops{namespace="shop",instance="mongo-0",op_type="commands"}', '0+6000x40'],
        ],
      },
      {
        from: 0,
        series: [
          ['mongodb_ss_opLatencies_latency{namespace="shop",instance="mongo-0",op_type="reads"}', '0+600000000x40'],
          ['mongodb_ss_opLatencies_ops{namespace="shop",instance="mongo-0",op_type="reads"}', '0+6x40'],
        ],
      },
    ],
  },
  {
    alert: 'MongoCollectionScans',
    signal: 'documents scanned per returned',
    kind: 'cause',
    severity: 'warning',
    exporter: 'mongodb_exporter',
    actor: 'data',
    row: 'cause',
    why: 'A missing index after a release; opcounters look normal while CPU burns.',
    expr: promql`
        sum by (namespace,instance) (rate(mongodb_ss_metrics_queryExecutor_scannedObjects[10m]))
        / sum by (namespace,instance) (rate(mongodb_ss_metrics_document{doc_op_type="returned"}[10m]) > 1) > 1000
      `,
    for: '15m',
    threshold: '>1000:1',
    evidence: 'recorded: 50,000 documents looked at for each that is returned',
    runbook: [
      'Find `COLLSCAN` in the slow query log.',
      'Create the index in the background, in git.',
      'Compare with the last release: the query is new.',
    ],
    panel: { unit: 'short' },
    fires: [
      {
        minute: 21,
        labels: [{ instance: 'mongo-0', namespace: 'shop' }],
        series: [
          [
            'mongodb_ss_metrics_queryExecutor_scannedObjects{namespace="shop",instance="mongo-0",rs_nm="rs0",rs_state="1"}',
            '0+600000x60',
          ],
          [
            'mongodb_ss_metrics_document{namespace="shop",instance="mongo-0",rs_nm="rs0",rs_state="1",doc_op_type="returned"}',
            '0+120x60',
          ],
          [
            'mongodb_ss_metrics_document{namespace="shop",instance="mongo-0",rs_nm="rs0",doc_op_type="inserted"}',
            '0+600000x60',
          ],
        ],
      },
    ],
    quiet: [
      {
        from: 0,
        series: [
          [
            'mongodb_ss_metrics_queryExecutor_scannedObjects{namespace="shop",instance="mongo-0",rs_nm="rs0",rs_state="1"}',
            '0+600x60',
          ],
          [
            'mongodb_ss_metrics_document{namespace="shop",instance="mongo-0",rs_nm="rs0",rs_state="1",doc_op_type="returned"}',
            '0+120x60',
          ],
        ],
      },
      {
        from: 0,
        series: [
          [
            'mongodb_ss_metrics_queryExecutor_scannedObjects{namespace="shop",instance="mongo-0",rs_nm="rs0"}',
            '0+600000x60',
          ],
          [
            'mongodb_ss_metrics_document{namespace="shop",instance="mongo-0",rs_nm="rs0",doc_op_type="returned"}',
            '0+6x60',
          ],
        ],
      },
    ],
  },
];
