/** `cimiento report` as it is typed: one page, or one object; nothing else is written. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { registerReport } from '../../cli/report';
import { cimiento, forget } from './cimiento';

const folder = mkdtempSync(join(tmpdir(), 'report-test-'));
afterEach(forget);
afterAll(() => rmSync(folder, { recursive: true }));

test('the page holds the plan, the price and who reaches whom, and its path is what is printed', async () => {
  const page = join(folder, 'page.html');
  const { stdout } = await cimiento([registerReport], ['report', '-o', page]);
  expect(stdout).toBe(`${page}\n`);
  expect(process.exitCode).toBeUndefined();
  const html = readFileSync(page, 'utf8');
  for (const part of ['10.100.0.0/21', 'USD a month', 'The platform', 'kubernetes']) expect(html).toContain(part);
  expect(readdirSync(folder)).toEqual(['page.html']);
});

test('--json says the same to programs and writes no page', async () => {
  const page = join(folder, 'none.html');
  const { stdout } = await cimiento([registerReport], ['report', '-o', page, '--json']);
  const said = JSON.parse(stdout) as Record<string, never>;
  expect(Object.keys(said)).toEqual([
    'name',
    'region',
    'profile',
    'madeOn',
    'stacks',
    'addresses',
    'machines',
    'cost',
    'findings',
  ]);
  expect(said).toMatchObject({ findings: [], cost: { currency: 'USD', unpriced: 0 } });
  expect(existsSync(page)).toBe(false);
});
