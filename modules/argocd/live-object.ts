/** An object of Kubernetes as it was read, whatever its kind: anything may be absent. Pure. */

export interface LiveObject {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata?: {
    readonly name?: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly finalizers?: readonly string[];
    readonly deletionTimestamp?: string | Date;
  };
  readonly spec?: unknown;
  readonly status?: unknown;
}

/** What an object says of itself, by type. */
export interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
}

/** `Service monitoring/grafana`. */
export function nameOf({ kind, metadata }: LiveObject): string {
  const place = metadata?.namespace === undefined ? '' : `${metadata.namespace}/`;
  return `${kind ?? 'object'} ${place}${metadata?.name ?? 'without a name'}`;
}

export function conditionsOf({ status }: LiveObject): readonly Condition[] {
  return (status as { readonly conditions?: readonly Condition[] } | undefined)?.conditions ?? [];
}

/** Whether a selector of these labels means it. */
export function isLabelled({ metadata }: LiveObject, labels: Readonly<Record<string, string>>): boolean {
  return Object.entries(labels).every(([key, value]) => metadata?.labels?.[key] === value);
}
