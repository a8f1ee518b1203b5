/** Commitments against the worked bill "b2 cheap Graviton" of us-east-1: 1,173.64 on demand (worked-by-hand.md). */
import { commitmentShares } from '../../../../modules/checks/cost';
import { priced, type Resources } from './project';

const RESOURCES: Resources = {
  aws_instance: {
    m: { count: 10, instance_type: 'm6g.large' },
    mongodb: { count: 3, instance_type: 'r6g.large' },
  },
  aws_db_instance: {
    postgres: { engine: 'postgres', instance_class: 'db.m6g.large', storage_type: 'gp3', allocated_storage: 100 },
  },
  aws_eks_cluster: { platform: { version: '1.36' } },
};
const ON_DEMAND = 1173.64;

test('with each commitment the bill is the one worked by hand', async () => {
  const shares = commitmentShares((await priced(RESOURCES)).lines);
  const saves = (name: string, term: string) =>
    shares.find((one) => one.name === name && one.term.startsWith(term))?.saves ?? NaN;
  const withPlan = (saved: number) => Math.abs(ON_DEMAND - saved);
  expect(withPlan(saves('Compute Savings Plan', '1'))).toBeCloseTo(1023.33, 1);
  expect(withPlan(saves('EC2 Instance Savings Plan', '1'))).toBeCloseTo(908.81, 1);
  expect(withPlan(saves('EC2 Instance Savings Plan', '1') + saves('RDS reserved instance', '1'))).toBeCloseTo(
    867.03,
    1,
  );
});

test('plans cover machines, reservations the database, nothing the control plane or volumes', async () => {
  const { lines } = await priced(RESOURCES);
  const machines = lines.filter((line) => line.item.startsWith('EC2')).reduce((sum, line) => sum + line.monthly, 0);
  for (const share of commitmentShares(lines)) {
    expect([share.name, share.covers]).toEqual([
      share.name,
      share.name.startsWith('RDS') ? 116.07 : expect.closeTo(machines, 2),
    ]);
    expect(share.source).toMatch(/read 2026/);
  }
});
