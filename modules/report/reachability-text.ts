/** Who reaches whom, on a terminal. */
import type { Reachability } from '../checks/reachability';
import type { Paint } from './paint';
import { closedRows, gridOf, openRows, verdictOf, type Square } from './reachability-rows';
import { table } from './table';

/** The matrix, then every open port with who uses it and what lets it through, then what closes the rest. */
export function reachabilityText(reachability: Reachability, paint: Paint): string {
  const { ends, squares } = gridOf(reachability);
  const shown = (some: readonly Square[] | undefined): string => {
    if (some === undefined) return '';
    if (some.length === 0) return paint.dim('·');
    return some
      .map(({ ports, state }) => (state === 'open' ? paint.green(ports) : paint.red(paint.bold(`${ports}!`))))
      .join(' ');
  };
  const grid = table(
    [{ head: 'from \\ to' }, ...ends.map((head) => ({ head }))],
    ends.map((from) => [from, ...ends.map((to) => shown(squares(from, to)))]),
  );
  const open = openRows(reachability).flatMap(({ what, who, by }) => [
    paint.green(what),
    ...who.map((one) => `  ${one}`),
    paint.dim(`  by ${by.join(', ')}`),
  ]);
  const closed = table(
    [{ head: 'from' }, { head: 'to' }, { head: 'closed to' }, { head: 'by' }],
    closedRows(reachability).map(({ from, to, ports, by }) => [from, to.join(' '), ports.join(' '), by]),
  );
  return [`${grid}\n· closed; ${verdictOf(reachability)}`, open.join('\n'), closed].join('\n\n');
}
