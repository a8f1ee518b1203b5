/**
 * checks: pure functions over synthesized Terraform JSON, ours or anybody's. What it costs (cost), what is broken in it
 * (references), what it is held to (policy), whether the addresses suffice (capacity), what an edit would do to it (change).
 */
export { check, counts, fails, type CheckInput, type CheckResult } from './check';
export { SEVERITIES, type Finding, type Severity } from './finding';
export { loadTerraform, resolveProject } from './terraform';
export { idleWaivers, waive } from './waivers';
