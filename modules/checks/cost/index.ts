/**
 * cost: what a synthesized Terraform project costs a month. Every resource becomes priced lines (quantity × unit price), a
 * declared zero with its reason, or a failure by name and place: nothing is priced 0 in silence. Prices come from the catalogue.
 */
export { commitmentShares, type CommitmentShare } from './commitments';
export { estimate, type Estimate, type EstimateOptions } from './estimate';
export type { CostLine, Purpose, UnpricedItem } from './line';
export { manifestCosts, type ManifestCosts, type ManifestFile } from './manifests';
export { alternatives, type Alternative } from './alternatives';
export { compare, type Comparison, type Synthesize } from './compare';
export { kafkaCrossover, natCrossover, type Crossover } from './crossover';
export { operationalSavings, type OperationalSaving } from './operations';
export { enumerate, judge, proveOptimal, type Configuration, type Optimality } from './optimality';
