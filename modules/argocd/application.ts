/** argoproj.io/v1alpha1 Application as it is read: of what the cluster holds, anything may be absent. */
import type { IApplication } from '@kubernetes-models/argo-cd/argoproj.io/v1alpha1';

type Partly<T> = T extends readonly (infer Item)[]
  ? readonly Partly<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]?: Partly<T[Key]> }
    : T;

export type Application = Partly<Pick<IApplication, 'spec' | 'status' | 'operation'>> & {
  readonly metadata: {
    readonly name: string;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly deletionTimestamp?: string | Date;
  };
};

/** Where Argo CD and every Application live (gitops/bootstrap). */
export const ARGOCD_NAMESPACE = 'argocd';
export const APPLICATION = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Application' } as const;
/** The Application that gitops/bootstrap makes, and whose children all others are. */
export const ROOT = 'root';

const WAVE = 'argocd.argoproj.io/sync-wave';

/** Undefined for the root, which sits in no wave. */
export function waveOf({ metadata }: Application): number | undefined {
  const wave = metadata.annotations?.[WAVE];
  return wave === undefined ? undefined : Number(wave);
}

/** Root first, then by wave and name. */
export function inWaves(applications: readonly Application[]): Application[] {
  return [...applications].sort(
    (one, other) =>
      (waveOf(one) ?? -Infinity) - (waveOf(other) ?? -Infinity) || (one.metadata.name < other.metadata.name ? -1 : 1),
  );
}

/**
 * Whether what `status` says was found out about the source that `spec` names now. Argo CD writes the two apart, so after a push an
 * Application says Synced and Healthy of the commit before (argo-cd#29649); gitops/argocd/health/argoproj.io_Application.lua asks
 * the same for the sake of waves.
 *
 * @param source another source to hold against the spec, such as that of a sync under way
 */
export function isCurrent({ spec, status }: Application, source: unknown = status?.sync?.comparedTo?.source): boolean {
  return same(source, spec?.source);
}

/** A comparison leaves out what is empty or false; the spec may spell it out. Helm's values are taken literally. */
function same(one: unknown, other: unknown, literally = false): boolean {
  if (!literally && absent(one) && absent(other)) return true;
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return one === other;
  const keys = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...keys].every((key) =>
    same(one[key as keyof typeof one], other[key as keyof typeof other], literally || key === 'valuesObject'),
  );
}

function absent(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return value === undefined || value === false || value === '';
  return Object.values(value).every(absent);
}
