import { closest, distance } from 'fastest-levenshtein';

/** `did you mean "cidr_block"?` for what is likely a slip of the hand; otherwise what there is to choose from. */
export function suggest(wrong: string, known: readonly string[]): string {
  const nearest = known.length === 0 ? undefined : closest(wrong, known as string[]);
  if (nearest !== undefined && distance(wrong, nearest) <= Math.max(2, Math.floor(wrong.length / 4)))
    return `did you mean "${nearest}"?`;
  if (known.length === 0) return 'remove it';
  return known.length <= 12 ? `there is ${known.join(', ')}` : 'check its name in the documentation of the type';
}
