/** Signals of a service's connection pools: those of JDBC and of MongoDB's driver. */
import { promql } from '../promql';
import type { Signal } from '../signal';

export const connectionPools: readonly Signal[] = [
  {
    alert: 'HikariPoolExhausted',
    signal: 'threads waiting for a connection',
    kind: 'saturation',
    severity: 'critical',
    exporter: 'micrometer',
    actor: 'service',
    row: 'full',
    why: 'Pool exhaustion is the commonest reason a healthy JVM answers 500.',
    requires:
      'The series exist only after the first getConnection (lazy pool): the health check must touch the database.',
    expr: 'max by (namespace,service,pod,pool) (min_over_time(hikaricp_connections_pending[2m])) > 0',
    for: '1m',
    threshold: 'pending >0 for 3m',
    evidence:
      'source: micrometer 22207bf binders + PrometheusNamingConvention; HikariCP MicrometerMetricsTracker; spring-framework DefaultServerRequestObservationConvention',
    runbook: [
      'Is the database slow (PostgresLongTransaction, PostgresConnectionsHigh) or the pool too small? Active = max and quick queries means too small.',
      'Find transactions that hold connections across remote calls: `leakDetectionThreshold` logs them.',
      'To gain time, restart the pod with the oldest connections; never raise the pool beyond max_connections divided by pods.',
    ],
    fires: [
      {
        minute: 1,
        labels: [{ namespace: 'shop', pod: 'orders-1', pool: 'main', service: 'orders' }],
        series: [
          [
            'hikaricp_connections_pending{namespace="shop",service="orders",job="orders",pod="orders-1",pool="main"}',
            '4x40',
          ],
        ],
      },
    ],
    quiet: [
      {
        from: 0,
        series: [
          [
            'hikaricp_connections_pending{namespace="shop",service="orders",job="orders",pod="orders-1",pool="main"}',
            '0 3 3 0 3 3 0 3 3 0 3 3 0 3 3 0 3 3 0 3 3 0 3 3 0x20',
          ],
        ],
      },
    ],
  },
  {
    alert: 'HikariConnectionTimeouts',
    signal: 'connection acquisition timeouts',
    kind: 'symptom',
    severity: 'critical',
    exporter: 'micrometer',
    actor: 'service',
    row: 'up',
    why: 'Each one is a failed request, whatever the pending gauge showed at scrape time.',
    requires: 'As HikariPoolExhausted.',
    expr: 'sum by (namespace,service,pod,pool) (increase(hikaricp_connections_timeout_total[10m])) > 0',
    for: '0m',
    threshold: 'any in 10m',
    evidence:
      'source: micrometer 22207bf binders + PrometheusNamingConvention; HikariCP MicrometerMetricsTracker; spring-framework DefaultServerRequestObservationConvention',
    runbook: [
      'Each one was a failed request. Look at HikariPoolExhausted of the same pool.',
      'If pending is zero, the database refuses connections: see PostgresConnectionsHigh and PostgresDown.',
      'Roll back the last release of the service if the pool has been exhausted since it.',
    ],
    fires: [
      {
        minute: 16,
        labels: [{ namespace: 'shop', pod: 'orders-1', pool: 'main', service: 'orders' }],
        series: [
          [
            'hikaricp_connections_timeout_total{namespace="shop",service="orders",job="orders",pod="orders-1",pool="main"}',
            '0x15 3x40',
          ],
        ],
      },
    ],
    quiet: [
      {
        from: 0,
        series: [
          [
            'hikaricp_connections_timeout_total{namespace="shop",service="orders",job="orders",pod="orders-1",pool="main"}',
            '3x60',
          ],
        ],
      },
    ],
  },
  {
    alert: 'MongoDriverPoolExhausted',
    signal: 'operations waiting for a pooled connection',
    kind: 'saturation',
    severity: 'critical',
    exporter: 'micrometer_clients',
    actor: 'service',
    row: 'full',
    why: "Distinguishes 'our pool is too small' from 'the database is slow'.",
    expr: promql`
        max by (namespace,service,pod,server_address) (min_over_time(mongodb_driver_pool_waitqueuesize[2m])) > 0
      `,
    for: '1m',
    threshold: 'queue >0 for 3m',
    evidence:
      'recorded: a pool of two, eight reads, a database that hangs: 7 wait, one of them for a connection that is being opened',
    runbook: [
      'Look at MongoOpLatencyHigh and MongoOperationsQueued: a slow database empties every pool.',
      'If MongoDB is quick, a code path holds cursors: roll back the last release.',
      "Raise maxPoolSize only after counting pods x pool against the server's connections.",
    ],
    fires: [
      {
        minute: 1,
        labels: [{ namespace: 'shop', pod: 'orders-1', server_address: 'm:27017', service: 'orders' }],
        series: [
          [
            'mongodb_driver_pool_waitqueuesize{namespace="shop",service="orders",job="orders",pod="orders-1",server_address="m:27017"}',
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
            'mongodb_driver_pool_waitqueuesize{namespace="shop",service="orders",job="orders",pod="orders-1",server_address="m:27017"}',
            '0 4 4 0 4 4 0 4 4 0 4 4 0 4 4 0 4 4 0 4 4 0 4 4 0x20',
          ],
        ],
      },
    ],
  },
  {
    alert: 'MongoDriverCheckoutFailed',
    signal: 'failed connection checkouts',
    kind: 'symptom',
    severity: 'critical',
    exporter: 'micrometer_clients',
    actor: 'service',
    row: 'up',
    why: 'An operation found a member but no connection to it in time: its request failed. A database that is gone does not show here: the driver then finds no member, before it asks a pool (recorded); MongoDown, MongoNoPrimary and the service’s own errors tell.',
    expr: promql`
        sum by (namespace,service,pod,server_address) (increase(mongodb_driver_pool_checkoutfailed_total[10m])) > 0
      `,
    for: '0m',
    threshold: 'any in 10m',
    evidence:
      'recorded: 6 of 8 reads give up after waitQueueTimeoutMS while the database hangs; with the database killed, 5 failed reads add none, and mongodb_driver_pool_size falls to 0',
    runbook: [
      'The label server_address names the member, which was up: is it slow or does it hang (MongoOpLatencyHigh), is the pool too small (MongoDriverPoolExhausted)?',
      'Only one pod affected: its network or DNS; delete it.',
      'All pods affected: the database is the incident, follow its alert.',
    ],
    fires: [
      {
        minute: 16,
        labels: [{ namespace: 'shop', pod: 'orders-1', server_address: 'm:27017', service: 'orders' }],
        series: [
          [
            'mongodb_driver_pool_checkoutfailed_total{namespace="shop",service="orders",job="orders",pod="orders-1",server_address="m:27017"}',
            '0x15 2x40',
          ],
        ],
      },
    ],
    quiet: [
      {
        from: 0,
        series: [
          [
            'mongodb_driver_pool_checkoutfailed_total{namespace="shop",service="orders",job="orders",pod="orders-1",server_address="m:27017"}',
            '2x60',
          ],
        ],
      },
    ],
  },
  {
    alert: 'MongoDriverDisconnected',
    signal: 'connections that a pod has to MongoDB',
    kind: 'cause',
    severity: 'warning',
    exporter: 'micrometer_clients',
    actor: 'service',
    row: 'cause',
    why: 'A pod that had connections has none to any member, and cannot get one. Its errors say that something fails, and MongoDown and MongoNoPrimary are quiet if the database is well: then it is what lies between, or how the pod signs in.',
    expr: promql`
        sum by (namespace,service,pod) (mongodb_driver_pool_size) == 0
        and on (namespace,service,pod) sum by (namespace,service,pod) (max_over_time(mongodb_driver_pool_size[6h])) > 0
      `,
    for: '5m',
    threshold: 'none for 5m, some in the last 6 h',
    evidence:
      'recorded: mongodb_driver_pool_size falls to 0 when the database is gone, and no checkout fails; a pool keeps its idle connections (maxIdleTimeMS, minPoolSize are as the driver has them)',
    runbook: [
      'MongoDown or MongoNoPrimary fires, or all services have it: the database is the incident, follow that alert.',
      'Only this service: its NetworkPolicy, the password in its secret, the authority that it trusts. Its log has the reason after `MongoSocketOpenException` or `MongoSecurityException`.',
      'Only one pod: delete it.',
    ],
    fires: [
      {
        minute: 15,
        labels: [{ namespace: 'shop', pod: 'orders-1', service: 'orders' }],
        series: [
          [
            'mongodb_driver_pool_size{namespace="shop",service="orders",job="orders",pod="orders-1",server_address="m-1:27017"}',
            '4x9 0x40',
          ],
          [
            'mongodb_driver_pool_size{namespace="shop",service="orders",job="orders",pod="orders-1",server_address="m-2:27017"}',
            '0x50',
          ],
        ],
      },
    ],
    quiet: [
      {
        // Reads and writes go to the primary: the pool of a secondary stays empty.
        from: 0,
        series: [
          [
            'mongodb_driver_pool_size{namespace="shop",service="orders",job="orders",pod="orders-1",server_address="m-1:27017"}',
            '4x40',
          ],
          [
            'mongodb_driver_pool_size{namespace="shop",service="orders",job="orders",pod="orders-1",server_address="m-2:27017"}',
            '0x40',
          ],
        ],
      },
      {
        // A pod that has not asked for anything yet.
        from: 0,
        series: [
          [
            'mongodb_driver_pool_size{namespace="shop",service="orders",job="orders",pod="orders-1",server_address="m-1:27017"}',
            '0x40',
          ],
        ],
      },
    ],
  },
];
