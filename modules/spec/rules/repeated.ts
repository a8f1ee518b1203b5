/** Lists of which each value stands once: a second time it says nothing, or makes a resource that is there already. */
import type { Path, Problem } from '../problems';
import { show } from '../problems';
import type { Rule } from './rule';

export const repeated: Rule = ({ platform: { kubernetes } }) => [
  ...twice(['kubernetes', 'admins'], kubernetes.admins),
  ...twice(['kubernetes', 'api', 'publicFrom'], kubernetes.api.publicFrom),
];

const twice = (path: Path, values: readonly string[]): Problem[] =>
  values.flatMap((value, index) =>
    values.indexOf(value) === index
      ? []
      : [{ path: [...path, index], problem: `${show(value)} stands here a second time`, fix: 'remove it' }],
  );
