/** Who reaches whom, on the page. */
import type { Reachability } from '../checks/reachability';
import { folded, table } from './html-table';
import { closedRows, gridOf, openRows, verdictOf, type Square } from './reachability-rows';
import { element as tag, text } from './svg';

export function reachabilitySection(reachability: Reachability): string {
  const { ends, squares } = gridOf(reachability);
  const markup = (head: string) => ({ head, markup: true });
  const grid = table(
    [{ head: 'from \\ to' }, ...ends.map(markup)],
    ends.map((from) => [from, ...ends.map((to) => shown(squares(from, to)))]),
  );
  const open = openRows(reachability);
  const closed = closedRows(reachability);
  const lines = (some: readonly string[]): string => some.map(text).join('<br>');
  return [
    tag('p', { class: 'mild' }, [
      text(`TCP ports on which a connection and its answers get through. · closed; ${verdictOf(reachability)}.`),
    ]),
    grid,
    folded(
      `what is open, for whom, and what lets it through (${open.length})`,
      table(
        [{ head: 'port' }, markup('who reaches whom'), markup('through')],
        open.map(({ what, who, by }) => [what, lines(who), lines(by)]),
      ),
    ),
    folded(
      `what is closed, and by what (${closed.length})`,
      table(
        [{ head: 'from' }, { head: 'to' }, { head: 'ports' }, { head: 'by' }],
        closed.map(({ from, to, ports, by }) => [from, to.join(', '), ports.join(' '), by]),
      ),
    ),
  ].join('');
}

function shown(some: readonly Square[] | undefined): string {
  if (some === undefined) return tag('span', { class: 'own' }, []);
  if (some.length === 0) return tag('span', { class: 'closed' }, ['·']);
  return some
    .map(({ ports, service, state }) =>
      tag('span', { class: state, ...(service && { title: service }) }, [text(ports)]),
    )
    .join(' ');
}
