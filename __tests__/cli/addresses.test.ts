import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { registerAddresses } from '../../cli/addresses';
import { cimiento, forget } from './cimiento';

const PROJECT = join(__dirname, '../..');
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cimiento-addresses-'));
  for (const file of ['platform.yaml', 'addresses.lock.json']) copyFileSync(join(PROJECT, file), join(folder, file));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
  forget();
});

/** Runs the command on the copied project, and returns what it printed. */
const addresses = (...flags: string[]) =>
  cimiento([registerAddresses], ['addresses', '--platform', join(folder, 'platform.yaml'), ...flags]);

const ledger = () => readFileSync(join(folder, 'addresses.lock.json'), 'utf8');
function edit(from: string, to: string): void {
  const file = join(folder, 'platform.yaml');
  const text = readFileSync(file, 'utf8');
  expect(text).toContain(from);
  writeFileSync(file, text.replace(from, to));
}

test('the table of the default platform is the golden one; nothing is said besides, nothing is written', async () => {
  const before = ledger();
  const { stdout, stderr } = await addresses();
  expect(stdout).toBe(readFileSync(join(PROJECT, '__tests__/modules/addressing/golden/brief.txt'), 'utf8'));
  expect(stderr).toBe('');
  expect(ledger()).toBe(before);
});

test('--json is one object with the keys that programs were promised', async () => {
  const { blocks, certificate, ...rest } = JSON.parse((await addresses('--json')).stdout);
  expect(rest).toEqual({});
  expect(blocks).toHaveLength(5);
  expect(Object.keys(blocks[0])).toEqual(['name', 'segment', 'cidr', 'size', 'allocated', 'subnets']);
  expect(blocks[1].subnets[0]).toEqual({
    name: 'production-private-a',
    cidr: '10.100.32.0/26',
    tier: 'private',
    zone: 'use2-az1',
    usable: 59,
  });
  expect(certificate.networks.map(({ size, allocated }: Record<string, number>) => [allocated, size])).toEqual([
    [8192, 8192],
    [1024, 1024],
  ]);
});

test('--shapes shows all five for each network', async () => {
  const { stdout } = await addresses('--shapes');
  expect(stdout.match(/^\d(,\d){5} /gm)).toHaveLength(10);
});

test('--shapes is for people only', async () => {
  await expect(addresses('--shapes', '--json')).rejects.toMatchObject({ code: 'commander.conflictingOption' });
});

test('an edit that would drop subnets is refused and the ledger stays; --reallocate does it and says what goes', async () => {
  edit('bcp-2', 'growth');
  const before = ledger();
  await expect(addresses()).rejects.toThrow('would drop bcp-2-private-a');
  expect(ledger()).toBe(before);

  const { stderr } = await addresses('--reallocate');
  expect(stderr).toContain('drops bcp-2-private-a, bcp-2-private-b, bcp-2-private-c');
  expect(ledger()).toContain('growth-public-c');
  expect((await addresses()).stderr).toBe('');
});

test('growth is shown, and left for npm start to write down', async () => {
  edit('10.100.32.0/22, segments: [', '10.100.32.0/21, segments: [analytics, ');
  const before = ledger();
  const { stdout, stderr } = await addresses();
  expect(stdout).toContain('2,048 of 2,048');
  expect(stderr).toContain('npm start writes it down: adds analytics-private-a');
  expect(ledger()).toBe(before);
});

test('without a ledger everything is new', async () => {
  rmSync(join(folder, 'addresses.lock.json'));
  expect((await addresses()).stderr).toContain('adds 30 subnets');
  expect(existsSync(join(folder, 'addresses.lock.json'))).toBe(false);
});
