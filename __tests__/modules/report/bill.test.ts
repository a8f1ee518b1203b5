/** The printed bill of a small project, as a golden text. UPDATE_GOLDENS=1 rewrites it; read the difference. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { estimate } from '../../../modules/checks/cost';
import { loadTerraform, resolveProject } from '../../../modules/checks/terraform';
import { alternativesTable } from '../../../modules/report/alternatives';
import { bill } from '../../../modules/report/bill';
import { PLAIN } from '../../../modules/report/paint';
import usage from '../checks/cost/golden/usage.json';

const INPUT = join(__dirname, '../checks/cost/golden/small-shop.tf.json');
const GOLDEN = join(__dirname, 'golden/small-shop.txt');

// Loading the HCL parser takes a second, on a busy machine many.
jest.setTimeout(60_000);

test('small-shop', async () => {
  const files = new Map([['main.tf.json', readFileSync(INPUT, 'utf8')]]);
  const found = estimate(await resolveProject(loadTerraform(files)), { usage, today: '2026-11-24' });
  const printed = `${bill(found, PLAIN, { zeros: true })}\n`;
  if (process.env.UPDATE_GOLDENS === '1') writeFileSync(GOLDEN, printed);
  expect(printed).toBe(readFileSync(GOLDEN, 'utf8'));
});

describe('alternatives', () => {
  const configuration = {
    kafka: 'ec2' as const,
    egress: 'single-nat' as const,
    multiAz: true,
    volumes: 'gp3' as const,
    region: 'us-east-2',
    machines: 'm6g.large',
    database: 'db.m6g.large',
    monthly: 1000,
    losesData: false,
  };
  const cheaper = { ...configuration, egress: 'nat-per-zone' as const, monthly: 900 };
  const report = {
    monthly: 1000,
    alternatives: [
      { id: 'a', change: 'one', tradeOff: 'gives up x', losesData: false, monthly: 900, delta: -100, unpriced: [] },
      { id: 'b', change: 'two', tradeOff: 'gains y', losesData: false, monthly: 1100.5, delta: 100.5, unpriced: [] },
    ],
    operations: [],
    optimality: {
      chosen: configuration,
      enumerated: 8,
      durable: 4,
      cheaper: [cheaper],
      equal: [],
      cheapestOfAll: cheaper,
    },
    crossovers: [{ between: 'A and B', usage: 'natGb' as const, at: 5475, cheaperAbove: 'B', why: 'because' }],
  };
  const printed = alternativesTable(report, usage, PLAIN);

  test('savings bear a minus, costs a plus', () => {
    expect(printed).toContain('−100.00  one ');
    expect(printed).toContain('+100.50  two ');
  });
  test('a default that is not the cheapest is told so, with what would be', () => {
    expect(printed).toContain(
      '1 of the 4 that lose no data with a zone are cheaper; the cheapest, us-east-2, Kafka on EC2',
    );
    expect(printed).toContain('by 100.00');
  });
  test('a crossover names the usage here', () => {
    expect(printed).toContain('A and B: B becomes cheaper above 5,475 GB a month (here usage.natGb is 200); because');
  });
  test('one that loses data is told so', () => {
    const losing = { ...report.optimality, chosen: { ...configuration, multiAz: false, losesData: true } };
    expect(alternativesTable({ ...report, optimality: losing }, usage, PLAIN)).toContain(
      'can lose committed data with a zone',
    );
  });
});
