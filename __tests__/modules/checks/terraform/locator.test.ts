import fc from 'fast-check';
import { lineOf, Locator } from '../../../../modules/checks/terraform/locate';

/** Every path into a JSON value. */
function paths(value: unknown, path: readonly (string | number)[] = []): (readonly (string | number)[])[] {
  const inner = Array.isArray(value)
    ? value.flatMap((one, index) => paths(one, [...path, index]))
    : typeof value === 'object' && value !== null
      ? Object.entries(value).flatMap(([key, one]) => paths(one, [...path, key]))
      : [];
  return [path, ...inner];
}

test('a locator says what reading the file anew for each path says, in any order', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 4 }), fc.constantFrom(0, 1, 2), (text, indent) => {
      const value: unknown = JSON.parse(text);
      const source = JSON.stringify(value, null, indent);
      const locator = new Locator(source);
      for (const path of [...paths(value), ...paths(value).reverse()])
        expect(locator.lineOf(path)).toBe(lineOf(source, path));
    }),
  );
});

test('a path that leads nowhere ends at the deepest ancestor that exists', () => {
  const source = '{\n  "a": {\n    "b": 1\n  }\n}';
  expect([['a', 'b'], ['a', 'c'], ['x']].map((path) => new Locator(source).lineOf(path))).toEqual([3, 2, 1]);
});
