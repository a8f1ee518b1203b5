/** `cimiento check --reachability`: the matrix of who reaches whom, for people and for programs. */
import type { Reachability } from '../modules/checks/reachability';
import { table } from '../modules/report/table';
import { paint } from './paint';

/** A line a pair of segments, a column a service; what is not as `network.allow` has it stands out. */
export function reachabilityTable({ cells, network }: Reachability): string {
  const services = [...new Set(cells.map(({ service }) => service))];
  const pairs = [...new Set(cells.map(({ from, to }) => `${from} → ${to}`))];
  const rows = pairs.map((pair) => [
    pair,
    ...services.map((service) => {
      const cell = cells.find((one) => `${one.from} → ${one.to}` === pair && one.service === service)!;
      const word = cell.open ? `open ${cell.ports.join(' ')}` : 'closed';
      if (cell.open !== cell.expected) return paint.red(paint.bold(`${word}!`));
      return cell.open ? paint.green(word) : paint.dim('·');
    }),
  ]);
  const columns = [{ head: 'who reaches whom' }, ...services.map((head) => ({ head }))];
  const wrong = cells.filter(({ open, expected }) => open !== expected).length;
  const verdict = wrong === 0 ? 'as network.allow has it' : `${wrong} not as network.allow has it`;
  const size = `${cells.length} cells, ${network.parties.length} addresses`;
  return `${table(columns, rows)}\n· closed; ${size}: ${verdict}`;
}

/** What DESIGN promises to programs; fields may be added, never renamed. */
export const reachabilityForPrograms = ({ segments, cells }: Reachability): object => ({
  segments,
  cells: cells.map(({ from, to, service, open, expected, ports, example, by, why }) => ({
    from,
    to,
    service,
    open,
    expected,
    ports,
    example,
    by,
    why: why ?? null,
  })),
});
