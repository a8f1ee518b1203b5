/** Signals of a MongoDB replica set: its primary, its members, and how far they are behind. */
import { promql } from '../promql';
import type { Signal } from '../signal';

export const mongodbReplicaSet: readonly Signal[] = [
  {
    alert: 'MongoDown',
    signal: 'server answers ping',
    kind: 'symptom',
    severity: 'critical',
    exporter: 'mongodb_exporter',
    actor: 'data',
    row: 'up',
    why: 'Exporter up, database down: `up` stays 1, only mongodb_up tells.',
    expr: 'max by (namespace,instance) (mongodb_up) == 0',
    for: '1m',
    threshold: '0 for 1m',
    evidence:
      'source: percona/mongodb_exporter 12667a1 (v0.53.0) metrics.go, v1_compatibility.go, testdata/get_diagnostic_data.json',
    runbook: [
      '`systemctl status mongod` and its journal on the node; a full disk is the commonest cause.',
      'Start it again; a member that stays down longer than the oplog window needs a resync.',
      'Two of three down: there is no primary; bring back any one first.',
    ],
    fires: [
      {
        minute: 1,
        labels: [{ instance: 'mongo-0', namespace: 'shop' }],
        series: [['mongodb_up{namespace="shop",instance="mongo-0",cluster_role="mongod"}', '0x40']],
      },
    ],
    quiet: [{ from: 0, series: [['mongodb_up{namespace="shop",instance="mongo-0",cluster_role="mongod"}', '1x40']] }],
  },
  {
    alert: 'MongoNoPrimary',
    signal: 'exactly one primary',
    kind: 'symptom',
    severity: 'critical',
    exporter: 'mongodb_exporter',
    actor: 'data',
    row: 'up',
    why: 'No primary = no writes; two = split brain. Missing from every rule set looked at.',
    expr: 'sum by (namespace,rs_nm) (max by (namespace,rs_nm,instance) (mongodb_myState) == bool 1) != 1',
    for: '1m',
    threshold: '!= 1 for 1m',
    evidence:
      'source: percona/mongodb_exporter 12667a1 (v0.53.0) metrics.go, v1_compatibility.go, testdata/get_diagnostic_data.json',
    runbook: [
      '`rs.status()` on any member: who sees whom?',
      'Fewer than a majority up: start members until there is one.',
      'Two primaries: the one with the lower term steps down by itself once the partition heals; stop its clients until then.',
    ],
    fires: [
      {
        minute: 1,
        labels: [{ namespace: 'shop', rs_nm: 'rs0' }],
        series: [
          ['mongodb_myState{namespace="shop",instance="mongo-0",rs_nm="rs0"}', '2x40'],
          ['mongodb_myState{namespace="shop",instance="mongo-1",rs_nm="rs0"}', '2x40'],
        ],
      },
      {
        minute: 1,
        labels: [{ namespace: 'shop', rs_nm: 'rs0' }],
        series: [
          ['mongodb_myState{namespace="shop",instance="mongo-0",rs_nm="rs0"}', '1x40'],
          ['mongodb_myState{namespace="shop",instance="mongo-1",rs_nm="rs0"}', '1x40'],
        ],
      },
    ],
    quiet: [
      {
        from: 0,
        series: [
          ['mongodb_myState{namespace="shop",instance="mongo-0",rs_nm="rs0"}', '1x40'],
          ['mongodb_myState{namespace="shop",instance="mongo-1",rs_nm="rs0"}', '2x40'],
          // Two of three are no primary: counted by mistake, they would not look like one.
          ['mongodb_myState{namespace="shop",instance="mongo-2",rs_nm="rs0"}', '2x40'],
        ],
      },
    ],
  },
  {
    alert: 'MongoMemberUnhealthy',
    signal: 'replica member health',
    kind: 'cause',
    severity: 'warning',
    exporter: 'mongodb_exporter',
    actor: 'data',
    row: 'cause',
    why: 'Redundancy is gone although clients see nothing yet: a ticket. A machine is replaced within ten minutes; that nobody is primary pages (MongoNoPrimary).',
    expr: 'min by (namespace,rs_nm,member_idx) (mongodb_members_health) == 0',
    for: '10m',
    threshold: '0',
    evidence:
      'source: percona/mongodb_exporter 12667a1 (v0.53.0) metrics.go, v1_compatibility.go, testdata/get_diagnostic_data.json',
    runbook: [
      'Find the member by the label member_idx; is its machine up, is mongod?',
      'Redundancy is gone: do not restart or upgrade anything else.',
      'Bring it back within the oplog window (MongoOplogWindowShort).',
    ],
    fires: [
      {
        minute: 10,
        labels: [{ member_idx: 'mongo-1:27017', namespace: 'shop', rs_nm: 'rs0' }],
        series: [
          [
            'mongodb_members_health{namespace="shop",instance="mongo-0",rs_nm="rs0",member_idx="mongo-1:27017",member_state="(not reachable/healthy)"}',
            '0x40',
          ],
        ],
      },
    ],
    quiet: [
      {
        from: 0,
        series: [
          [
            'mongodb_members_health{namespace="shop",instance="mongo-0",rs_nm="rs0",member_idx="mongo-1:27017",member_state="SECONDARY"}',
            '1x40',
          ],
        ],
      },
    ],
  },
  {
    alert: 'MongoReplicationLag',
    signal: 'replication lag',
    kind: 'cause',
    severity: 'warning',
    exporter: 'mongodb_exporter',
    actor: 'data',
    row: 'cause',
    why: "Stale reads and rollback risk. Aggregating both sides first is what keeps it from failing with many-to-many when every pod has an exporter (awesome-prometheus-alerts' version errors).",
    expr: promql`
        (max by (namespace,rs_nm) (mongodb_members_optimeDate{member_state="PRIMARY"}) - on (namespace,rs_nm) group_right max by (namespace,rs_nm,member_idx) (mongodb_members_optimeDate{member_state="SECONDARY"}))
        / 1000 > 30
      `,
    for: '5m',
    threshold: '>30 s for 5m',
    evidence:
      'source: percona/mongodb_exporter 12667a1 (v0.53.0) metrics.go, v1_compatibility.go, testdata/get_diagnostic_data.json',
    runbook: [
      "Look at the secondary's disk and at long operations: `db.currentOp({secs_running: {$gt: 10}})`.",
      'Readers with a secondary preference see old data: say so to their owners.',
      'Lag near the oplog window becomes a resync: slow the writers down before.',
    ],
    panel: { unit: 's' },
    fires: [
      {
        minute: 5,
        labels: [{ member_idx: 'b', namespace: 'shop', rs_nm: 'rs0' }],
        series: [
          [
            'mongodb_members_optimeDate{namespace="shop",instance="mongo-0",rs_nm="rs0",member_idx="a",member_state="PRIMARY"}',
            '1700000090000+60000x40',
          ],
          [
            'mongodb_members_optimeDate{namespace="shop",instance="mongo-1",rs_nm="rs0",member_idx="a",member_state="PRIMARY"}',
            '1700000090000+60000x40',
          ],
          [
            'mongodb_members_optimeDate{namespace="shop",instance="mongo-0",rs_nm="rs0",member_idx="b",member_state="SECONDARY"}',
            '1700000000000+60000x40',
          ],
        ],
      },
      {
        minute: 5,
        labels: [{ member_idx: 'b', namespace: 'shop', rs_nm: 'rs0' }],
        series: [
          [
            'mongodb_members_optimeDate{namespace="shop",instance="mongo-0",rs_nm="rs0",member_idx="a",member_state="PRIMARY"}',
            '1700000090000+60000x40',
          ],
          [
            'mongodb_members_optimeDate{namespace="shop",instance="mongo-0",rs_nm="rs0",member_idx="b",member_state="SECONDARY"}',
            '1700000000000+60000x40',
          ],
          [
            'mongodb_members_optimeDate{namespace="shop",instance="mongo-0",rs_nm="rs0",member_idx="c",member_state="ARBITER"}',
            '1700000090000+60000x40',
          ],
        ],
      },
    ],
    quiet: [
      {
        from: 0,
        series: [
          [
            'mongodb_members_optimeDate{namespace="shop",instance="mongo-0",rs_nm="rs0",member_idx="a",member_state="PRIMARY"}',
            '1700000001000+60000x40',
          ],
          [
            'mongodb_members_optimeDate{namespace="shop",instance="mongo-1",rs_nm="rs0",member_idx="a",member_state="PRIMARY"}',
            '1700000001000+60000x40',
          ],
          [
            'mongodb_members_optimeDate{namespace="shop",instance="mongo-0",rs_nm="rs0",member_idx="b",member_state="SECONDARY"}',
            '1700000000000+60000x40',
          ],
        ],
      },
      {
        from: 0,
        series: [
          [
            'mongodb_members_optimeDate{namespace="shop",instance="mongo-0",rs_nm="rs0",member_idx="a",member_state="PRIMARY"}',
            '1700000001000+60000x40',
          ],
          [
            'mongodb_members_optimeDate{namespace="shop",instance="mongo-0",rs_nm="rs0",member_idx="b",member_state="SECONDARY"}',
            '1700000000000+60000x40',
          ],
          [
            'mongodb_members_optimeDate{namespace="shop",instance="mongo-0",rs_nm="rs0",member_idx="c",member_state="ARBITER"}',
            '0x40',
          ],
          [
            'mongodb_members_optimeDate{namespace="shop",instance="mongo-0",rs_nm="rs0",member_idx="d",member_state="STARTUP2"}',
            '1700009000000+60000x40',
          ],
        ],
      },
    ],
  },
  {
    alert: 'MongoOplogWindowShort',
    signal: 'oplog window',
    kind: 'cause',
    severity: 'warning',
    exporter: 'mongodb_exporter',
    actor: 'data',
    row: 'full',
    why: "A member down longer than the window needs a full resync; backups and change streams (Debezium) lose their place. head=newest, tail=oldest; Grafana's mixin subtracts the wrong way round.",
    expr: promql`
        min by (namespace,instance) (mongodb_mongod_replset_oplog_head_timestamp - mongodb_mongod_replset_oplog_tail_timestamp)
        / 3600 < 24
      `,
    for: '15m',
    threshold: '<24 h',
    evidence:
      'source: percona/mongodb_exporter 12667a1 (v0.53.0) metrics.go, v1_compatibility.go, testdata/get_diagnostic_data.json',
    runbook: [
      '`rs.printReplicationInfo()`; find the burst of writes (a migration, a TTL index).',
      'Enlarge it online: `db.adminCommand({replSetResizeOplog: 1, size: <MB>})`.',
      'Until then keep every member up.',
    ],
    panel: { unit: 'h' },
    fires: [
      {
        minute: 15,
        labels: [{ instance: 'mongo-0', namespace: 'shop' }],
        series: [
          ['mongodb_mongod_replset_oplog_head_timestamp{namespace="shop",instance="mongo-0"}', '1700036000+60x40'],
          ['mongodb_mongod_replset_oplog_tail_timestamp{namespace="shop",instance="mongo-0"}', '1700000000+60x40'],
        ],
      },
    ],
    quiet: [
      {
        from: 0,
        series: [
          ['mongodb_mongod_replset_oplog_head_timestamp{namespace="shop",instance="mongo-0"}', '1700200000+60x40'],
          ['mongodb_mongod_replset_oplog_tail_timestamp{namespace="shop",instance="mongo-0"}', '1700000000+60x40'],
        ],
      },
    ],
  },
];
