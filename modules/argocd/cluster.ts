/** The Kubernetes API as the commands need it: who may is decided by RBAC, no Argo CD password is needed. */
import type { KubeConfig, KubernetesObject, KubernetesObjectApi } from '@kubernetes/client-node';
import { changed } from './changed';
import type { LiveObject } from './live-object';

export interface Kind {
  readonly apiVersion: string;
  readonly kind: string;
}

/** An object to be written, with what names it. */
export type Manifest = Kind & {
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly [field: string]: unknown;
};

export type Outcome = 'unchanged' | 'made' | 'changed';

/** Fields that we wrote are ours under this name: applied twice, nothing changes; another owner's are refused, not taken. */
export const FIELD_MANAGER = 'cimiento';

/** Longest that one request may take, ms: an address that swallows packets answers nothing at all. */
const REQUEST = 15_000;

export class Cluster {
  readonly #api: KubernetesObjectApi;

  private constructor(api: KubernetesObjectApi) {
    this.#api = api;
  }

  /** The client is loaded when asked for: a command that needs no cluster does not pay for it. */
  static async connect(config: KubeConfig): Promise<Cluster> {
    const { KubernetesObjectApi } = await import('@kubernetes/client-node');
    return new Cluster(KubernetesObjectApi.makeApiClient(config));
  }

  /** Undefined when there is no such object, or no such kind. */
  async get<T = LiveObject>({ apiVersion, kind }: Kind, name: string, namespace?: string): Promise<T | undefined> {
    const read = this.#api.read({ apiVersion, kind, metadata: { name, namespace } } as never);
    return (await orMissing(within(read))) as T | undefined;
  }

  /** All of a kind, in one namespace or in all; none when the cluster does not know the kind. */
  async list<T = LiveObject>({ apiVersion, kind }: Kind, namespace?: string): Promise<T[]> {
    const answer = await orMissing(within(this.#api.list(apiVersion, kind, namespace)));
    // Items of a list do not repeat what they are.
    return (answer?.items ?? []).map((item) => ({ ...item, apiVersion, kind })) as T[];
  }

  /** Applies server-side. @throws ApiException 409 when another manager owns a field and says something else */
  async apply(manifest: Manifest): Promise<Outcome> {
    const { name, namespace } = manifest.metadata;
    const before = await this.get<KubernetesObject>(manifest, name, namespace);
    const { PatchStrategy } = await import('@kubernetes/client-node');
    // The client adds a default namespace to what it is given.
    const copy = structuredClone(manifest) as KubernetesObject;
    const after = await within(
      this.#api.patch(copy, undefined, undefined, FIELD_MANAGER, false, PatchStrategy.ServerSideApply),
    );
    if (before === undefined) return 'made';
    return changed(before, after) ? 'changed' : 'unchanged';
  }

  /** Makes what is not there and leaves alone what is. */
  async ensure(manifest: Manifest): Promise<Outcome> {
    try {
      await within(
        this.#api.create(structuredClone(manifest) as KubernetesObject, undefined, undefined, FIELD_MANAGER),
      );
      return 'made';
    } catch (error) {
      if (codeOf(error) === 409) return 'unchanged';
      throw error;
    }
  }

  /** Changes fields of an object that is there; whatever their owner. */
  async merge(manifest: Manifest): Promise<void> {
    const { PatchStrategy } = await import('@kubernetes/client-node');
    const copy = structuredClone(manifest) as KubernetesObject;
    await within(this.#api.patch(copy, undefined, undefined, FIELD_MANAGER, undefined, PatchStrategy.MergePatch));
  }

  /** Asks for its deletion, dependents in the background. Returns whether it was there. */
  async remove({ apiVersion, kind }: Kind, name: string, namespace?: string): Promise<boolean> {
    const spec = { apiVersion, kind, metadata: { name, namespace } };
    const done = this.#api.delete(spec, undefined, undefined, undefined, undefined, 'Background');
    return (await orMissing(within(done))) !== undefined;
  }
}

/** The API server's status code; undefined when it gave no answer. */
export function codeOf(error: unknown): number | undefined {
  const code = (error as { code?: unknown } | undefined)?.code;
  return typeof code === 'number' ? code : undefined;
}

/** What the API server said, or what kept us from asking it, in one line. */
export function messageOf(error: unknown): string {
  const body = (error as { body?: unknown }).body;
  if (typeof body === 'string') {
    try {
      const { message } = JSON.parse(body) as { message?: string };
      if (message !== undefined && message !== '') return message;
    } catch {
      // Not JSON: a proxy's page, perhaps.
    }
  }
  return String(error instanceof Error ? error.message : error).split('\n')[0]!;
}

async function orMissing<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (codeOf(error) === 404) return undefined;
    if (error instanceof Error && error.message.startsWith('Unrecognized API version and kind')) return undefined;
    throw error;
  }
}

function within<T>(answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer in ${REQUEST / 1000} s`)), REQUEST);
  });
  return Promise.race([answer, limit]).finally(() => clearTimeout(timer));
}
