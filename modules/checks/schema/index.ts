/**
 * What providers accept, read from the cdktf bindings in node_modules: their source maps hold the generated TypeScript, and
 * its comments hold each attribute's flags. The result has the format of `terraform providers schema -json`, so a dump of
 * the real provider could stand in its place.
 */
export { extractSchema, type Extracted } from './extract';
export * from './provider-schema';
export { bindingOf, originalSource, type SchemaKind } from './binding';
