/** The platform's stacks, wired by typed outputs: what is deployed and destroyed together, a file each. */
import type { App, TerraformStack } from 'cdktf';
import { ClusterStack } from './cluster';
import { DataStack } from './data';
import { GitopsStack } from './gitops';
import type { PlatformInputs } from './inputs';
import { NetworkStack } from './network';
import { NodesStack } from './nodes';
import { StateStack } from './state';

/** Adds every stack of the platform to the app, in the order in which they are deployed. Returns them in that order. */
export function buildStacks(app: App, inputs: PlatformInputs): TerraformStack[] {
  const state = inputs.platform.state.kind === 's3' ? [new StateStack(app, inputs)] : [];
  const network = new NetworkStack(app, inputs);
  const cluster = new ClusterStack(app, inputs, network.outputs);
  const data = new DataStack(app, inputs, network.outputs);
  const nodes = new NodesStack(app, inputs, network.outputs);
  const gitops = new GitopsStack(app, inputs, {
    network: network.outputs,
    cluster: cluster.outputs,
    data: data.outputs,
    nodes: nodes.outputs,
  });
  const platform = [network, cluster, data, nodes, gitops];
  // No value crosses from it, so cdktf cannot know: the bucket is made before anybody's state goes into it.
  for (const stack of platform) for (const bucket of state) stack.addDependency(bucket);
  return [...state, ...platform];
}
