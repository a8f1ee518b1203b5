import { tmpdir } from 'node:os';
import { buildStacks } from '../../stacks';
import type { PlatformInputs } from '../../stacks/inputs';
import { synthesizeFiles } from './synthesize';
import { VARIANTS } from './variants';

const files = (inputs: PlatformInputs) => synthesizeFiles((app) => void buildStacks(app, inputs));
const each = VARIANTS.map(({ name, inputs }) => [name, inputs] as const);

test.each(each)(
  '%s: two synths write the same files, byte for byte, and name no place of this machine',
  (_, inputs) => {
    const once = files(inputs);
    expect(files(inputs)).toEqual(once);
    for (const [path, text] of Object.entries(once)) {
      for (const place of [process.cwd(), tmpdir()]) expect([path, text.includes(place)]).toEqual([path, false]);
    }
  },
);

/** Stacks and what must be deployed before them, as cdktf's manifest says it. */
function order(inputs: PlatformInputs): Record<string, string[]> {
  const { stacks } = JSON.parse(files(inputs)['manifest.json']!) as {
    stacks: Record<string, { dependencies: string[] }>;
  };
  return Object.fromEntries(Object.entries(stacks).map(([name, { dependencies }]) => [name, [...dependencies].sort()]));
}

test('a stack takes what it needs and nothing else', () => {
  expect(order(VARIANTS[0]!.inputs)).toEqual({
    network: [],
    cluster: ['network'],
    data: ['network'],
    nodes: ['network'],
    gitops: ['cluster', 'data', 'network', 'nodes'],
  });
});

test('with state in S3, the bucket comes before everything that is kept in it', () => {
  const { state, ...others } = order(VARIANTS.find(({ inputs }) => inputs.platform.state.kind === 's3')!.inputs);
  expect(state).toEqual([]);
  for (const [name, before] of Object.entries(others)) expect([name, before.includes('state')]).toEqual([name, true]);
});
