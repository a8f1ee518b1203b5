/** What Applications say about themselves, as a person asks: where are we, and what holds us up. Pure. */

const WAVE = 'argocd.argoproj.io/sync-wave';

interface Condition {
  readonly type: string;
  readonly message?: string;
}

interface SyncedResource {
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
  readonly status?: string;
  readonly message?: string;
}

/** The parts of argoproj.io/v1alpha1 Application that are read. */
export interface Application {
  readonly metadata: { readonly name: string; readonly annotations?: Readonly<Record<string, string>> };
  readonly status?: {
    readonly sync?: { readonly status: string; readonly revision?: string };
    readonly health?: { readonly status: string; readonly message?: string };
    readonly conditions?: readonly Condition[];
    readonly operationState?: {
      readonly phase: string;
      readonly message?: string;
      readonly syncResult?: { readonly resources?: readonly SyncedResource[] };
    };
  };
}

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

/** Root first, then by wave and name. */
export function statusOf(applications: readonly Application[]): ApplicationStatus[] {
  return applications
    .map(({ metadata, status }) => {
      const wave = metadata.annotations?.[WAVE];
      return {
        name: metadata.name,
        wave: wave === undefined ? undefined : Number(wave),
        sync: status?.sync?.status ?? 'Unknown',
        health: status?.health?.status ?? 'Unknown',
        revision: status?.sync?.revision,
        blockedBy: blockedBy(status),
      };
    })
    .sort((one, other) => (one.wave ?? -Infinity) - (other.wave ?? -Infinity) || (one.name < other.name ? -1 : 1));
}

function blockedBy(status: Application['status']): string | undefined {
  if (status?.sync === undefined || status.health === undefined) return 'Argo CD has not looked at it yet';
  const { sync, health, conditions = [], operationState } = status;
  if (sync.status === 'Synced' && health.status === 'Healthy') return undefined;
  const refused = conditions.find(({ type }) => type.endsWith('Error'));
  if (refused !== undefined) return `${refused.type}: ${refused.message ?? 'no message'}`;
  const failed = operationState?.syncResult?.resources?.find((resource) => resource.status === 'SyncFailed');
  if (failed !== undefined) {
    const place = failed.namespace === undefined || failed.namespace === '' ? '' : `${failed.namespace}/`;
    return `${failed.kind} ${place}${failed.name}: ${failed.message ?? 'could not be applied'}`;
  }
  if (operationState !== undefined && operationState.phase !== 'Succeeded') {
    return `sync ${operationState.phase}: ${operationState.message ?? 'no message'}`;
  }
  if (sync.status !== 'Synced') return 'git and the cluster differ, no sync has begun';
  return health.message ?? `${health.status}, without a message`;
}
