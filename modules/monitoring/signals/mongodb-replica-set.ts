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
    why: 'Exporter up, database down: `up` stays 1, only mongodb_up tells, and every other series of the member ends.',
    expr: 'max by (namespace,instance) (mongodb_up) == 0',
    for: '1m',
    threshold: '0 for 1m',
    evidence:
      'recorded: killed, hanging (told after 5 s of the 10 that Prometheus waits), and when the exporter may not sign in; cluster_role is empty then',
    runbook: [
      '`systemctl status mongod` and its journal on the node; a full disk is the commonest cause.',
      'Start it again; a member that stays down longer than the oplog window needs a resync.',
      'Two of three down: there is no primary; bring back any one first.',
      'mongod runs and answers clients: the exporter may not sign in. `journalctl -u mongodb_exporter`; /etc/mongodb_exporter.env has the password of `monitor`.',
    ],
    fires: [
      {
        minute: 1,
        labels: [{ instance: 'mongo-0', namespace: 'shop' }],
        series: [['mongodb_up{namespace="shop",instance="mongo-0"}', '0x40']],
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
    why: 'No primary = no writes; two = split brain. What any member says of each counts, and not what each says of itself: the exporter of an overloaded primary falls silent (MongoStatusUnread), and it is primary all the same.',
    expr: 'sum by (namespace,rs_nm) (max by (namespace,rs_nm,member_idx) (mongodb_members_state == bool 1)) != 1',
    for: '1m',
    threshold: '!= 1 for 1m',
    evidence: 'recorded: the survivor of three says 2 of itself and 8 of both others',
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
          ['mongodb_members_state{namespace="shop",instance="mongo-0",rs_nm="rs0",member_idx="a"}', '2x40'],
          ['mongodb_members_state{namespace="shop",instance="mongo-0",rs_nm="rs0",member_idx="b"}', '8x40'],
          ['mongodb_members_state{namespace="shop",instance="mongo-0",rs_nm="rs0",member_idx="c"}', '8x40'],
        ],
      },
      {
        // Each is its own primary, and does not see the other.
        minute: 1,
        labels: [{ namespace: 'shop', rs_nm: 'rs0' }],
        series: [
          ['mongodb_members_state{namespace="shop",instance="mongo-0",rs_nm="rs0",member_idx="a"}', '1x40'],
          ['mongodb_members_state{namespace="shop",instance="mongo-0",rs_nm="rs0",member_idx="b"}', '8x40'],
          ['mongodb_members_state{namespace="shop",instance="mongo-1",rs_nm="rs0",member_idx="a"}', '8x40'],
          ['mongodb_members_state{namespace="shop",instance="mongo-1",rs_nm="rs0",member_idx="b"}', '1x40'],
        ],
      },
    ],
    quiet: [
      {
        // Two of three are no primary: counted by mistake, they would not look like one. The primary's own exporter is silent.
        from: 0,
        series: [
          ['mongodb_members_state{namespace="shop",instance="mongo-1",rs_nm="rs0",member_idx="a"}', '1x40'],
          ['mongodb_members_state{namespace="shop",instance="mongo-1",rs_nm="rs0",member_idx="b"}', '2x40'],
          ['mongodb_members_state{namespace="shop",instance="mongo-1",rs_nm="rs0",member_idx="c"}', '2x40'],
          ['mongodb_members_state{namespace="shop",instance="mongo-2",rs_nm="rs0",member_idx="a"}', '1x40'],
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
    evidence: 'recorded: 0 with member_state "(not reachable/healthy)"; the series with "SECONDARY" ends',
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
        (max by (namespace,rs_nm) (mongodb_members_optimeDate{member_state="PRIMARY"}) - on (namespace,rs_nm) group_right max by (namespace,rs_nm,member_idx) (mongodb_members_optimeDate{member_state=~"SECONDARY|RECOVERING"}))
        / 1000 > 30
      `,
    for: '5m',
    threshold: '>30 s for 5m',
    evidence:
      'recorded in ms: a secondary ten minutes behind, and a member too stale to catch up, which is RECOVERING with health 1; one that is down has 1970',
    runbook: [
      "Look at the secondary's disk and at long operations: `db.currentOp({secs_running: {$gt: 10}})`.",
      'Readers with a secondary preference see old data: say so to their owners.',
      'Lag near the oplog window becomes a resync: slow the writers down before.',
      'The member is RECOVERING (`rs.status()`) and says that it is too stale to catch up: it never will. Resync it: docs/data.md.',
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
      {
        // Too far behind ever to catch up: healthy, and no secondary any more.
        minute: 5,
        labels: [{ member_idx: 'b', namespace: 'shop', rs_nm: 'rs0' }],
        series: [
          [
            'mongodb_members_optimeDate{namespace="shop",instance="mongo-0",rs_nm="rs0",member_idx="a",member_state="PRIMARY"}',
            '1700000090000+60000x40',
          ],
          [
            'mongodb_members_optimeDate{namespace="shop",instance="mongo-0",rs_nm="rs0",member_idx="b",member_state="RECOVERING"}',
            '1700000000000x40',
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
    why: "A member down longer than the window needs a full resync; backups and change streams (Debezium) lose their place. An oplog that is not full yet reaches back to the set's beginning and forgets nothing: it is no older than the set. head=newest, tail=oldest; Grafana's mixin subtracts the wrong way round.",
    expr: promql`
        min by (namespace,instance) (mongodb_mongod_replset_oplog_head_timestamp - mongodb_mongod_replset_oplog_tail_timestamp)
        / 3600 < 24
        and on (namespace,instance) max by (namespace,instance) (mongodb_oplog_stats_storageStats_size)
        / max by (namespace,instance) (mongodb_oplog_stats_storageStats_maxSize) > 0.9
      `,
    for: '15m',
    threshold: '<24 h, and the oplog is full',
    evidence:
      'recorded: a set of two and a half hours has no longer window, with a ninth of its oplog used; full and eight hours long',
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
          [
            'mongodb_oplog_stats_storageStats_size{namespace="shop",instance="mongo-0",rs_nm="rs0",rs_state="1"}',
            '990x40',
          ],
          [
            'mongodb_oplog_stats_storageStats_maxSize{namespace="shop",instance="mongo-0",rs_nm="rs0",rs_state="1"}',
            '1000x40',
          ],
        ],
      },
    ],
    quiet: [
      {
        from: 0,
        series: [
          ['mongodb_mongod_replset_oplog_head_timestamp{namespace="shop",instance="mongo-0"}', '1700200000+60x40'],
          ['mongodb_mongod_replset_oplog_tail_timestamp{namespace="shop",instance="mongo-0"}', '1700000000+60x40'],
          [
            'mongodb_oplog_stats_storageStats_size{namespace="shop",instance="mongo-0",rs_nm="rs0",rs_state="1"}',
            '990x40',
          ],
          [
            'mongodb_oplog_stats_storageStats_maxSize{namespace="shop",instance="mongo-0",rs_nm="rs0",rs_state="1"}',
            '1000x40',
          ],
        ],
      },
      {
        // The first hours of a set.
        from: 0,
        series: [
          ['mongodb_mongod_replset_oplog_head_timestamp{namespace="shop",instance="mongo-0"}', '1700036000+60x40'],
          ['mongodb_mongod_replset_oplog_tail_timestamp{namespace="shop",instance="mongo-0"}', '1700000000x40'],
          [
            'mongodb_oplog_stats_storageStats_size{namespace="shop",instance="mongo-0",rs_nm="rs0",rs_state="1"}',
            '100x40',
          ],
          [
            'mongodb_oplog_stats_storageStats_maxSize{namespace="shop",instance="mongo-0",rs_nm="rs0",rs_state="1"}',
            '1000x40',
          ],
        ],
      },
    ],
  },
  {
    alert: 'MongoStatusUnread',
    signal: 'server that says nothing of itself',
    kind: 'meta',
    severity: 'warning',
    exporter: 'mongodb_exporter',
    actor: 'data',
    row: 'cause',
    why: 'mongodb_up is 1, since a ping was answered, and every rule on the state of the member is blind: it has no series to compare.',
    expr: promql`
        (max by (namespace,instance) (mongodb_up) unless on (namespace,instance) (mongodb_ss_connections and on (namespace,instance) mongodb_myState))
        == 1
      `,
    for: '10m',
    threshold: 'ping answered, status not, for 10m',
    evidence:
      'recorded: a user without its role, and a getDiagnosticData that does not return (told after 9 s): mongodb_up 1, and no series of serverStatus and replSetGetStatus',
    runbook: [
      '`journalctl -u mongodb_exporter` on the member says which command failed, and why.',
      '`Unauthorized`: the user `monitor` has lost clusterMonitor, or read on local: `db.getUser("monitor")` in admin.',
      '`context deadline exceeded`: the server is too busy to say how it is. Look at its machine, and at `db.currentOp()` on it.',
    ],
    panel: { unit: 'bool_yes_no', noneYet: true },
    fires: [
      {
        minute: 10,
        labels: [{ instance: 'mongo-0', namespace: 'shop' }],
        series: [['mongodb_up{namespace="shop",instance="mongo-0",cluster_role="mongod"}', '1x40']],
      },
      {
        // It is in no replica set.
        minute: 10,
        labels: [{ instance: 'mongo-0', namespace: 'shop' }],
        series: [
          ['mongodb_up{namespace="shop",instance="mongo-0",cluster_role="mongod"}', '1x40'],
          ['mongodb_ss_connections{namespace="shop",instance="mongo-0",conn_type="current"}', '20x40'],
        ],
      },
      {
        minute: 10,
        labels: [{ instance: 'mongo-0', namespace: 'shop' }],
        series: [
          ['mongodb_up{namespace="shop",instance="mongo-0",cluster_role="mongod"}', '1x40'],
          ['mongodb_myState{namespace="shop",instance="mongo-0",rs_nm="rs0",rs_state="1"}', '1x40'],
        ],
      },
    ],
    quiet: [
      {
        from: 0,
        series: [
          ['mongodb_up{namespace="shop",instance="mongo-0",cluster_role="mongod"}', '1x40'],
          [
            'mongodb_ss_connections{namespace="shop",instance="mongo-0",rs_nm="rs0",rs_state="1",conn_type="current"}',
            '20x40',
          ],
          ['mongodb_myState{namespace="shop",instance="mongo-0",rs_nm="rs0",rs_state="1"}', '1x40'],
        ],
      },
      {
        // Down is MongoDown's.
        from: 0,
        series: [['mongodb_up{namespace="shop",instance="mongo-0"}', '0x40']],
      },
    ],
  },
];
