/** Readers of single values that have no file of their own: words and forms that only platform.yaml knows. */
import { mapping, otherKind, readText, Refused } from './leaf';
import type { Read } from './leaf';
import { bucket, label, LABEL_LIMIT } from './names';
import { KUBERNETES_SEGMENT } from './platform';
import type { StateBackend } from './platform';
import { show } from './problems';

export const segment = (value: unknown): string => {
  const name = label('a segment name', 'production', LABEL_LIMIT)(value);
  if (name === KUBERNETES_SEGMENT)
    throw new Refused('kubernetes is the name of the Kubernetes block itself', 'choose another name for the segment');
  return name;
};

export const state: Read<StateBackend> = (value) => {
  if (value === 'local') return { kind: 'local' };
  if (typeof value === 'string')
    throw new Refused(`${show(value)} is no state backend`, 'write local or { s3: my-bucket }');
  const { s3 } = mapping(value, ['s3'], 'a state backend', 'local or { s3: my-bucket }');
  return { kind: 's3', bucket: bucket(s3) };
};

/** A major version of PostgreSQL, as it is written: the platform holds a number, and `017` or `17.0` would become one unsaid. */
export const postgresMajor = (value: unknown): string => {
  const version = readText(value, 'a version', '17');
  if (String(Number(version)) === version) return version;
  const meant = /^\s*v?0*([1-9]\d*)/.exec(version)?.[1];
  throw new Refused(
    `${show(version)} is not a major version of PostgreSQL`,
    meant === undefined ? 'write it like 17' : `did you mean ${meant}?`,
  );
};

export const zoneLetter = (value: unknown): number => {
  const letter = readText(value, 'a zone letter', 'a');
  const index = 'abcdef'.indexOf(letter);
  if (letter.length !== 1 || index < 0)
    throw new Refused(
      `${show(letter)} is not a zone letter`,
      'write a for the first zone, b for the second, c for the third',
    );
  return index;
};

export const isoDate = (value: unknown): string => {
  const date = readText(value, 'a date', '2027-03-31');
  const parsed = /^\d{4}-\d{2}-\d{2}$/.test(date) ? new Date(`${date}T00:00:00Z`) : undefined;
  if (parsed === undefined || Number.isNaN(parsed.getTime()) || parsed.toISOString().slice(0, 10) !== date) {
    throw new Refused(`${show(date)} is not a date`, 'write it like 2027-03-31');
  }
  return date;
};

export const reason = (value: unknown): string => {
  const given = readText(value, 'a reason', 'test data only, ticket 123');
  if (given.trim().length < 10)
    throw new Refused(`${show(given)} explains nothing`, 'say in a sentence why the finding is accepted');
  return given.trim();
};

export function flag(value: unknown): boolean {
  if (typeof value === 'boolean') return value;
  if (typeof value === 'string' && /^(yes|no|on|off|y|n)$/i.test(value)) {
    throw new Refused(`${value} is text in YAML 1.2`, `did you mean ${/^(y|on)/i.test(value)}?`);
  }
  throw otherKind(value, 'true or false', 'true');
}
