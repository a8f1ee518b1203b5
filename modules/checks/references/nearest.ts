import { closest, distance } from 'fastest-levenshtein';

/** `did you mean "cidr_block"?` for what is likely a slip of the hand; otherwise what there is to choose from. */
export function suggest(wrong: string, known: readonly string[]): string {
  const letters = (name: string) => [...name].sort().join('');
  // Two letters swapped count as two changes, and so as far as two wrong ones.
  const swapped = known.find((name) => name.length === wrong.length && letters(name) === letters(wrong));
  const nearest = swapped ?? (known.length === 0 ? undefined : closest(wrong, known as string[]));
  if (nearest !== undefined && distance(wrong, nearest) <= Math.max(2, Math.floor(wrong.length / 4)))
    return `did you mean "${nearest}"?`;
  if (known.length === 0) return 'remove it';
  return known.length <= 12 ? `there is ${known.join(', ')}` : 'check its name in the documentation of the type';
}
