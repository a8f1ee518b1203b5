/** One edit of a running platform: what Terraform plans beside what `cimiento diff` says of the two syntheses. */
import type { StandIn } from './stand-in';
import type { Tally } from './tally';
import type { Workspace } from './workspace';

export async function compareEdit(_tally: Tally, _workspace: Workspace, _standIn: StandIn): Promise<void> {}
