/**
 * How many series an exporter has, as a formula: a fixed part, and a part for each thing that it tells of (a route, a partition, a pod).
 *
 * Both parts are counted in a recording. A thing is told from another by labels; labels that grow together are one unit, and a series
 * with growing labels that no unit has together is an error: that is how a product of two labels is noticed.
 */
import type { Exposition, Sample } from './exposition';

export interface Unit {
  /** What is counted, in the plural: partitions, pods. */
  readonly name: string;
  /** The labels whose values tell one from another. */
  readonly by: readonly string[];
  /** The metrics in which these labels grow; all, if none is given. */
  readonly of?: RegExp;
}

export interface Formula {
  /** Series of a scrape that are there with no unit at all. */
  readonly fixed: number;
  /** Series that one more unit adds, by its name: those of the fullest one that was recorded. */
  readonly per: Readonly<Record<string, number>>;
}

/** A series' own name: an empty label is no label. */
export function seriesKey({ metric, labels }: Sample): string {
  const pairs = [...labels].filter(([, value]) => value !== '').map(([name, value]) => `${name}="${value}"`);
  return `${metric}{${pairs.sort().join()}}`;
}

export const everySample = (exposition: Exposition): readonly Sample[] => [...exposition.samples.values()].flat();

/**
 * The unit to which a series belongs, and which of them; nothing for a series of the fixed part.
 * @throws if its growing labels are no unit's: two things multiply and nobody has said so
 */
export function seriesUnit(sample: Sample, units: readonly Unit[]): { unit: Unit; one: string } | undefined {
  const able = units.filter(({ of }) => of?.test(sample.metric) ?? true);
  const growing = new Set(able.flatMap(({ by }) => by).filter((label) => (sample.labels.get(label) ?? '') !== ''));
  if (growing.size === 0) return undefined;
  const [unit] = able
    .filter(({ by }) => [...growing].every((label) => by.includes(label)))
    .sort((one, other) => one.by.length - other.by.length);
  if (unit === undefined) {
    throw new Error(
      `${seriesKey(sample)}: no unit has ${[...growing].join(' and ')} together, so they multiply unnoticed`,
    );
  }
  return { unit, one: unit.by.map((label) => sample.labels.get(label) ?? '').join('\u0000') };
}

/** The series of each unit: by the unit's name, then by which one. */
export function instances(
  samples: readonly Sample[],
  units: readonly Unit[],
): { readonly fixed: readonly Sample[]; readonly of: ReadonlyMap<string, ReadonlyMap<string, readonly Sample[]>> } {
  const fixed: Sample[] = [];
  const of = new Map(units.map(({ name }) => [name, new Map<string, Sample[]>()]));
  for (const sample of new Map(samples.map((one) => [seriesKey(one), one])).values()) {
    const found = seriesUnit(sample, units);
    const ones = found === undefined ? undefined : of.get(found.unit.name)!;
    if (ones === undefined) fixed.push(sample);
    else ones.set(found!.one, [...(ones.get(found!.one) ?? []), sample]);
  }
  return { fixed, of };
}

/** @param recordings states of one exporter; each part is that of the fullest state */
export function formulaOf(recordings: readonly Exposition[], units: readonly Unit[]): Formula {
  const counted = recordings.map((one) => instances(everySample(one), units));
  const most = (counts: readonly number[]): number => Math.max(0, ...counts);
  return {
    fixed: most(counted.map(({ fixed }) => fixed.length)),
    per: Object.fromEntries(
      units.map(({ name }) => [
        name,
        most(counted.flatMap(({ of }) => [...of.get(name)!.values()].map((series) => series.length))),
      ]),
    ),
  };
}

/** Series of one scrape with so many of each unit. */
export function seriesAt({ fixed, per }: Formula, sizes: Readonly<Record<string, number>>): number {
  return Object.entries(per).reduce((sum, [name, each]) => sum + each * (sizes[name] ?? 0), fixed);
}

/**
 * The recordings of Kubernetes and Argo CD were taken without the buckets of histograms (lab/expositions/kubernetes): they are put
 * back, so many a histogram.
 */
export function withBuckets(exposition: Exposition, buckets: number): Exposition {
  const samples = new Map(exposition.samples);
  for (const [family, type] of exposition.types) {
    const bucket = `${family}_bucket`;
    if (type !== 'histogram' || samples.has(bucket)) continue;
    const counts = samples.get(`${family}_count`) ?? [];
    const bounds = Array.from({ length: buckets }, (_, index) => `${index + 1}`);
    samples.set(
      bucket,
      counts.flatMap(({ labels }) =>
        bounds.map((le) => ({ metric: bucket, labels: new Map([...labels, ['le', le]]), value: 0 })),
      ),
    );
  }
  return { samples, types: exposition.types };
}
