/**
 * spec: platform.yaml, and nothing but it. One file in, a complete `Platform` out, or every reason why not, each with line,
 * column, path, value and the likely fix. What the world offers (regions, versions, types) it asks of `Facts`.
 */
export { WIDEST_OWNED } from './cidrs';
export type { Facts, InstanceService, InstanceVerdict, RegionFact, VersionFact } from './facts';
export { LABEL_LIMIT, NAME_LIMIT, type OwnTag } from './names';
export { parsePlatform } from './parse';
export { placeIn } from './place';
export * from './platform';
export { jsonSchema } from './json-schema';
export { reference } from './reference';
export { SERVICE_NAMES, SERVICES } from './services';
export type { ServiceName } from './services';
