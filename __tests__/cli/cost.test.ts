import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { registerCost } from '../../cli/cost';
import { cimiento, forget } from './cimiento';

// A synthesis takes a second, on a busy machine many; no test here is about time.
jest.setTimeout(120_000);

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cimiento-cost-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
  forget();
});

const cost = (...flags: string[]) => cimiento([registerCost], ['cost', ...flags]);

const give = (resource: object, name = 'main.tf.json') =>
  writeFileSync(join(folder, name), JSON.stringify({ provider: { aws: { region: 'us-east-2' } }, resource }));

test('the platform: everything has a price, and the total is the sum of its lines', async () => {
  const { stdout, stderr } = await cost('--json');
  const found = JSON.parse(stdout);
  expect(stderr).toBe('');
  expect(found.unpriced).toEqual([]);
  expect(process.exitCode).toBeUndefined();
  expect(found).toMatchObject({
    currency: 'USD',
    hoursPerMonth: 730,
    pricesReadOn: expect.stringMatching(/^20\d\d-\d\d-\d\d$/),
  });
  const sum = found.lines.reduce((all: number, line: { monthly: number }) => all + line.monthly, 0);
  expect(sum.toFixed(2)).toBe(found.monthly.likely.toFixed(2));
  expect(found.monthly.low).toBeLessThan(found.monthly.likely);
  expect(Object.keys(found.lines[0])).toEqual(
    expect.arrayContaining([
      'stack',
      'address',
      'purpose',
      'item',
      'quantity',
      'unit',
      'unitPrice',
      'monthly',
      'basis',
      'reason',
      'source',
    ]),
  );
  // What a bill worked by hand says of this shape: 1,173.64 with a database in one zone (127.57 less), r6g for MongoDB (52.12
  // more) and 900 GB between zones; see worked-by-hand.md.
  expect(Math.abs(found.monthly.likely - (1173.64 + 127.57 - 52.12))).toBeLessThan(15);
});

test('--generations shows what was chosen from: every generation, nothing burstable, the cheapest chosen', async () => {
  const { stdout } = await cost('--generations');
  const types = stdout
    .split('\n')
    .flatMap((line) => /^ +(\d) {2}(\S+\.large) .*$/.exec(line)?.slice(1, 3).join(' ') ?? []);
  expect(types).toEqual(
    expect.arrayContaining([
      '5 m5.large',
      '6 m6g.large',
      '7 m7g.large',
      '8 m8g.large',
      '6 db.m6g.large',
      '7 kafka.m7g.large',
    ]),
  );
  expect(stdout).not.toMatch(/ t\d/);
  expect(stdout).toMatch(/ m6g\.large .* cheapest +3 +chosen/);
});

test('anybody’s folder: the columns of the printed bill add up to its total', async () => {
  give({ aws_instance: { web: { count: 3, instance_type: 'c6g.large' } }, aws_nat_gateway: { n: { count: 7 } } });
  const { stdout } = await cost(folder);
  const amounts = (heading: string) => {
    const lines = stdout.split('\n');
    const from = lines.findIndex((line) => line.startsWith(heading)) + 1;
    const rows = lines.slice(from, lines.indexOf('', from));
    return rows.map((line) =>
      Number((/ ([\d,]+\.\d\d) +[\d,]+\.\d\d +[\d.]+ %$/.exec(line)?.[1] ?? 'NaN').replace(/,/g, '')),
    );
  };
  for (const heading of ['by purpose', 'by stack']) {
    const column = amounts(heading);
    const total = column.pop();
    expect(column.length).toBeGreaterThan(0);
    expect(column.reduce((sum, one) => sum + one, 0)).toBeCloseTo(total ?? NaN, 9);
  }
});

test('what has no price: exit 1, and one line each on stderr with its place', async () => {
  give({ aws_instance: { a: { instance_type: 't3.micro' } }, aws_lambda_function: { f: {} } });
  const { stdout, stderr } = await cost(folder, '--json');
  expect(process.exitCode).toBe(1);
  expect(JSON.parse(stdout).unpriced.map((one: { address: string; type: string }) => [one.address, one.type])).toEqual([
    ['aws_instance.a', 'aws_instance'],
    ['aws_lambda_function.f', 'aws_lambda_function'],
  ]);
  expect(stderr.trim().split('\n')).toEqual([
    expect.stringContaining(`${folder}/main.tf.json:1 aws_instance.a instance_type: no price of ec2.t3.micro`),
    expect.stringContaining('aws_lambda_function.f type: aws_lambda_function has neither'),
  ]);
});

test('volumes of rendered manifests are priced beside', async () => {
  give({ aws_kms_key: { k: {} } });
  const manifest = join(folder, 'app.yaml');
  writeFileSync(
    manifest,
    'kind: PersistentVolumeClaim\nmetadata: {name: d}\nspec: {resources: {requests: {storage: 100Gi}}}\n',
  );
  const { stdout } = await cost(folder, '--json', '--manifests', manifest);
  expect(JSON.parse(stdout).monthly.likely).toBe(1 + 8);
});

test('where there is no platform.yaml the usage is the default one', async () => {
  give({ aws_nat_gateway: { n: { allocation_id: 'x' } } });
  const here = process.cwd();
  process.chdir(folder);
  try {
    const { lines, unpriced } = JSON.parse((await cost('.', '--json')).stdout);
    expect(unpriced).toEqual([]);
    expect(lines.find((line: { item: string }) => line.item === 'NAT data').quantity).toBe(200);
  } finally {
    process.chdir(here);
  }
});

test('a folder whose provider names no region: --region does', async () => {
  writeFileSync(join(folder, 'main.tf.json'), JSON.stringify({ resource: { aws_kms_key: { k: {} } } }));
  expect((await cost(folder)).stderr).toContain('neither the resource nor its provider names a region');
  expect(process.exitCode).toBe(1);
  process.exitCode = undefined;
  expect(JSON.parse((await cost(folder, '--json', '--region', 'ca-central-1')).stdout)).toMatchObject({
    monthly: { likely: 1 },
    unpriced: [],
  });
});

test.each([
  ['no folder', ['/nonexistent'], /\/nonexistent: there is no such folder/],
  ['no manifest', ['FOLDER', '--manifests', '/nonexistent.yaml'], /\/nonexistent.yaml: there is no such file/],
  ['no platform', ['FOLDER', '--platform', '/nonexistent.yaml'], /nonexistent.yaml: there is no such file/],
  [
    'a folder for a platform',
    ['FOLDER', '--platform', 'FOLDER'],
    /it cannot be read \(EISDIR\); is it a readable file\?/,
  ],
  ['alternatives of a folder', ['FOLDER', '--alternatives'], /cannot rebuild/],
])('%s is refused', async (_, flags, message) => {
  give({});
  await expect(cost(...flags.map((flag) => (flag === 'FOLDER' ? folder : flag)))).rejects.toThrow(message);
});

test('hand-written HCL is priced too, also beside Terraform JSON of the same name', async () => {
  give({ aws_kms_key: { k: {} } });
  writeFileSync(
    join(folder, 'main.tf'),
    'variable "n" { default = 5 }\nresource "aws_eip" "a" {\n  count = var.n\n}\nresource "aws_lambda_function" "f" {\n}\n',
  );
  const { stdout, stderr } = await cost(folder, '--json');
  const { lines, monthly } = JSON.parse(stdout);
  expect(lines.map(({ address }: { address: string }) => address)).toContain('aws_eip.a[4]');
  expect(monthly.likely).toBe(5 * 3.65 + 1);
  // Where it was written, not where it was converted to.
  expect(stderr).toContain('main.tf:5 aws_lambda_function.f type');
});
