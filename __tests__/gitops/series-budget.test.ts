/** Prometheus has memory for what it is to hold, and refuses what nobody has planned for. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import {
  allowancesOf,
  jobsOf,
  memoryOf,
  sampleLimit,
  seriesOf,
  SIGNALS,
  TENFOLD,
  WHOLE,
} from '../../modules/monitoring';
import { measuredFormula, recordingOf } from '../../scripts/monitoring/recordings';
import { platformSize, wholeAt } from '../../scripts/series-budget';
import { rendered, ROOT } from './render';

const size = platformSize();
const jobs = jobsOf(size);
const either = [
  ...new Map(
    [false, true]
      .flatMap((managedKafka) => jobsOf({ ...size, managedKafka }).filter(({ targets }) => targets > 0))
      .map((job) => [job.name, job]),
  ).values(),
];
const limitOf = (name: string): number => {
  const job = jobs.find((one) => one.name === name)!;
  return sampleLimit(job, measuredFormula(job), allowancesOf(size));
};

test.each(either.map((job) => [job.name, job] as const))('%s is below its ceiling at ten times the size', (_, job) => {
  expect(seriesOf(job, measuredFormula(job), TENFOLD)).toBeLessThanOrEqual(job.ceiling);
});

test.each([
  ['own brokers, the platform as it is', false, 1, WHOLE.once],
  ['own brokers, ten times it', false, TENFOLD, WHOLE.tenfold],
  ['Amazon MSK, the platform as it is', true, 1, WHOLE.once],
  ['Amazon MSK, ten times it', true, TENFOLD, WHOLE.tenfold],
])('all series are below the ceiling of the whole: %s', (_, managedKafka, times, ceiling) => {
  const { measured, allowed } = wholeAt({ ...size, managedKafka }, times);
  expect(measured + allowed).toBeLessThanOrEqual(ceiling);
});

test("Prometheus' memory limit on EKS holds the ceiling", () => {
  const overlay = parse(readFileSync(join(ROOT, 'gitops/root/overlays/eks.yaml'), 'utf8'));
  const limit: string = overlay.overrides['kube-prometheus-stack'].prometheus.prometheusSpec.resources.limits.memory;
  expect(limit).toMatch(/^\d+Gi$/);
  expect(memoryOf(WHOLE.once)).toBeLessThanOrEqual(parseInt(limit, 10) * 1024 ** 3);
});

test('every monitor of ours refuses a scrape at the multiple of the budget that the page says', () => {
  const monitors = rendered('eks')
    .map(({ manifest }) => manifest)
    .filter(({ kind }) => ['ServiceMonitor', 'PodMonitor', 'ScrapeConfig'].includes(kind));
  expect(Object.fromEntries(monitors.map(({ metadata, spec }) => [metadata.name, spec.sampleLimit]))).toEqual({
    'hello-api': Math.max(limitOf('hello-api, app-metrics'), limitOf('hello-api, edge-metrics')),
    'log-collector': limitOf('log-collector'),
    kafka: Math.max(limitOf('kafka (own brokers)'), limitOf('kafka (Amazon MSK)')),
    mongodb: limitOf('mongodb'),
    node: limitOf('node (Kafka, MongoDB)'),
    'service-nodes': limitOf('service-nodes'),
  });
});

test('what is allowed for beside a job is beside one that there is', () => {
  const beside = allowancesOf(size).flatMap(({ of }) => of ?? []);
  expect(jobs.map(({ name }) => name)).toEqual(expect.arrayContaining(beside));
  expect(beside).not.toEqual([]);
});

test('a refused scrape is a target that is down, which is told; Prometheus counts why', () => {
  expect(SIGNALS.find(({ alert }) => alert === 'TargetScrapeFailing')!.expr).toMatch(/\bup == bool 0\b/);
  expect(recordingOf('prometheus')!.samples.get('prometheus_target_scrapes_exceeded_sample_limit_total')).toHaveLength(
    1,
  );
});
