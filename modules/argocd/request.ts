/** What is written on Applications to make Argo CD act: it takes up `operation` and the refresh annotation by itself (ADR 2). Pure. */
import { APPLICATION, type Application, ARGOCD_NAMESPACE, isCurrent, ROOT } from './application';
import type { Manifest } from './cluster';

export type Request = 'sync' | 'refresh' | 'end';

const REFRESH = 'argocd.argoproj.io/refresh';

/**
 * What a person means by "sync now", for one Application; undefined: leave it alone.
 *
 * - A sync of what the spec no longer names is ended: its retries would apply it again and again (Argo CD 3.2.11 keeps the source that
 *   an operation began with). With `anew` any sync is ended: it may be waiting for what will never come.
 * - What failed is synced: Argo CD does not try a commit again by itself.
 * - What is OutOfSync after a sync that went well is compared anew: a controller that dies between the two leaves it so until the verdict
 *   expires (a minute with our settings).
 * - The root is compared with git, which syncs by itself when git has moved; its children follow it.
 */
export function requestFor(application: Application, anew: boolean): Request | undefined {
  const { operation, status, metadata } = application;
  const phase = status?.operationState?.phase;
  if (phase === 'Running') {
    const { operation: begun, syncResult } = status?.operationState ?? {};
    // A sync that names no source, such as ours, took the spec's as it began.
    const begunWith = begun?.sync?.source ?? syncResult?.source;
    if (anew || (begunWith !== undefined && !isCurrent(application, begunWith))) return 'end';
  } else if (operation === undefined && status?.sync?.status === 'OutOfSync') {
    if (phase === 'Failed' || phase === 'Error') return 'sync';
    if (phase === 'Succeeded') return 'refresh';
  }
  return metadata.name === ROOT ? 'refresh' : undefined;
}

/** The fields to merge into the Application. */
export function written(request: Request, { metadata: { name }, spec }: Application): Manifest {
  const annotations = { [REFRESH]: 'normal' };
  const base = { ...APPLICATION, metadata: { name, namespace: ARGOCD_NAMESPACE, annotations } };
  if (request === 'end') return { ...base, status: { operationState: { phase: 'Terminating' } } };
  if (request === 'refresh') return base;
  return {
    ...base,
    operation: {
      initiatedBy: { username: 'cimiento' },
      // No revision: what the spec says, at its newest commit.
      sync: { prune: true, syncStrategy: { hook: {} }, syncOptions: spec?.syncPolicy?.syncOptions ?? [] },
      ...(spec?.syncPolicy?.retry && { retry: spec.syncPolicy.retry }),
    },
  };
}
