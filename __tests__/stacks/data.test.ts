import type { App } from 'cdktf';
import { DataStack } from '../../stacks/data';
import type { PlatformInputs } from '../../stacks/inputs';
import { NetworkStack } from '../../stacks/network';
import { DEFAULT_INPUTS } from '../fixtures/platform';
import { resources, synthesize, type TerraformJson } from './synthesize';
import { VARIANTS } from './variants';

const build = (inputs: PlatformInputs) => (app: App) => {
  const network = new NetworkStack(app, inputs);
  new DataStack(app, inputs, network.outputs);
};
const dataOf = (inputs: PlatformInputs, context = {}) => synthesize('data', build(inputs), { context });

/** For snapshots: of each node's user data only its own values; the scripts are files of their own. */
const withoutScripts = (json: TerraformJson): TerraformJson => ({
  ...json,
  locals: Object.fromEntries(
    Object.entries<string>(json.locals ?? {}).map(([name, text]) => [
      name,
      text.split('\n').filter((line) => /^readonly [A-Z_0-9]+='.*'$/.test(line) && !line.startsWith('readonly FIRST')),
    ]),
  ),
});

describe('data stack', () => {
  it.each(VARIANTS)('$name', ({ inputs }) => expect(withoutScripts(dataOf(inputs))).toMatchSnapshot());
});
