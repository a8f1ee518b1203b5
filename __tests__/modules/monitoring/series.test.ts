/** The series of every exporter, grown: its recording with n and 10 n of each unit has as many series as the formula says. */
import {
  closedLabels,
  describingLabels,
  everySample,
  formulaOf,
  instances,
  jobsOf,
  seriesAt,
  seriesKey,
  seriesUnit,
  type Exposition,
  type Job,
  type Unit,
} from '../../../modules/monitoring';
import { parseExposition } from '../../../modules/monitoring/exposition';
import { measuredFormula, statesOf } from '../../../scripts/monitoring/recordings';

type Sample = ReturnType<typeof everySample>[number];

const jobs = jobsOf({ kubernetesNodes: 3, kafkaNodes: 3, mongodbNodes: 3, serviceNodes: 4, managedKafka: true });
const named = jobs.map((job) => [job.name, job] as const);

/** As a program would write it, and read back: what is counted is text. */
function written(samples: readonly Sample[]): Exposition {
  const text = samples.map(({ metric, labels, value }) => {
    const pairs = [...labels].map(([name, one]) => `${name}="${one}"`).join();
    return `${metric}{${pairs}} ${value}`;
  });
  return parseExposition([text.join('\n')]);
}

const distinct = (exposition: Exposition): number => new Set(everySample(exposition).map(seriesKey)).size;

const renamed = (sample: Sample, labels: readonly string[], suffix: string): Sample => ({
  ...sample,
  labels: new Map([...sample.labels].map(([name, value]) => [name, labels.includes(name) ? value + suffix : value])),
});

/** The fullest state's fixed part, and `n` times the fullest one of each unit. */
function grown(job: Job, n: number): Exposition {
  const states = statesOf(job).map((one) => instances(everySample(one), job.units));
  const fullest = (lists: readonly (readonly Sample[])[]): readonly Sample[] =>
    lists.reduce((most, one) => (one.length > most.length ? one : most), []);
  const units = job.units.flatMap(({ name, by }) => {
    const one = fullest(states.flatMap(({ of }) => [...of.get(name)!.values()]));
    return Array.from({ length: n }, (_, index) => one.map((sample) => renamed(sample, by, `-${index}`))).flat();
  });
  return written([...fullest(states.map(({ fixed }) => fixed)), ...units]);
}

const each = (job: Job, size: number): Record<string, number> =>
  Object.fromEntries(job.units.map(({ name }) => [name, size]));

/** How many of each unit there are. */
const population = (exposition: Exposition, units: readonly Unit[]): Record<string, number> =>
  Object.fromEntries([...instances(everySample(exposition), units).of].map(([name, ones]) => [name, ones.size]));

describe.each(named)('%s', (_, job) => {
  const formula = measuredFormula(job);

  test('every unit was recorded', () => {
    expect(Object.entries(formula.per).filter(([, series]) => series === 0)).toEqual([]);
  });

  test.each([1, 3, 30])('has the series of the formula with %i of each unit', (n) => {
    expect(distinct(grown(job, n))).toBe(seriesAt(formula, each(job, n)));
  });

  test('grows by each label alone in a straight line: ten times its values, ten times the series that have it, no more', () => {
    for (const state of statesOf(job)) {
      for (const label of new Set(job.units.flatMap(({ by }) => by))) {
        const samples = everySample(state);
        const having = samples.filter((one) => seriesUnit(one, job.units)?.unit.by.includes(label));
        const carrying = new Set(having.filter((one) => (one.labels.get(label) ?? '') !== '').map(seriesKey)).size;
        const clones = Array.from({ length: 9 }, (__, index) =>
          having.map((one) => ((one.labels.get(label) ?? '') === '' ? one : renamed(one, [label], `-${index}`))),
        ).flat();
        const larger = written([...samples, ...clones]);
        expect([label, distinct(larger)]).toEqual([label, distinct(state) + 9 * carrying]);
        expect(distinct(larger)).toBeLessThanOrEqual(seriesAt(formula, population(larger, job.units)));
      }
    }
  });

  test('has no label that nobody has judged', () => {
    const judged = new Set([...closedLabels(job), ...job.units.flatMap(({ by }) => by)]);
    const labels = new Set(
      statesOf(job).flatMap((one) => everySample(one).flatMap((sample) => [...sample.labels.keys()])),
    );
    expect([...labels].filter((label) => !judged.has(label))).toEqual([]);
  });

  test('labels that describe have one value for each unit: without them there are as many series', () => {
    for (const state of statesOf(job)) {
      for (const label of describingLabels(job)) {
        const without = everySample(state).map((sample) => {
          const grows = job.units.some(({ by, of }) => by.includes(label) && (of?.test(sample.metric) ?? true));
          const labels = [...sample.labels].filter(([name]) => grows || name !== label);
          return { ...sample, labels: new Map(labels) };
        });
        expect([label, new Set(without.map(seriesKey)).size]).toEqual([label, distinct(state)]);
      }
    }
  });

  test('no label takes what has no end: ids of requests, addresses of clients, raw paths', () => {
    const endless =
      /^(request_?id|trace_?id|span_?id|session(_?id)?|user(_?(id|agent))?|email|client_?(ip|address)|remote_?addr|query|url)$/i;
    const raw = /^\/.*(\?|\/\d+(\/|$)|[0-9a-f]{8}-[0-9a-f]{4}-)/;
    const paths = ['route', 'uri', 'handler', 'path', 'url_path'];
    const found = statesOf(job)
      .flatMap((one) => everySample(one))
      .flatMap(({ labels }) => [...labels])
      .filter(([label, value]) => endless.test(label) || (paths.includes(label) && raw.test(value)));
    expect(found).toEqual([]);
  });
});

describe('a product of two labels', () => {
  const units: readonly Unit[] = [
    { name: 'routes', by: ['route'] },
    { name: 'tenants', by: ['tenant'] },
  ];
  const text = (tenants: number): string =>
    ['a', 'b']
      .flatMap((route) => Array.from({ length: tenants }, (_, index) => `x{route="${route}",tenant="${index}"} 1`))
      .join('\n');

  test('that no unit has is refused', () => {
    expect(() => formulaOf([parseExposition([text(3)])], units)).toThrow(
      'x{route="a",tenant="0"}: no unit has route and tenant together, so they multiply unnoticed',
    );
  });
  test('that is a unit is counted as one', () => {
    const both = { name: 'tenants of a route', by: ['route', 'tenant'] };
    expect(formulaOf([parseExposition([text(3)])], [...units, both]).per).toEqual({
      routes: 0,
      tenants: 0,
      'tenants of a route': 1,
    });
    expect(population(parseExposition([text(30)]), [...units, both])).toMatchObject({ 'tenants of a route': 60 });
  });
});
