/** modules/aws/cloud-init/scripts as one object, name to text: constructs read no files, so they import scripts.json. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = join(__dirname, '../modules/aws/cloud-init/scripts');

export function embeddedScripts(): Record<string, string> {
  const names = readdirSync(FOLDER).sort();
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(FOLDER, name), 'utf8')]));
}
