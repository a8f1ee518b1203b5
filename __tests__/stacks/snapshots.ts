/** What every stack is tested for, whatever is in it. */
import type { App } from 'cdktf';
import type { PlatformInputs } from '../../stacks/inputs';
import { attributes, differences, parse, synthesizeText, type TerraformJson } from './synthesize';
import { VARIANTS } from './variants';

/**
 * @param build adds the stack, and the stacks it needs, to the app
 * @param shown what of the JSON is worth reading in a snapshot; all of it unless given
 */
export function testSnapshots(
  stack: string,
  build: (app: App, inputs: PlatformInputs) => void,
  shown: (json: TerraformJson) => TerraformJson = (json) => json,
): void {
  const synthesized = new Map(
    VARIANTS.map(({ inputs }) => [inputs, synthesizeText((app) => build(app, inputs))] as const),
  );
  const text = (inputs: PlatformInputs) => synthesized.get(inputs)![stack]!;
  const json = (inputs: PlatformInputs) => shown(parse(text(inputs)));
  const [standard, ...others] = VARIANTS;

  describe('synthesized JSON', () => {
    test('of the default platform', () => {
      expect(json(standard!.inputs)).toMatchSnapshot();
    });

    test.each(others.map(({ name, inputs }) => [name, inputs] as const))(
      'of %s, as what differs from the default platform',
      (_, inputs) => {
        expect(differences(json(standard!.inputs), json(inputs))).toMatchSnapshot();
      },
    );

    test.each(VARIANTS.map(({ name, inputs }) => [name, inputs] as const))(
      'of %s tags every resource with project, stack and owner',
      (_, inputs) => {
        const tags = { ...inputs.platform.tags, project: inputs.platform.name, stack, 'managed-by': 'terraform' };
        const terraform = json(inputs);
        expect(terraform.provider['aws']).toEqual([{ region: inputs.platform.region, default_tags: [{ tags }] }]);
        for (const template of attributes(terraform, 'aws_launch_template')) {
          for (const specification of template['tag_specifications']) expect(specification.tags).toMatchObject(tags);
        }
      },
    );
  });
}
