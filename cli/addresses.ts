/** `cimiento addresses`: the address plan, its proof, and what an edit would do to what was handed out. */
import { Option, type Command } from 'commander';
import { verify, type AddressPlan, type Reconciliation } from '../modules/addressing';
import { addressTable, shapeTable } from '../modules/report/address-table';
import { paint } from './paint';
import { loadPlatform, recordLedger } from './platform';

interface AddressesOptions {
  readonly platform?: string;
  readonly json?: boolean;
  readonly shapes?: boolean;
  readonly reallocate?: boolean;
}

export function registerAddresses(program: Command): void {
  program
    .command('addresses')
    .description('the address plan and its proof: every subnet, its usable addresses, the pods it holds')
    .option('-p, --platform <file>', 'the platform file', 'platform.yaml')
    .option('--json', 'one JSON object for programs')
    .addOption(new Option('--shapes', 'every way to fill the blocks, and why one was taken').conflicts('json'))
    .option('--reallocate', 'plan afresh and rewrite the ledger: subnets may move (destroyed and made anew) or go')
    .action(addresses);
}

function addresses({ platform, json, shapes, reallocate }: AddressesOptions): void {
  const { inputs, ledger } = loadPlatform({ platform, reallocate });
  const { plan } = inputs;
  const defects = verify(plan);
  if (json) process.stdout.write(`${JSON.stringify(forPrograms(plan), null, 2)}\n`);
  else process.stdout.write(`${shapes ? shapeTable(plan, paint) : addressTable(plan, defects, paint)}\n`);
  if (defects.length > 0) {
    for (const defect of defects) process.stderr.write(`${paint.red('not proved')} ${defect}\n`);
    process.exitCode = 1;
    return;
  }
  if (reallocate) {
    const written = recordLedger(ledger);
    process.stderr.write(
      `${written ? `${ledger.file} rewritten: ${effects(ledger.reconciliation)}` : 'nothing moves'}\n`,
    );
  } else if (ledger.reconciliation.added.length > 0) {
    process.stderr.write(`not in ${ledger.file} yet, npm start writes it down: ${effects(ledger.reconciliation)}\n`);
  }
}

/** What DESIGN promises to programs; fields may be added, never renamed. */
export function forPrograms({ blocks, certificate }: AddressPlan): object {
  return {
    blocks: blocks.map(({ name, segment, cidr, size, allocated, subnets }) => ({
      name,
      segment,
      cidr,
      size,
      allocated,
      subnets: subnets.map(({ name, cidr, tier, zone, usable }) => ({ name, cidr, tier, zone, usable })),
    })),
    certificate,
  };
}

function effects({ added, moved, dropped }: Reconciliation): string {
  return [
    ...(added.length > 0 ? [`adds ${added.length > 6 ? `${added.length} subnets` : added.join(', ')}`] : []),
    ...(moved.length > 0 ? [`moves ${moved.map(({ name, from, to }) => `${name} (${from} → ${to})`).join(', ')}`] : []),
    ...(dropped.length > 0 ? [`drops ${dropped.join(', ')}`] : []),
  ].join('; ');
}
