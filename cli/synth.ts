/** Synthesizes a platform into a folder. cdktf is loaded only when this is called: it is what makes a command slow. */
import type { PlatformInputs } from '../stacks/inputs';

export interface SynthesizedStack {
  readonly name: string;
  readonly resources: number;
}

/** @returns the stacks in the order in which they are deployed */
export async function synthesize(inputs: PlatformInputs, outdir: string): Promise<SynthesizedStack[]> {
  const { App, TerraformResource } = await import('cdktf');
  const { buildStacks } = await import('../stacks');
  const app = new App({ outdir });
  const stacks = buildStacks(app, inputs);
  app.synth();
  return stacks.map((stack) => ({
    name: stack.node.id,
    resources: stack.node.findAll().filter((construct) => construct instanceof TerraformResource).length,
  }));
}
