import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { planAddresses, verify } from '../../../modules/addressing';
import { addressTable, shapeTable } from '../../../modules/report/address-table';
import { PLAIN } from '../../../modules/report/paint';
import { BRIEF } from './brief';

const golden = (name: string) => readFileSync(join(__dirname, 'golden', name), 'utf8');

// The golden files are the brief's answer as people read it: an edit of one is an edit of the answer.
test("the brief's two networks, to the last address", () => {
  const plan = planAddresses(BRIEF);
  expect(`${addressTable(plan, verify(plan), PLAIN)}\n`).toBe(golden('brief.txt'));
});

test('the five shapes of each block, and which is in use', () => {
  expect(`${shapeTable(planAddresses(BRIEF), PLAIN)}\n`).toBe(golden('brief-shapes.txt'));
});

test('a plan that is not proved says so instead of its statement', () => {
  const plan = planAddresses(BRIEF);
  const printed = addressTable(plan, ['bcp-1: 32 addresses before bcp-1-public-a are unallocated'], PLAIN);
  expect(printed).toContain('not proved: bcp-1: 32 addresses');
  expect(printed).not.toContain(plan.certificate.statement);
});
