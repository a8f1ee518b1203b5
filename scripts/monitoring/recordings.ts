/** What the exporters exposed, read from lab/expositions/recordings. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  EXPORTERS,
  parseExposition,
  type Exporter,
  type ExporterName,
  type Exposition,
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
