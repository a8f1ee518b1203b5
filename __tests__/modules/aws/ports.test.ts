import fc from 'fast-check';
import { portRanges } from '../../../modules/aws/ports';

test('neighbouring ports share a range', () => {
  expect(portRanges([11002, 9100, 11001, 9100])).toEqual([
    { from: 9100, to: 9100 },
    { from: 11001, to: 11002 },
  ]);
});

test('ranges hold exactly the given ports, and no two of them touch', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 40 })), (ports) => {
      const ranges = portRanges(ports);
      const held = ranges.flatMap(({ from, to }) => Array.from({ length: to - from + 1 }, (_, i) => from + i));
      expect(held).toEqual([...new Set(ports)].sort((a, b) => a - b));
      for (const [i, range] of ranges.entries()) {
        if (i > 0) expect(range.from).toBeGreaterThan(ranges[i - 1]!.to + 1);
      }
    }),
  );
});
