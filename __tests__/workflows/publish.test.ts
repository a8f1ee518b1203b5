/** What publish.yml, which has only yq, must know of platform.yaml is what modules/spec says. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PLATFORM_DEFAULTS } from '../../modules/spec/defaults';

test('images without a key of their own go where the specification has them by default', () => {
  const workflow = readFileSync(join(__dirname, '../../.github/workflows/publish.yml'), 'utf8');
  expect(workflow).toContain(`'.gitops.images // "${PLATFORM_DEFAULTS.images}"' platform.yaml`);
});
