/** Every file in fixtures/invalid holds one defect; its first line is the message that must be printed, and the only one. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { refused } from './parsing';

const FOLDER = join(__dirname, '../../fixtures/invalid');
const files = readdirSync(FOLDER).filter((file) => file.endsWith('.yaml'));

test('there is a file for each kind of defect', () => expect(files.length).toBeGreaterThanOrEqual(100));

test.each(files)('%s', (file) => {
  const source = readFileSync(join(FOLDER, file), 'utf8');
  const expected = source.split('\n')[0]!.replace(/^# /, '');
  expect(refused(source, file)).toEqual([`${file}:${expected}`]);
});
