/** Savings in how the platform is run, not in what it is made of: taken from the estimate's lines, nothing is synthesized. */
import { price, HOURS_PER_MONTH, spotDiscount } from '../../catalog';
import type { Platform } from '../../spec/platform';
import type { CostLine } from './line';

export interface OperationalSaving {
  readonly id: string;
  readonly change: string;
  readonly tradeOff: string;
  /** USD per month, negative: it saves. */
  readonly delta: number;
  /** How the figure comes about. */
  readonly reason: string;
}

/** Ten hours on each of 22 working days. */
const OFFICE_HOURS = 220;

export function operationalSavings(platform: Platform, lines: readonly CostLine[]): OperationalSaving[] {
  const sum = (chosen: readonly CostLine[]) => chosen.reduce((all, line) => all + line.monthly, 0);
  const machines = lines.filter((line) => line.priceItem.startsWith('ec2.'));
  const testing = platform.nodes.filter((node) => node.segment === 'testing').map((node) => node.name);
  const testMachines = machines.filter((line) => testing.some((name) => line.address.includes(name)));
  const worker = machines.find((line) => line.purpose === 'Kubernetes');
  const spot = spotDiscount(platform.region);
  const keys = lines.filter((line) => line.priceItem === 'kms.keyMonth');

  const savings: (OperationalSaving | undefined)[] = [
    testMachines.length === 0
      ? undefined
      : {
          id: 'testing-by-schedule',
          change: `${testing.join(', ')} on in office hours only`,
          tradeOff: 'gives up tests at night; the volume stays',
          delta: -sum(testMachines) * (1 - OFFICE_HOURS / HOURS_PER_MONTH),
          reason: `${OFFICE_HOURS} of ${HOURS_PER_MONTH} hours`,
        },
    worker === undefined || spot === undefined
      ? undefined
      : {
          id: 'worker-on-spot',
          change: 'one Kubernetes node on Spot',
          tradeOff: 'gives up a third of the nodes at two minutes’ notice',
          delta: -price(worker.priceItem, platform.region).usd * HOURS_PER_MONTH * spot.share,
          reason: spot.source,
        },
    keys.length === 0
      ? undefined
      : {
          id: 'aws-managed-keys',
          change: 'AWS-managed keys instead of our own',
          tradeOff: 'gives up key policies and sharing across accounts',
          delta: -sum(keys),
          reason: 'AWS-managed KMS keys have no monthly price',
        },
  ];
  return savings
    .filter((one) => one !== undefined)
    .map((one) => ({ ...one, delta: Math.round(one.delta * 100) / 100 }));
}
