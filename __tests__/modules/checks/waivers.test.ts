import type { Finding } from '../../../modules/checks/finding';
import { idleWaivers, waive } from '../../../modules/checks/waivers';

const finding: Finding = {
  id: 'exposure.ingress',
  kind: 'policy',
  severity: 'critical',
  stack: 'network',
  address: 'aws_security_group.vpn_eu',
  attribute: 'ingress',
  message: 'port 443 is open to 0.0.0.0/0',
  fix: 'name the blocks',
};
const waiver = { id: 'exposure.ingress', reason: 'partners roam', until: '2026-12-31' };
const waived = (address: string | undefined, today = '2026-11-24') =>
  waive([finding], [{ ...waiver, ...(address !== undefined && { address }) }], today)[0];

test.each([
  [undefined, true],
  ['aws_security_group.vpn_eu', true],
  ['aws_security_group.vpn*', true],
  ['*vpn*', true],
  ['aws_security_group.vpn', false],
  ['aws_security_group?vpn_eu', false],
])('a waiver for %s excuses it: %s', (address, excused) => {
  expect(waived(address)?.waived !== undefined).toBe(excused);
});

test('it counts through its last day, and says when it ended', () => {
  expect(waived(undefined, '2026-12-31')?.waived).toEqual({ reason: 'partners roam', until: '2026-12-31' });
  expect(waived(undefined, '2027-01-01')).toMatchObject({
    message: 'port 443 is open to 0.0.0.0/0 (its waiver ended on 2026-12-31)',
  });
});

test('a waiver that excuses nothing is told', () => {
  expect(idleWaivers([finding], [waiver, { ...waiver, id: 'tags.project' }])).toEqual([
    { ...waiver, id: 'tags.project' },
  ]);
});
