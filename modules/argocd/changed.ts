/** Whether an apply changed an object, or only found it so. Pure. */
import { isDeepStrictEqual } from 'node:util';
import type { KubernetesObject } from '@kubernetes/client-node';

/**
 * Compares what people and git write. Not by resourceVersion: Argo CD reports into Applications at any time, an Application's status
 * is no subresource, and so a report between our two looks was taken for a change of ours.
 */
export function changed(before: KubernetesObject, after: KubernetesObject): boolean {
  return !isDeepStrictEqual(written(before), written(after));
}

/** What the API server and controllers keep in an object: versions, owners of fields, status, a running operation. */
const THEIRS = { object: ['status', 'operation'], metadata: ['resourceVersion', 'generation', 'managedFields'] };

function written(object: KubernetesObject): object {
  return { ...without(object, THEIRS.object), metadata: without(object.metadata ?? {}, THEIRS.metadata) };
}

function without(object: object, fields: readonly string[]): object {
  return Object.fromEntries(Object.entries(object).filter(([field]) => !fields.includes(field)));
}
