/** A plan against the ledger: what is new may be written down, what would move or go is refused by name. */
import { Rejection, Rejections } from '../rejection';
import { LEDGER_FILE, ledgerOf, planOf, type Ledger } from './ledger';
import type { AddressPlan, NetworkName, SubnetPlan } from './plan';

/** What an edit does to the subnets of one network, by name, in the plan's order. */
export interface Reconciliation {
  /** The ledger to write. */
  readonly ledger: Ledger;
  readonly added: readonly string[];
  /** Another block or another zone under the same name: destroyed and made anew. */
  readonly moved: readonly { readonly name: string; readonly from: string; readonly to: string }[];
  readonly dropped: readonly string[];
}

/**
 * @param ledger undefined when nothing was handed out yet
 * @param options `reallocate` lets subnets move and go
 * @throws Rejection naming the subnets that would move or be dropped
 */
export function reconcile(
  ledger: Ledger | undefined,
  plan: AddressPlan,
  { reallocate = false }: { readonly reallocate?: boolean } = {},
): Reconciliation {
  const before = subnetsOf(ledger === undefined ? undefined : planOf(ledger));
  const after = subnetsOf(plan);
  const result = {
    ledger: ledgerOf(plan),
    added: [...after.keys()].filter((name) => !before.has(name)),
    moved: [...after].flatMap(([name, { subnet }]) => {
      const held = before.get(name)?.subnet;
      const same = held === undefined || (held.cidr === subnet.cidr && held.zone === subnet.zone);
      return same ? [] : [{ name, from: place(held), to: place(subnet) }];
    }),
    dropped: [...before.keys()].filter((name) => !after.has(name)),
  };
  if (!reallocate) refuseMoves(result, (name) => (before.get(name) ?? after.get(name))!.network);
  return result;
}

/**
 * For a run that deploys: a plan whose every subnet is in the ledger.
 *
 * @throws Rejection when something would move, go, or is not written down yet
 */
export function requireRecorded(ledger: Ledger | undefined, plan: AddressPlan): void {
  const { added } = reconcile(ledger, plan);
  if (added.length > 0) {
    const names = added.length > 6 ? `${added.length} subnets` : added.join(', ');
    throw new Rejection(
      LEDGER_FILE,
      `it does not hold ${names} of this plan`,
      'npm start writes them down; commit the file',
    );
  }
}

function refuseMoves({ moved, dropped }: Reconciliation, networkOf: (name: string) => NetworkName): void {
  const refusals = (['kubernetes', 'services'] as const).flatMap((network) => {
    const here = (name: string) => networkOf(name) === network;
    const gone = dropped.filter(here);
    const elsewhere = moved.map(({ name }) => name).filter(here);
    if (gone.length + elsewhere.length === 0) return [];
    const effects = [
      ...(gone.length > 0 ? [`drop ${gone.join(', ')}`] : []),
      ...(elsewhere.length > 0 ? [`move ${elsewhere.join(', ')}`] : []),
    ];
    return new Rejection(
      `platform.yaml network.${network}`,
      `this edit would ${effects.join(' and ')}, handed out in ${LEDGER_FILE}`,
      'take the edit back, or npx cimiento addresses --reallocate (they are destroyed and made anew)',
    );
  });
  const [first, ...others] = refusals;
  if (first !== undefined) throw others.length === 0 ? first : new Rejections([first, ...others]);
}

function subnetsOf(plan: AddressPlan | undefined): Map<string, { network: NetworkName; subnet: SubnetPlan }> {
  return new Map(
    plan?.blocks.flatMap(({ name: network, subnets }) =>
      subnets.map((subnet) => [subnet.name, { network, subnet }] as const),
    ),
  );
}

const place = ({ cidr, zone }: SubnetPlan) => `${cidr} in ${zone}`;
