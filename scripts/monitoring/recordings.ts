/** What the exporters exposed, read from lab/expositions/recordings. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  BUCKETS,
  EXPORTERS,
  formulaOf,
  parseExposition,
  withBuckets,
  type Exporter,
  type ExporterName,
  type Exposition,
  type Formula,
  type Job,
  type Signal,
} from '../../modules/monitoring';

export const RECORDINGS = join(__dirname, '../../lab/expositions/recordings');

const read = new Map<string, Exposition | undefined>();

/** All states of an exporter together; nothing when none of its recordings is there. */
export const recordingOf = (name: ExporterName): Exposition | undefined => together([name]);

/** What a rule can see: all states of its exporter, and of the one whose metrics it holds against them. */
export const seenBy = ({ exporter, beside }: Signal): Exposition | undefined =>
  together(beside === undefined ? [exporter] : [exporter, beside]);

function together(names: readonly ExporterName[]): Exposition | undefined {
  const key = names.join();
  if (!read.has(key)) read.set(key, parsed(names));
  return read.get(key);
}

function parsed(names: readonly ExporterName[]): Exposition | undefined {
  const files = names
    .flatMap((name): readonly string[] => EXPORTERS[name].recordings)
    .map((file) => join(RECORDINGS, file))
    .filter((file) => existsSync(file));
  return files.length === 0 ? undefined : parseExposition(files.map((file) => readFileSync(file, 'utf8')));
}

/** What a job exposes, a state at a time, with the buckets that its recording was spared. */
export function statesOf({ exporter, recording }: Job): readonly Exposition[] {
  const { recordings }: Exporter = EXPORTERS[exporter];
  return recordings
    .filter((file) => recording === undefined || file === recording)
    .map((file) => withBuckets(parseExposition([readFileSync(join(RECORDINGS, file), 'utf8')]), BUCKETS));
}

export const measuredFormula = (job: Job): Formula => formulaOf(statesOf(job), job.units);
