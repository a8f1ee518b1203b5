/** "Did you mean …?": the nearest known word, when it is near enough to be what was meant. */
import { distance } from 'fastest-levenshtein';

/** At most two slips, or a third of a long word. */
const farthest = (word: string) => Math.max(2, Math.floor(word.length / 3));

/** The known word that differs least from `word`; undefined when none is near. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const asked = word.toLowerCase();
  let best: string | undefined;
  let least = farthest(word) + 1;
  for (const candidate of known) {
    const apart = distance(asked, candidate.toLowerCase());
    if (apart < least) [best, least] = [candidate, apart];
  }
  return best;
}

/** `did you mean single-nat?`, or else what there is to choose from. */
export function didYouMean(word: string, known: readonly string[]): string {
  const meant = nearest(word, known);
  return meant === undefined ? `choose from ${known.join(', ')}` : `did you mean ${meant}?`;
}
