import { podCapacity, usualPlan } from '../../../modules/addressing';

test.each([
  // 3 × /21 + 3 × /23 of a /19: the spare /23 is stranded.
  [19, 3, { privatePrefix: 21, publicPrefix: 23, stranded: 512 }],
  [24, 3, { privatePrefix: 26, publicPrefix: 28, stranded: 16 }],
  // Four zones fill a block evenly: nothing is stranded.
  [19, 4, { privatePrefix: 22, publicPrefix: 22, stranded: 0 }],
  [19, 5, { privatePrefix: 22, publicPrefix: 23, stranded: 512 }],
  [19, 6, { privatePrefix: 22, publicPrefix: 24, stranded: 512 }],
])('the usual answer for a /%i over %i zones', (prefix, zones, expected) => {
  expect(usualPlan(prefix, zones)).toEqual(expected);
});

// Counted by hand over the aligned /28s: the first holds .0 to .3 and the last the broadcast address, which are AWS's.
test.each([
  [2048, 126 * 16],
  [64, 2 * 16],
  [32, 0],
  [16, 0],
])('a subnet of %i addresses holds %i pods', (size, pods) => expect(podCapacity(size)).toBe(pods));
