import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { GENERATED } from '../../scripts/generated';

const ROOT = join(__dirname, '../..');

test.each(GENERATED.map((one) => [one.path, one] as const))(
  '%s is what its generator writes (npm run generate)',
  async (path, { content }) => {
    expect(readFileSync(join(ROOT, path), 'utf8')).toBe(await content());
  },
);
