/** What every stack is made from: the parsed platform, its address plan, and what was chosen. */
import type { AddressPlan } from '../modules/addressing/plan';
import type { Choices } from '../modules/catalog/choices';
import type { Platform } from '../modules/spec/platform';

export interface PlatformInputs {
  readonly platform: Platform;
  readonly plan: AddressPlan;
  readonly choices: Choices;
}
