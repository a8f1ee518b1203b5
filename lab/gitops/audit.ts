/**
 * Judges sync waves by the API server's audit log, not by what Argo CD says of itself: which Application was moved to a commit when,
 * and how those of the waves before it stood at that moment. Pure.
 */
import { ROOT } from '../../modules/argocd';

/** An Application as it was after a write. */
export interface Written {
  readonly name: string;
  readonly wave: number | undefined;
  /** Undefined for an upstream chart, which is at a version and not at a commit. */
  readonly commit: string | undefined;
  /** Synced and Healthy at that commit, compared with that very source, no sync under way. */
  readonly settled: boolean;
  /** Why it is not, in a few words. */
  readonly state: string;
  readonly version: number;
  /** Asked to go; it may still be there, with its finalizer. */
  readonly deleted: boolean;
}

/** An Application that was moved though one of an earlier wave was not there yet. */
export interface Breach {
  readonly name: string;
  readonly commit: string;
  readonly earlier: string;
  readonly state: string;
}

export interface Judgement {
  /** How often an Application was moved to a commit. */
  readonly moves: number;
  readonly breaches: readonly Breach[];
}

interface AuditEvent {
  readonly verb: string;
  readonly objectRef?: { readonly resource?: string; readonly namespace?: string; readonly subresource?: string; readonly name?: string };
  readonly responseStatus?: { readonly code?: number };
  readonly responseObject?: AuditedApplication;
  readonly requestReceivedTimestamp: string;
}

interface AuditedApplication {
  readonly kind?: string;
  readonly metadata?: { readonly name: string; readonly resourceVersion: string; readonly annotations?: Record<string, string>; readonly deletionTimestamp?: string };
  readonly spec?: { readonly source?: { readonly targetRevision?: string; readonly chart?: string } };
  readonly operation?: unknown;
  readonly status?: {
    readonly sync?: {
      readonly status?: string;
      readonly revision?: string;
      readonly comparedTo?: { readonly source?: { readonly targetRevision?: string } };
    };
    readonly health?: { readonly status?: string };
    readonly operationState?: { readonly phase?: string };
  };
}

const events = (log: string): AuditEvent[] =>
  log
    .split('\n')
    // The last line may be in the middle of being written.
    .filter((line) => line.startsWith('{') && line.endsWith('}'))
    .map((line) => JSON.parse(line) as AuditEvent)
    .filter(({ responseStatus }) => (responseStatus?.code ?? 500) < 300);

/** In the order in which etcd took them: resource versions count up over the whole cluster. */
export function applicationWrites(log: string): Written[] {
  return events(log)
    .filter(({ objectRef }) => objectRef?.resource === 'applications')
    .flatMap(({ verb, responseObject }) => (responseObject?.kind === 'Application' ? [written(verb, responseObject)] : []))
    .sort((one, other) => one.version - other.version);
}

function written(verb: string, { metadata, spec, operation, status }: AuditedApplication): Written {
  const wave = metadata?.annotations?.['argocd.argoproj.io/sync-wave'];
  const commit = spec?.source?.chart === undefined ? spec?.source?.targetRevision : undefined;
  const { sync, health, operationState } = status ?? {};
  const phase = operationState?.phase ?? 'no sync yet';
  const settled =
    sync?.status === 'Synced' &&
    health?.status === 'Healthy' &&
    (commit === undefined || (sync.revision === commit && sync.comparedTo?.source?.targetRevision === commit)) &&
    operation === undefined &&
    phase !== 'Running' &&
    phase !== 'Terminating';
  return {
    name: metadata?.name ?? '',
    wave: wave === undefined ? undefined : Number(wave),
    commit,
    settled,
    state: `${sync?.status ?? 'not compared'} at ${sync?.revision?.slice(0, 8) ?? 'nothing'}, ${health?.status ?? 'no health'}, ${phase}`,
    version: Number(metadata?.resourceVersion),
    deleted: verb === 'delete' || metadata?.deletionTimestamp !== undefined,
  };
}

/**
 * A wave holds when, at the moment an Application is moved to a commit, all of the earlier waves are at that commit and settled; and
 * none of an earlier wave is moved to it afterwards.
 */
export function judge(writes: readonly Written[]): Judgement {
  const last = new Map<string, Written>();
  const breaches: Breach[] = [];
  let moves = 0;
  for (const write of writes.filter(({ name }) => name !== ROOT)) {
    const { name, wave = 0, commit } = write;
    const moved = commit !== undefined && last.get(name)?.commit !== commit && !write.deleted;
    if (moved) {
      moves++;
      for (const other of last.values()) {
        const { name: earlier, wave: its = 0, state } = other;
        const there = other.settled && (other.commit === undefined || other.commit === commit);
        if (its < wave && !there) breaches.push({ name, commit, earlier, state });
        if (its > wave && other.commit === commit) breaches.push({ name: earlier, commit, earlier: name, state: 'moved later' });
      }
    }
    if (write.deleted) last.delete(name);
    else last.set(name, write);
  }
  return { moves, breaches };
}

/**
 * A teardown goes in reverse waves when an Application is asked to go only after the last write on every one of a later wave.
 *
 * @returns each that was asked too early, as `rules before hello-api was gone`
 */
export function tooEarly(writes: readonly Written[]): string[] {
  const children = writes.filter(({ wave }) => wave !== undefined);
  const gone = new Map(children.map(({ name, version }) => [name, version]));
  const asked = new Map<string, Written>();
  for (const write of children) if (write.deleted && !asked.has(write.name)) asked.set(write.name, write);
  return [...asked.values()].flatMap((one) =>
    [...asked.values()]
      .filter((other) => other.wave! > one.wave! && gone.get(other.name)! > one.version)
      .map((other) => `${one.name} before ${other.name} was gone`),
  );
}

/** When something was first written in a namespace, ms; undefined when nothing was. */
export function firstWriteIn(log: string, namespace: string): number | undefined {
  const times = events(log)
    // A namespace itself is written under its own name, by the wave that makes it.
    .filter(({ objectRef }) => objectRef?.namespace === namespace && objectRef.resource !== 'namespaces')
    .map((event) => Date.parse(event.requestReceivedTimestamp));
  return times.length === 0 ? undefined : Math.min(...times);
}

/** When an Application was first written as settled, ms; undefined when it never was. */
export function firstSettled(log: string, name: string): number | undefined {
  const times = events(log)
    .filter(({ objectRef, responseObject }) => objectRef?.resource === 'applications' && responseObject?.metadata?.name === name)
    .filter(({ verb, responseObject }) => written(verb, responseObject!).settled)
    .map((event) => Date.parse(event.requestReceivedTimestamp));
  return times.length === 0 ? undefined : Math.min(...times);
}

/** When the deletion of an object was asked for, ms; undefined when it never was. */
export function deletionOf(log: string, resource: string, name: string): number | undefined {
  const asked = events(log).find(
    ({ verb, objectRef }) => verb === 'delete' && objectRef?.resource === resource && objectRef.name === name,
  );
  return asked && Date.parse(asked.requestReceivedTimestamp);
}
