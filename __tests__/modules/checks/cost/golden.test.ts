/**
 * Bills beside their inputs: golden/<case>.tf.json is hand-written Terraform, golden/usage.json the usage, golden/<case>.bill.txt
 * what it costs.
 * UPDATE_GOLDENS=1 rewrites the bills; read the difference before committing it.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { estimate, type Estimate } from '../../../../modules/checks/cost';
import { loadTerraform, resolveProject } from '../../../../modules/checks/terraform';
import usage from './golden/usage.json';
import { TODAY } from './project';

const FOLDER = join(__dirname, 'golden');

function printed({ lines, unpriced, monthly }: Estimate): string {
  const fixed = (amount: number) => amount.toFixed(2).padStart(10);
  const rows = lines.map(
    ({ address, item, quantity, unit, unitPrice, monthly: amount, basis, confidence, reason, source }) =>
      basis === 'zero'
        ? `${fixed(0)}  ${address}: ${item}, free: ${reason}`
        : `${fixed(amount)}  ${address}: ${item}, ${quantity} ${unit} × ${unitPrice} (${basis}${confidence === 'estimate' ? ', price estimated' : ''}; ${source})` +
          (reason === '' ? '' : `\n            ${reason}`),
  );
  const failures = unpriced.map(
    ({ place, address, attribute, message }) => `  no price  ${place} ${address} ${attribute}: ${message}`,
  );
  const total = `${fixed(monthly.likely)}  USD a month (${monthly.low.toFixed(2)} to ${monthly.high.toFixed(2)})`;
  return [...rows, ...failures, total, ''].join('\n');
}

const inputs = readdirSync(FOLDER).filter((name) => name.endsWith('.tf.json'));

test('there are inputs', () => expect(inputs.length).toBeGreaterThanOrEqual(5));

test.each(inputs)('%s', async (input) => {
  const files = new Map([[input, readFileSync(join(FOLDER, input), 'utf8')]]);
  const found = printed(estimate(await resolveProject(loadTerraform(files)), { usage, today: TODAY }));
  const golden = join(FOLDER, input.replace(/\.tf\.json$/, '.bill.txt'));
  if (process.env.UPDATE_GOLDENS === '1') writeFileSync(golden, found);
  expect(existsSync(golden) ? readFileSync(golden, 'utf8') : 'no golden yet').toBe(found);
});
