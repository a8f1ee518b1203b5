/** The reachability matrix as rows of words, for the terminal and for the page alike. */
import { cellName, isRight, ownerOf, portText, type Cell, type Reachability, type Way } from '../checks/reachability';

export interface Square {
  readonly ports: string;
  /** What they are for. */
  readonly service?: string;
  readonly state: 'open' | 'wrong';
}

export interface Grid {
  readonly ends: readonly string[];
  /** What of `from` reaches what of `to`, port by port; undefined within a segment. */
  readonly squares: (from: string, to: string) => readonly Square[] | undefined;
}

export function gridOf({ cells }: Reachability): Grid {
  const ends = [...new Set(cells.flatMap(({ from, to }) => [from, to]))];
  return {
    ends,
    squares: (from, to) =>
      from === to
        ? undefined
        : cells
            .filter((cell) => cell.from === from && cell.to === to && (cell.open || cell.expected))
            .sort((one, other) => one.ports.from - other.ports.from)
            .map((cell) => ({
              ports: `${portText(cell.ports)}${cell.open ? '' : ' closed'}`,
              ...(cell.service && { service: cell.service }),
              state: isRight(cell) ? 'open' : 'wrong',
            })),
  };
}

export interface OpenRow {
  readonly what: string;
  /** `cluster/aws_eks_node_group.a → data/aws_db_instance.postgres` */
  readonly who: readonly string[];
  /** What lets the first of them through, in the order in which packets meet it. */
  readonly by: readonly string[];
}

export const openRows = ({ cells }: Reachability): OpenRow[] =>
  cells
    .filter(({ open }) => open)
    .map((cell) => {
      const { verdict } = cell.example!;
      return { what: cellName(cell), who: whoOf(cell), by: verdict.open ? verdict.through : [] };
    });

/** Callers of the same resources are named together. */
function whoOf({ reaches }: Cell): string[] {
  const callers = new Map<string, string[]>();
  for (const { caller, called } of reaches) {
    const key = ownerOf(called);
    callers.set(key, [...(callers.get(key) ?? []), ownerOf(caller)]);
  }
  const together = new Map<string, string[]>();
  for (const [called, some] of callers) {
    const key = some.join(', ');
    together.set(key, [...(together.get(key) ?? []), called]);
  }
  return [...together].map(([some, called]) => `${some} → ${called.join(', ')}`);
}

export interface ClosedRow {
  readonly from: string;
  readonly to: readonly string[];
  /** Those of services; all others are closed as well. */
  readonly ports: readonly string[];
  readonly by: string;
}

/** What closes what: of each caller the destinations and ports that the same resource denies. */
export function closedRows({ cells }: Reachability): ClosedRow[] {
  const byPair = new Map<string, { from: string; to: string; by: string; ports: string[] }>();
  for (const { from, to, ports, open, example } of cells) {
    if (open) continue;
    const by = denial(example);
    const key = [from, to, by].join('\n');
    const row = byPair.get(key) ?? { from, to, by, ports: [] };
    row.ports.push(portText(ports));
    byPair.set(key, row);
  }
  const rows = new Map<string, { from: string; to: string[]; by: string; ports: string[] }>();
  for (const { from, to, by, ports } of byPair.values()) {
    const key = [from, by, ports.join()].join('\n');
    const row = rows.get(key) ?? { from, to: [], by, ports };
    row.to.push(to);
    rows.set(key, row);
  }
  return [...rows.values()];
}

/** The port is in a column of its own. */
function denial(example: Way | undefined): string {
  if (example === undefined || example.verdict.open) return 'nobody is there';
  const { by, why } = example.verdict;
  return `${by}: ${why.replace(/ port \d+/, ' it')}`;
}

/** Said under the matrix. */
export function verdictOf({ cells, network, holds }: Reachability): string {
  const wrong = cells.filter((cell) => !isRight(cell)).length;
  const asked = `${cells.length} directions and ports of ${network.parties.length} addresses, all other ports closed`;
  return `${asked}: ${holds ? 'as network.allow has it' : `${wrong} not as network.allow has it`}`;
}
