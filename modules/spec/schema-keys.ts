/** The keys that the schema knows at a path, for "did you mean". */
import { z } from 'zod';
import type { Path } from './problems';
import { platformSchema } from './schema';

export function keysAt(path: Path): string[] {
  let schema: unknown = platformSchema;
  for (const step of path) {
    const inner = unwrapped(schema);
    if (inner instanceof z.ZodArray) schema = inner.element;
    else if (inner instanceof z.ZodObject) schema = inner.shape[step];
    else return [];
  }
  const inner = unwrapped(schema);
  return inner instanceof z.ZodObject ? Object.keys(inner.shape) : [];
}

/** Below its default and its being optional. */
function unwrapped(schema: unknown): unknown {
  return schema instanceof z.ZodPrefault || schema instanceof z.ZodOptional ? unwrapped(schema.unwrap()) : schema;
}
