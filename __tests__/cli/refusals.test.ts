/** What is refused after platform.yaml was read, and what the machine refuses: with its place, and nothing begun. */
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { registerAddresses } from '../../cli/addresses';
import { fail } from '../../cli/failure';
import { registerStart } from '../../cli/start';
import { cimiento, forget } from './cimiento';

let folder: string;
const inside = (name: string) => join(folder, name);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cimiento-refusals-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
  forget();
});

/** What stands on stderr when a command ends as it does for a user, without the folder's own path. */
async function refusal(command: string, yaml: string, ...flags: string[]): Promise<string> {
  writeFileSync(inside('platform.yaml'), yaml);
  const args = [command, '--platform', inside('platform.yaml'), ...flags];
  try {
    await cimiento([registerAddresses, registerStart], args);
  } catch (error) {
    forget();
    let printed = '';
    jest.spyOn(process.stderr, 'write').mockImplementation((text) => {
      printed += String(text);
      return true;
    });
    fail(error, false);
    expect(process.exitCode).toBe(2);
    return printed.replaceAll(/\S*cimiento-refusals-[^/]*\//g, '');
  }
  throw new Error('nothing was refused');
}

test.each([
  [
    'a shape that leaves no room for load balancers',
    "name: shop\nnetwork:\n  services: { shape: '1,2,4,4,4,4' }\n",
    'platform.yaml:3:22 network.services.shape: 1,2,4,4,4,4 does not suit a /24',
  ],
  [
    'a machine that is not made',
    'name: shop\nkubernetes:\n  nodes: { minimum: 1000 vCPU 8 GiB }\n',
    'platform.yaml:3:21 kubernetes.nodes.minimum: no non-burstable type with 1000 vCPU and 8 GiB is sold in 3 zones of us-east-2; ask for less: the largest, ',
  ],
  [
    'a service node that is not made',
    'name: shop\nnodes:\n  - { name: a, segment: production, zone: a, minimum: 2 vCPU 99999 GiB }\n',
    'platform.yaml:3:55 nodes[0].minimum: no non-burstable type',
  ],
])('%s is refused at its line and column', async (_what, yaml, message) => {
  expect(await refusal('addresses', yaml)).toContain(message);
  expect(readdirSync(folder)).toEqual(['platform.yaml']);
});

test('an edit that would move subnets is refused at its line, each network at its own', async () => {
  copyFileSync(join(__dirname, '../../addresses.lock.json'), inside('addresses.lock.json'));
  const message = await refusal(
    'addresses',
    'name: shop\nregion: us-west-2\nnetwork:\n  kubernetes: {}\n  egress: single-nat\n',
  );
  expect(message).toContain('platform.yaml:4:15 network.kubernetes: this edit would move kubernetes-private-a');
  expect(message).toContain('platform.yaml:3:1 network.services: this edit would move production-private-a');
});

const SEGMENTS = Array.from({ length: 12 }, (_, at) => `s${at}`);
const EVERYBODY_TO_EVERYBODY = SEGMENTS.flatMap((from) =>
  SEGMENTS.filter((to) => to !== from).map((to) => `    - ${from} -> ${to}: [kafka, postgres, http]`),
).join('\n');

test('what only a stack can tell is refused at its line too, and leaves no folder behind', async () => {
  const yaml = `name: shop
nodes: []
network:
  services: { cidr: 10.101.0.0/16, segments: [${SEGMENTS.join(', ')}] }
  allow:
${EVERYBODY_TO_EVERYBODY}
`;
  expect(await refusal('start', yaml, '--output', inside('made'), '--report', inside('report.html'))).toMatch(
    /^error platform\.yaml:6:5 network\.allow: the private subnets of "s0" would need \d+ network ACL rules/,
  );
  expect(readdirSync(folder)).toEqual(['platform.yaml']);
});

test.each([
  ['platform.yaml', 'platform.yaml: it is there, and it is no report'],
  ['a-folder', 'a-folder: it is a folder'],
])('a report takes the place of no %s, and nothing is written', async (page, message) => {
  mkdirSync(inside('a-folder'));
  const yaml = 'name: shop\n';
  expect(await refusal('start', yaml, '--output', inside('made'), '--report', inside(page))).toContain(message);
  expect(readFileSync(inside('platform.yaml'), 'utf8')).toBe(yaml);
  expect(readdirSync(folder).sort()).toEqual(['a-folder', 'platform.yaml']);
});

test('what the file system refuses is no defect of cimiento', async () => {
  const message = await refusal('start', 'name: shop\n', '--output', inside('platform.yaml'));
  expect(message).toMatch(/^error platform\.yaml\S*: it is not a folder \(ENOTDIR\); name another place/);
});
