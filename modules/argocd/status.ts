/** What Applications say about themselves, as a person asks: where are we, and what holds us up. Pure. */
import { type Application, inWaves, isCurrent, waveOf } from './application';
import type { LiveObject } from './live-object';
import { firstUnready } from './unready';

/** A line of `cimiento gitops status`; programs read it too. */
export interface ApplicationStatus {
  readonly name: string;
  /** Undefined for the root, which sits in no wave. */
  readonly wave: number | undefined;
  readonly sync: string;
  readonly health: string;
  readonly revision: string | undefined;
  /** What keeps it from being Synced and Healthy, with its message; undefined when nothing does. */
  readonly blockedBy: string | undefined;
}

/**
 * Root first, then by wave and name.
 *
 * @param live what each Application has deployed, by the Application's name: since Argo CD 3.0 the Application itself no longer says
 *   which of its resources is not healthy
 */
export function statusOf(
  applications: readonly Application[],
  live: ReadonlyMap<string, readonly LiveObject[]> = new Map(),
): ApplicationStatus[] {
  return inWaves(applications).map((application) => {
    const { metadata, status } = application;
    return {
      name: metadata.name,
      wave: waveOf(application),
      sync: status?.sync?.status ?? 'Unknown',
      health: status?.health?.status ?? 'Unknown',
      revision: status?.sync?.revision,
      blockedBy: blockedBy(application, live.get(metadata.name) ?? []),
    };
  });
}

/** Whether its own resources are what it waits for: then their objects tell more than it does. */
export function waitsForResources({ status }: Application): boolean {
  return status?.health !== undefined && status.health.status !== 'Healthy';
}

function blockedBy(application: Application, live: readonly LiveObject[]): string | undefined {
  const { metadata, status, operation } = application;
  if (metadata.deletionTimestamp !== undefined) return 'it is being deleted';
  if (status?.sync === undefined || status.health === undefined) return 'Argo CD has not looked at it yet';
  const { sync, health, conditions = [], operationState } = status;
  const running = operationState?.phase === 'Running' || operationState?.phase === 'Terminating';
  if (sync.status === 'Synced' && health.status === 'Healthy') {
    if (!isCurrent(application)) return 'Argo CD has not looked at its newest source yet';
    if (operation === undefined && !running) return undefined;
  }
  // That a sync failed is said of the Application as well (SyncError); the resource tells more.
  const error = (but: string) => conditions.find(({ type = '' }) => type.endsWith('Error') && type !== but);
  const refused = error('SyncError');
  if (refused !== undefined) return `${refused.type}: ${refused.message ?? 'no message'}`;
  const failed = operationState?.syncResult?.resources?.find((resource) => resource.status === 'SyncFailed');
  if (failed !== undefined && sync.status !== 'Synced') {
    const place = failed.namespace === undefined || failed.namespace === '' ? '' : `${failed.namespace}/`;
    return `${failed.kind} ${place}${failed.name}: ${failed.message ?? 'could not be applied'}`;
  }
  const last = error('');
  if (last !== undefined) return `${last.type}: ${last.message ?? 'no message'}`;
  const unready = waitsForResources(application) ? firstUnready(live) : undefined;
  if (unready !== undefined) return unready;
  if (operationState !== undefined && operationState.phase !== 'Succeeded') {
    return `sync ${operationState.phase}: ${operationState.message ?? 'no message'}`;
  }
  if (operation !== undefined) return 'a sync is requested';
  if (sync.status !== 'Synced') return 'git and the cluster differ, no sync has begun';
  return health.message ?? `${health.status}, without a message`;
}
