/** The pictures of the README, drawn from the synthesized platform.yaml. */
import { join } from 'node:path';
import { judge } from '../cli/findings';
import { synthesizedFiles } from '../cli/synth';
import { loadPlatform } from '../cli/platform';
import { loadTerraform } from '../modules/checks/terraform';
import { addressMap } from '../modules/report/address-map';
import { platformMap } from '../modules/report/platform-map';

const PLATFORM = join(__dirname, '../platform.yaml');

export async function platformPicture(): Promise<string> {
  const { inputs } = loadPlatform({ platform: PLATFORM });
  const { resolved } = await judge(loadTerraform(await synthesizedFiles(inputs)));
  return `${platformMap(resolved) ?? ''}\n`;
}

export function addressPicture(): string {
  return `${addressMap(loadPlatform({ platform: PLATFORM }).inputs.plan)}\n`;
}
