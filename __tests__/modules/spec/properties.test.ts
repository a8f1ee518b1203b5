import fc from 'fast-check';
import { parseDocument, stringify } from 'yaml';
import { parse, refused } from './parsing';
import { print } from './print';

const complete = print(parse('name: x\nbudget: { monthly: 1 USD, email: a@b.example }\ntags: { team: shop }'));

/** Every path of the complete file. */
function paths(value: unknown, path: (string | number)[] = []): (string | number)[][] {
  if (typeof value !== 'object' || value === null) return [path];
  return [
    path,
    ...Object.entries(value).flatMap(([key, inner]) =>
      paths(inner, [...path, Array.isArray(value) ? Number(key) : key]),
    ),
  ];
}
const everywhere = fc.constantFrom(...paths(parseDocument(complete).toJS()).slice(1));

const odd = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.string(),
  fc.double(),
  fc.constantFrom(
    '10.0.0.5/19',
    '10.0.0.0/33',
    '-1 GiB',
    '0',
    'a -> b',
    '%',
    '!!',
    '2 vCPU',
    'NaN',
    '__proto__',
    'constructor',
  ),
);

/** `platform.yaml:7:11 …` points at a character that the file has. */
function expectInside(source: string, message: string): void {
  const [, line, column] = /^platform\.yaml:(\d+):(\d+)[ :]/.exec(message)!.map(Number);
  const lines = source.split('\n');
  expect(line).toBeLessThanOrEqual(lines.length);
  expect(column).toBeLessThanOrEqual(lines[line! - 1]!.length + 1);
}

test('any value replaced by anything is taken or refused inside the file, and never crashes', () =>
  fc.assert(
    fc.property(everywhere, odd, (path, value) => {
      const document = parseDocument(complete);
      document.setIn(path, document.createNode(value));
      const source = document.toString();
      for (const message of refused(source)) expectInside(source, message);
    }),
    { numRuns: 100 },
  ));

test('any key misspelt is refused at the key, with the key in the message', () =>
  fc.assert(
    fc.property(everywhere, fc.constantFrom('x', 'Q', '-'), (path, letter) => {
      const key = path.at(-1)!;
      fc.pre(typeof key === 'string' && path[0] !== 'tags' && !path.includes('allow'));
      const document = parseDocument(complete);
      const value = document.getIn(path, true);
      document.deleteIn(path);
      document.setIn([...path.slice(0, -1), `${key}${letter}`], value);
      expect(refused(document.toString()).join('\n')).toContain(`${key}${letter}`);
    }),
    { numRuns: 100 },
  ));

test('any file with characters struck out or put in is taken or refused inside the file', () =>
  fc.assert(
    fc.property(
      fc.nat(complete.length),
      fc.nat(20),
      fc.oneof(fc.string(), fc.constantFrom('\t', '[', '{', '&a ', '*a', '"', ': ', '- ')),
      (at, length, text) => {
        const source = complete.slice(0, at) + text + complete.slice(at + length);
        for (const message of refused(source)) expectInside(source, message);
      },
    ),
    { numRuns: 100 },
  ));

test('any text at all is taken or refused', () =>
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (source) => void refused(source)),
    { numRuns: 100 },
  ));

test('parsing what was printed gives the platform that was printed', () =>
  fc.assert(
    fc.property(
      fc.record(
        {
          profile: fc.constantFrom('managed', 'cheapest-durable'),
          state: fc.constantFrom('local', { s3: 'my-bucket' }),
          volumes: fc.constantFrom('gp2', 'gp3'),
          network: fc.record({
            zones: fc.constantFrom(3, ['use2-az3', 'use2-az1', 'use2-az2']),
            egress: fc.constantFrom('single-nat', 'nat-per-zone'),
            services: fc.record({
              segments: fc.uniqueArray(fc.stringMatching(/^[a-z][a-z0-9]{0,8}$/), { minLength: 1, maxLength: 8 }),
            }),
          }),
          kafka: fc.record({
            nodes: fc.constant(3),
            disk: fc.integer({ min: 1, max: 16_384 }).map((gib) => `${gib} GiB`),
          }),
          usage: fc.record({ natGb: fc.nat(), lcu: fc.integer({ min: 0, max: 50 }) }),
        },
        { requiredKeys: [] },
      ),
      (file) => {
        const platform = parse(stringify({ name: 'x', ...file }));
        expect(parse(print(platform))).toEqual(platform);
        expect(print(parse(print(platform)))).toBe(print(platform));
      },
    ),
  ));
