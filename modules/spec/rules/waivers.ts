/** A waiver counts for a while: not past its date, and for a year at most. */
import type { Problem } from '../problems';
import type { Rule } from './rule';

export const waivers: Rule = ({ platform, facts }) =>
  platform.waivers.flatMap(({ id, until }, index): Problem[] => {
    const path = ['waivers', index, 'until'];
    if (until < facts.today) {
      return [
        {
          path,
          problem: `the waiver of ${id} ended on ${until}`,
          fix: 'mend the finding and remove the waiver, or renew it',
        },
      ];
    }
    if (until > aYearAfter(facts.today)) {
      return [
        { path, problem: `${until} is more than a year ahead`, fix: 'a waiver lasts a year at most; renew it then' },
      ];
    }
    return [];
  });

/** The same day next year; 29 February becomes 1 March. */
function aYearAfter(today: string): string {
  const date = new Date(`${today}T00:00:00Z`);
  date.setUTCFullYear(date.getUTCFullYear() + 1);
  return date.toISOString().slice(0, 10);
}
