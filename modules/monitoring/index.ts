/**
 * One catalogue of signals, from which everything about monitoring is made: rules, routing, dashboards, runbooks, tests.
 *
 * A signal says what it watches, why, at which threshold, what a person does, and carries the series under which it must fire
 * and must stay quiet. Nothing here touches a disk: scripts write the files, and a test refuses stale ones.
 */
export { alertmanagerConfig, INHIBITIONS } from './alertmanager';
export { componentDashboard, overviewDashboard } from './dashboards';
export {
  allowancesOf,
  BUCKETS,
  BYTES_PER_SERIES,
  CHURN,
  closedLabels,
  describingLabels,
  IDLE_BYTES,
  jobsOf,
  LIMIT_MULTIPLE,
  memoryOf,
  OF_A_SCRAPE,
  sampleLimit,
  scrapeOf,
  seriesOf,
  TENFOLD,
  WHOLE,
  type Job,
  type PlatformSize,
} from './budget';
export { drawn, measured, unitOf } from './measured';
export { EXPORTERS, type Exporter, type ExporterName } from './exporters';
export { parseExposition, strayLine, type Exposition } from './exposition';
export { LINES_UID, linesDashboard } from './lines-dashboard';
export { liveness, type Liveness, type Verdict } from './liveness';
export { mutantsOf, type Mutant } from './mutants';
export { groupingLabels, metricNames, selectors, syntaxError } from './promql';
export { promtoolTest, samples, type PromtoolTest } from './promtool';
export { prometheusRules, ruleOf } from './rules';
export { runbookPage, runbooksIndex, runbookUrl } from './runbooks';
export {
  everySample,
  formulaOf,
  instances,
  seriesAt,
  seriesKey,
  seriesUnit,
  withBuckets,
  type Formula,
  type Unit,
} from './series';
export { expand, sparkline } from './sparkline';
export type { Component, Signal, Severity } from './signal';
export { inDialect, type KafkaEngine } from './kafka-dialect';
export { CATALOGUE, catalogueFor, SIGNALS, type ComponentSignals } from './signals';
export {
  CONTROL,
  FAULTS,
  notation,
  quietWeek,
  seriesName,
  TICKETS,
  WEEK,
  WRITTEN_BY_HAND,
  type PlannedFault,
  type Trace,
} from './quiet-week';
export { CONCERNED, RECORDED, RECORDED_FAULTS, recordedSeries, type RecordedFault } from './recorded-faults';
export { compareExpositions, type Casualty, type UpgradeReport } from './upgrade';
