import { named } from '../../../modules/aws/names';

test.each([
  ['loadBalancer', ['cimiento', 'entry'], 'cimiento-entry'],
  // A prefix ends with the dash before what AWS appends.
  ['bucketPrefix', ['cimiento', 'flow-logs', ''], 'cimiento-flow-logs-'],
] as const)('%s %j is %s', (kind, parts, expected) => {
  expect(named(kind, ...parts)).toBe(expected);
});

test('a name of exactly the limit is taken, a longer one is refused by its length', () => {
  expect(named('loadBalancer', 'a'.repeat(26), 'entry')).toHaveLength(32);
  expect(() => named('loadBalancer', 'a'.repeat(28), 'entry')).toThrow(
    `"${'a'.repeat(28)}-entry" has 34 characters, and AWS takes 32 for a loadBalancer`,
  );
});
