import { judgeShapes, shapeName, shapes } from '../../../modules/addressing';
import { chooseShape } from '../../../modules/addressing/shapes';

const HERE = 'platform.yaml network.services.shape';
const choose = (prefix: number, zones: number, choice = 'auto') => {
  const { bits } = chooseShape(prefix, zones, choice, HERE);
  const cut = (extra: readonly number[]) => extra.map((bit) => `/${prefix + bit}`).join(' ');
  return `private ${cut(bits.private)}, public ${cut(bits.public)}`;
};

describe('shapes', () => {
  test('six subnets fill a block in exactly five ways', () => {
    expect(shapes(6).map(shapeName)).toEqual([
      '1,2,3,4,5,5',
      '1,2,4,4,4,4',
      '1,3,3,3,4,4',
      '2,2,2,3,4,4',
      '2,2,3,3,3,3',
    ]);
  });

  test('as many as OEIS A002572 counts', () => {
    const counts = Array.from({ length: 12 }, (_, at) => shapes(at + 1).length);
    expect(counts).toEqual([1, 1, 1, 2, 3, 5, 9, 16, 28, 50, 89, 159]);
  });

  test.each([2, 3, 4, 5, 6, 7])('%i subnets: the same as brute force over every multiset of bits', (leaves) => {
    // Integers instead of fractions: a subnet of b extra bits is 2^(leaves-b) units of a block of 2^leaves.
    const found: string[] = [];
    const pick = (sofar: number[], from: number) => {
      const filled = sofar.reduce((sum, bit) => sum + 2 ** (leaves - bit), 0);
      if (sofar.length === leaves) {
        if (filled === 2 ** leaves) found.push(sofar.join(','));
        return;
      }
      for (let bit = from; bit <= leaves; bit += 1) pick([...sofar, bit], bit);
    };
    pick([], 1);
    expect(shapes(leaves).map(shapeName)).toEqual(found);
  });
});

describe('the choice', () => {
  test.each([
    // The brief's two blocks.
    [19, 3, 'private /21 /21 /21, public /22 /23 /23'],
    [24, 3, 'private /26 /26 /27, public /27 /27 /27'],
    // From the largest VPC to the smallest block that holds a load balancer in two zones.
    [16, 3, 'private /18 /18 /18, public /19 /20 /20'],
    [23, 3, 'private /25 /25 /25, public /26 /27 /27'],
    [25, 3, 'private /28 /28 /28, public /27 /27 /28'],
    // More zones: four fill a block evenly; six get a block in which the public half must be the larger one.
    [19, 4, 'private /22 /22 /22 /22, public /22 /22 /22 /22'],
    [19, 5, 'private /22 /22 /22 /22 /22, public /22 /23 /23 /23 /23'],
    [24, 5, 'private /27 /28 /28 /28 /28, public /27 /27 /27 /27 /27'],
    [24, 6, 'private /28 /28 /28 /28 /28 /28, public /27 /27 /27 /27 /28 /28'],
  ])('a /%i over %i zones', (prefix, zones, expected) => {
    expect(choose(prefix, zones)).toBe(expected);
  });

  test('all five can be had by name, in any order, with or without braces', () => {
    const prefixes = shapes(6).map((shape) => choose(19, 3, shapeName(shape)));
    expect(new Set(prefixes).size).toBe(5);
    expect(choose(19, 3, '{4, 4, 3, 2, 2, 2}')).toBe(choose(19, 3, '2,2,2,3,4,4'));
  });

  test('in a /24 one shape alone leaves every subnet the /27 of a load balancer', () => {
    expect(
      shapes(6)
        .filter((shape) => shape.every((bit) => 24 + bit <= 27))
        .map(shapeName),
    ).toEqual(['2,2,3,3,3,3']);
  });

  test('a shape that has room for load balancers only with the public half larger is dealt that way', () => {
    expect(choose(24, 3, '2,2,2,3,4,4')).toBe('private /27 /28 /28, public /26 /26 /26');
    expect(choose(24, 3, '2,2,3,3,3,3')).toBe('private /26 /26 /27, public /27 /27 /27');
  });

  test('a shape that cannot be used says why', () => {
    const refusals = judgeShapes(24, 3).map(({ arrangement: { shape }, refusal }) => [shapeName(shape), refusal]);
    expect(refusals).toEqual([
      ['1,2,3,4,5,5', 'a /29 is smaller than AWS allows (/28)'],
      ['1,2,4,4,4,4', '2 of 3 public subnets hold a load balancer (/27)'],
      ['1,3,3,3,4,4', undefined],
      ['2,2,2,3,4,4', undefined],
      ['2,2,3,3,3,3', undefined],
    ]);
  });

  test.each([
    [24, 3, '1,2,4,4,4,4', '2 of 3 public subnets hold a load balancer (/27); use 2,2,3,3,3,3'],
    [24, 3, '1,2,3,4,5,5', 'a /29 is smaller than AWS allows (/28)'],
    [19, 3, '2,2,2', '"2,2,2" does not fill a block with 6 subnets; use auto or one of 1,2,3,4,5,5 | 1,2,4,4,4,4'],
    [19, 3, 'even', '"even" does not fill a block with 6 subnets'],
    [19, 5, '2,2,2', 'did you mean 3,3,3,3,3,3,4,4,4,4?'],
    [26, 3, 'auto', 'a block of /26 is too small for 3 public and 3 private subnets'],
    [25, 4, 'auto', 'so it takes a /24'],
    [12, 3, 'auto', 'a block of /12 is too large'],
    [14, 3, '1,2,3,4,5,5', 'a /15 is larger than AWS allows (/16)'],
  ])('a /%i over %i zones refuses %s', (prefix, zones, choice, message) => {
    expect(() => choose(prefix, zones, choice)).toThrow(message);
    expect(() => choose(prefix, zones, choice)).toThrow(HERE);
  });
});
