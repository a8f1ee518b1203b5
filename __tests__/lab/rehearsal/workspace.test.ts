import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { complaint } from '../../../lab/rehearsal/terraform';
import { edited, inOrder, startOf } from '../../../lab/rehearsal/workspace';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'cimiento-rehearsal-'))));
afterEach(() => rmSync(folder, { recursive: true }));

test('every stack comes after all that it depends on', () => {
  const dependencies: Record<string, string[]> = {
    gitops: ['cluster', 'nodes', 'data'],
    data: ['network'],
    network: ['state'],
    cluster: ['network'],
    nodes: ['network', 'data'],
    state: [],
  };
  const stacks = Object.entries(dependencies).map(([name, needs]) => [
    name,
    { name, workingDirectory: `stacks/${name}`, dependencies: needs },
  ]);
  mkdirSync(join(folder, 'stacks'));
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify({ stacks: Object.fromEntries(stacks) as object }));
  const ordered = inOrder(folder).map(({ name }) => name);
  expect([...ordered].sort()).toEqual(Object.keys(dependencies).sort());
  for (const [name, needs] of Object.entries(dependencies))
    for (const need of needs) expect(ordered.indexOf(need)).toBeLessThan(ordered.indexOf(name));
});

test('an edit that platform.yaml gives no hold is refused, not skipped', () => {
  expect(edited('a: 1\nb: 2\n', [['b: 2', 'b: 3']])).toBe('a: 1\nb: 3\n');
  expect(() => edited('a: 1\n', [['b: 2', 'b: 3']])).toThrow('platform.yaml does not say "b: 2"');
});

test('a process is known by when it began, since its number is given out again', () => {
  expect(startOf(process.pid)).toMatch(/^[0-9]+$/);
  expect(startOf(process.pid)).toBe(startOf(process.pid));
  const { pid } = spawnSync('true');
  expect(startOf(pid)).toBeUndefined();
  expect(Number(startOf(1))).toBeLessThan(Number(startOf(process.pid)));
});

test('of what Terraform complains of, the first is told, without frame and quoted source', () => {
  const output = [
    'Plan: 1 to add',
    '╷',
    '│ Error: Unsupported argument',
    '│ ',
    '│   on cdk.tf.json line 3, in resource.aws_vpc.vpc:',
    '│    3:   "cidr_blok": "10.0.0.0/16"',
    '│ ',
    '│ An argument named "cidr_blok" is not expected here.',
    '╵',
    '╷',
    '│ Error: another',
    '╵',
  ].join('\n');
  expect(complaint(output)).toBe(
    'Unsupported argument on cdk.tf.json line 3, in resource.aws_vpc.vpc: An argument named "cidr_blok" is not expected here.',
  );
});
