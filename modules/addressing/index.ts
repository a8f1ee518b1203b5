/**
 * Addresses: blocks in, a plan of public and private subnets out, with no address left over and a proof of it. Pure: the ledger's
 * text comes in and goes out, the CLI reads and writes the file.
 */
export { parseCidr, formatCidr, contains, overlap, type Cidr } from './cidr';
export { formatLedger, ledgerOf, LEDGER_FILE, parseLedger, type Ledger } from './ledger';
export type { AddressPlan, BlockPlan, Certificate, NetworkName, SubnetPlan, Tier } from './plan';
export { planAddresses, type PlanInput } from './planner';
export { podCapacity } from './pods';
export { reconcile, requireRecorded, type Reconciliation } from './reconcile';
export { judgeShapes, shapeName, shapes, type Shape } from './shapes';
export { usualPlan, type UsualPlan } from './usual';
export { verify } from './verify';
