/** Which metrics only grow. */
import { isCounter, type Exposition } from './exposition';
import { SIGNALS } from './signals';

/** Metrics whose growth is asked for. */
const ASKED = new Set(
  SIGNALS.flatMap(({ expr }) => [...expr.matchAll(/\b(?:rate|increase)\((\w+)/g)].map(([, metric]) => metric!)),
);

/** As its exporter says; of one that leaves it open (mongodb_exporter has no types), or was not recorded, as the rules take it. */
export function onlyGrows(metric: string, recording: Exposition | undefined): boolean {
  const type = recording?.types.get(metric);
  const open = recording?.samples.has(metric) !== true || type === 'untyped' || type === 'unknown';
  return open ? ASKED.has(metric) : isCounter(recording, metric);
}
