/** Names of shapes: the extra prefix bits of each subnet of a block, sorted, such as `2,2,3,3,3,3`. */
import { readText, Refused } from './leaf';
import { show } from './problems';

/** `auto`, or bits that fill a block exactly (the halves, quarters, eighths … they stand for sum to one). */
export function shape(value: unknown): string {
  const text = readText(value, 'a shape', "auto or '2,2,2,3,4,4'");
  if (text === 'auto') return text;
  const bits = text.split(',').map((part) => (/^ ?\d{1,2}$/.test(part) ? Number(part) : NaN));
  if (bits.some(Number.isNaN)) throw new Refused(`${show(text)} is not a shape`, "write it like auto or '2,2,2,3,4,4'");
  const filled = bits.reduce((sum, bit) => sum + 2 ** -bit, 0);
  if (filled !== 1) {
    const what = filled < 1 ? 'leaves addresses unallocated' : 'needs more than the whole block';
    throw new Refused(
      `${text} ${what}`,
      'the five shapes of six subnets are 1,2,3,4,5,5 · 1,2,4,4,4,4 · 1,3,3,3,4,4 · 2,2,2,3,4,4 · 2,2,3,3,3,3',
    );
  }
  return bits.sort((a, b) => a - b).join(',');
}

/** Extra bits of a named shape; undefined for `auto`. */
export function shapeBits(name: string): readonly number[] | undefined {
  return name === 'auto' ? undefined : name.split(',').map(Number);
}
