/** `cimiento check --reachability` for programs. */
import { deniedBy, ownerOf, wayText, type Cell, type Reachability } from '../modules/checks/reachability';

/** What DESIGN promises to programs; fields may be added, never renamed. */
export const reachabilityForPrograms = ({ segments, cells, holds }: Reachability): object => ({
  segments,
  holds,
  cells: cells.map((cell) => {
    const { from, to, service, open, expected, ports, reaches, excess, cutOff, example } = cell;
    return {
      from,
      to,
      service: service ?? null,
      /** First and last: of services the same. */
      portRange: [ports.from, ports.to],
      open,
      expected,
      /** Those on which a connection was tried and came about. */
      ports: open ? [ports.from] : [],
      reaches: reaches.map(pair),
      excess: excess.map(pair),
      cutOff: cutOff.map((way) => ({ ...pair(way), by: deniedBy(way) ?? null })),
      example: example ? wayText(example, ports) : '',
      by: throughOf(example),
      why: example && !example.verdict.open ? example.verdict.why : null,
    };
  }),
});

const pair = ({ caller, called }: Cell['reaches'][number]) => ({ from: ownerOf(caller), to: ownerOf(called) });

function throughOf(example: Cell['example']): readonly string[] {
  if (example === undefined) return [];
  return example.verdict.open ? example.verdict.through : [example.verdict.by];
}
