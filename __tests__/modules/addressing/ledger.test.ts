import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatLedger, ledgerOf, parseLedger, planAddresses, type Ledger } from '../../../modules/addressing';
import { planOf } from '../../../modules/addressing/ledger';
import { BRIEF, withServices } from './brief';

const PLAN = planAddresses(BRIEF);
const TEXT = formatLedger(ledgerOf(PLAN));

test("the committed ledger holds the brief's plan, byte for byte", () => {
  expect(readFileSync(join(__dirname, '../../../addresses.lock.json'), 'utf8')).toBe(TEXT);
});

test('a ledger stands for the plan it was written from', () => {
  expect(planOf(parseLedger(TEXT))).toEqual(PLAN);
});

test('the text is JSON, a line a subnet, in order of address whatever the order of the segments', () => {
  expect(JSON.parse(TEXT)).toEqual(ledgerOf(PLAN));
  expect(TEXT.match(/^ *\{ "name": "[a-z0-9-]+", "cidr": .*$/gm)).toHaveLength(30);
  const reversed = planAddresses(withServices({ segments: [...BRIEF.services.segments].reverse() }), ledgerOf(PLAN));
  expect(formatLedger(ledgerOf(reversed))).toBe(TEXT);
});

describe('refused, with the way back', () => {
  const edited = (change: (ledger: Ledger) => void): string => {
    const ledger = structuredClone(ledgerOf(PLAN));
    change(ledger);
    return JSON.stringify(ledger);
  };
  const first = (ledger: Ledger) => ledger.networks[1]!.blocks[0]!.subnets[0]!;

  test.each<[string, string, string]>([
    ['a merge conflict', TEXT.replace('  "zones"', '<<<<<<< HEAD\n  "zones"'), 'the marks of a merge'],
    ['a cut-off end', TEXT.slice(0, 1000), 'addresses.lock.json: it is not JSON'],
    ['a mark of byte order', `\uFEFF${TEXT}`, 'is not valid JSON); take it from the last commit'],
    ['a network gone', edited((ledger) => ledger.networks.pop()), 'it holds no network services'],
    [
      'two names swapped',
      edited(({ networks }) => {
        const { subnets } = networks[0]!.blocks[0]!;
        [subnets[0]!.name, subnets[1]!.name] = [subnets[1]!.name, subnets[0]!.name];
      }),
      'kubernetes-private-b is not the name of a subnet',
    ],
    ['an empty file', '', 'it is not JSON'],
    ['null', 'null', 'the file: '],
    ['a field missing', edited((ledger) => delete (ledger as Partial<Ledger>).zones), 'zones: '],
    [
      'a field too many',
      edited((ledger) => Object.assign(first(ledger), { note: 'mine' })),
      'networks.1.blocks.0.subnets.0',
    ],
    [
      'an edit by hand',
      edited((ledger) => (first(ledger).cidr = '10.100.33.0/26')),
      'before production-private-b are unallocated',
    ],
    ['a bad block', edited((ledger) => (first(ledger).cidr = '10.100.32.0')), 'is not an IPv4 block'],
    ['a lost line', edited((ledger) => ledger.networks[1]!.blocks[0]!.subnets.pop()), 'are unallocated'],
    ['another name', edited((ledger) => (first(ledger).name = 'db-a')), 'db-a is not the name of a subnet'],
    ['an unknown zone', edited((ledger) => (first(ledger).zone = 'use2-az9')), 'is not the name of a subnet'],
  ])('%s', (_name, text, message) => {
    expect(() => parseLedger(text)).toThrow(message);
    expect(() => parseLedger(text)).toThrow(/^addresses.lock.json: /);
  });

  test('a ledger of a later version asks for a later cimiento', () => {
    expect(() => parseLedger(TEXT.replace('"version": 1', '"version": 2'))).toThrow('reads version 1: update it');
  });
});
