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
} from '../../modules/monitoring';

export const RECORDINGS = join(__dirname, '../../lab/expositions/recordings');

const read = new Map<ExporterName, Exposition | undefined>();

/** All states of an exporter together; nothing when none of its recordings is there. */
export function recordingOf(name: ExporterName): Exposition | undefined {
  if (!read.has(name)) read.set(name, parsed(name));
  return read.get(name);
}

function parsed(name: ExporterName): Exposition | undefined {
  const exporter: Exporter = EXPORTERS[name];
  const files = exporter.recordings.map((file) => join(RECORDINGS, file)).filter((file) => existsSync(file));
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
