/** Versions that can be bought, and until when without an extra charge (data/capabilities.json, from AWS's calendars). */
import type { VersionFact } from '../spec/facts';
import capabilities from './data/capabilities.json';

/** `standardUntil` of a version whose end nobody has announced. */
export const NO_END_ANNOUNCED = '9999-12-31';

export interface EksVersionFact extends VersionFact {
  /** ISO date from which EKS upgrades the cluster by force; between the two dates an hour costs six times as much. */
  readonly extendedUntil: string;
}

/** Newest first: `1.36` before `1.9`. */
function newestFirst(a: VersionFact, b: VersionFact): number {
  const [left, right] = [a.version.split('.').map(Number), b.version.split('.').map(Number)];
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const difference = (right[i] ?? 0) - (left[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

export const EKS_VERSIONS: readonly EksVersionFact[] = Object.entries(capabilities.eks.versions)
  .map(([version, { standardUntil, extendedUntil }]) => ({ version, standardUntil, extendedUntil }))
  .sort(newestFirst);

export const POSTGRES_VERSIONS: readonly VersionFact[] = Object.entries(capabilities.rdsPostgres.majors)
  .map(([version, { standardUntil }]) => ({ version, standardUntil }))
  .sort(newestFirst);

/** `2029-10-31 (listed)` is a date with a remark. */
const isoDate = (text: string) => text.slice(0, 'yyyy-mm-dd'.length);

/** Of the keys that sign MongoDB's packages, by series. A series without one is not installed, so it is not sold here either. */
export const MONGODB_KEY_FINGERPRINT: Readonly<Record<string, string>> = {
  '7.0': 'E58830201F7DD82CD808AA84160D26BB1785BA38',
  '8.0': '4B0752C1BCA238C0B4EE14DC41DE058A4E7DCA05',
};

export const MONGODB_VERSIONS: readonly VersionFact[] = Object.entries({
  ...capabilities.mongodb.supported,
  ...capabilities.mongodb.eol,
})
  .filter(([version]) => version in capabilities.mongodb.eol || version in MONGODB_KEY_FINGERPRINT)
  .map(([version, until]) => ({ version, standardUntil: isoDate(until) }))
  .sort(newestFirst);

/** The releases Apache maintains, by minor version; Apache announces no ends, each new minor retires the fourth oldest. */
export const KAFKA_VERSIONS: readonly VersionFact[] = capabilities.apacheKafka.latest
  .map((release) => ({ version: release.split('.').slice(0, 2).join('.'), standardUntil: NO_END_ANNOUNCED }))
  .sort(newestFirst);

/** What MSK sells on standard brokers, by minor version, ZooKeeper or KRaft. */
export const MSK_VERSIONS: readonly VersionFact[] = [
  ...new Set(capabilities.msk.versionsStandard.map((version) => version.split('.').slice(0, 2).join('.'))),
]
  .map((version) => ({ version, standardUntil: NO_END_ANNOUNCED }))
  .sort(newestFirst);

/** The newest patch of an Apache Kafka minor: `4.1` → `4.1.2`; undefined when it is not maintained. */
export function kafkaRelease(minor: string): string | undefined {
  return capabilities.apacheKafka.latest.find((release) => release.startsWith(`${minor}.`));
}

/** What MSK calls a Kafka minor on standard brokers, KRaft preferred: `4.1` → `4.1.x.kraft`; undefined when not sold. */
export function mskVersion(minor: string): string | undefined {
  return (
    capabilities.msk.versionsStandard.find((version) => version === `${minor}.x.kraft`) ??
    capabilities.msk.versionsStandard.find((version) => version === `${minor}.x`)
  );
}

/** The newest patch of MongoDB seen: `8.0` → `8.0.29`; undefined for a series that is not catalogued. */
export function mongodbRelease(series: string): string | undefined {
  return (capabilities.mongodb.latest as Record<string, string>)[series];
}
