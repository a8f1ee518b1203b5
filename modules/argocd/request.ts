/** What is written on an Application to make Argo CD act: it takes up `operation` and the refresh annotation by itself (ADR 2). Pure. */
import { APPLICATION, type Application, ARGOCD_NAMESPACE } from './application';
import type { Manifest } from './cluster';

export type Request = 'sync' | 'refresh' | 'end the running sync';

const REFRESH = 'argocd.argoproj.io/refresh';

/**
 * What a person means by "sync now".
 *
 * - A sync that runs is not disturbed, unless `anew` asks to end it: it may be waiting for what will never come.
 * - What is Synced is compared with git anew, which syncs by itself when git has moved.
 * - What is not is synced: Argo CD does not try a commit again whose sync has failed.
 */
export function requestFor(root: Application, anew: boolean): Request {
  const phase = root.status?.operationState?.phase;
  if (phase === 'Running' && anew) return 'end the running sync';
  if (phase === 'Running' || root.operation !== undefined || root.status?.sync?.status === 'Synced') return 'refresh';
  return 'sync';
}

/** The fields to merge into the Application. */
export function written(request: Request, name: string): Manifest {
  const annotations = { [REFRESH]: 'normal' };
  const base = { ...APPLICATION, metadata: { name, namespace: ARGOCD_NAMESPACE, annotations } };
  if (request === 'end the running sync') return { ...base, status: { operationState: { phase: 'Terminating' } } };
  if (request === 'refresh') return base;
  return {
    ...base,
    operation: {
      initiatedBy: { username: 'cimiento' },
      // No revision: what the spec says, at its newest commit.
      sync: { prune: true, syncStrategy: { hook: {} } },
      retry: { limit: 10, backoff: { duration: '15s', factor: 2, maxDuration: '3m' } },
    },
  };
}
