/**
 * catalog: what AWS sells (instance types, prices, zones, versions, limits), each figure with its source and the day it was
 * read, and the pure functions that choose from it. Facts are the JSON files in data/; no disk or network is used.
 */
export { isBurstable, whyBurstable } from './burst';
export type { Choices, InstanceChoice, Zone } from './choices';
export { choose, chooseInstance } from './choose';
export { COMMITMENTS, spotDiscount, type Commitment } from './discounts';
export { instanceType, maxPodsWithPrefixDelegation, sizeInLarges, zonesOffering, type InstanceType } from './ec2';
export { loadFacts } from './facts';
export { generations, type GenerationRow, type ZoneDemand } from './generations';
export { classPrice, classType, type ManagedService } from './managed';
export { offers, type Offer } from './offers';
export { REGIONS, region } from './regions';
export { CURRENCY, HOURS_PER_MONTH, PRICED_REGIONS, price, SOURCES } from './services';
export { NoPrice, type Confidence, type Price } from './sources';
export {
  EKS_VERSIONS,
  KAFKA_VERSIONS,
  kafkaRelease,
  MONGODB_VERSIONS,
  mongodbRelease,
  mskVersion,
  NO_END_ANNOUNCED,
  POSTGRES_VERSIONS,
  type EksVersionFact,
} from './versions';
export { zonesFor } from './zones';
