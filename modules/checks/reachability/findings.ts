/** A finding for each port that is not as it should be. */
import type { Finding } from '../finding';
import { wayText, type Cell, type Reachability, type Way } from './matrix';
import { portText } from './ports';

export const reachabilityFindings = ({ cells }: Reachability): Finding[] =>
  cells.flatMap((cell) => [...findingsOf(cell)]);

function* findingsOf(cell: Cell): Generator<Finding> {
  const { from, to, ports, open, expected, example } = cell;
  const what = cellName(cell);
  const [excess] = cell.excess;
  if (excess?.verdict.open) {
    const { through } = excess.verdict;
    const others = cell.excess.length > 1 ? ` and ${cell.excess.length - 1} more` : '';
    yield found('reachability.open', 'critical', through.at(-1), {
      message: `${what} is open and nothing allows it: ${wayText(excess, ports)}${others}, through ${through.join(', ')}`,
      fix: `close one of these, or allow ${from} -> ${to} in network.allow of platform.yaml`,
    });
  }
  if (expected && !open) {
    const way =
      example && !example.verdict.open ? `${wayText(example, ports)}: ${example.verdict.why}` : 'nobody is there';
    yield found('reachability.closed', 'high', deniedBy(example), {
      message: `${what} is allowed and closed: ${way}`,
      fix: `open it here, or take ${from} -> ${to} out of network.allow of platform.yaml`,
    });
  }
  const [cut] = cell.cutOff;
  if (cut !== undefined && !cut.verdict.open) {
    yield found('reachability.cut-off', 'high', cut.verdict.by, {
      message: `${what} is open, but not for all: ${wayText(cut, ports)}: ${cut.verdict.why}`,
      fix: 'let it through here as from the other subnets, or lose it with a zone',
    });
  }
}

/** `kubernetes → production, postgres 5432` */
export const cellName = ({ from, to, service, ports }: Cell): string =>
  `${from} → ${to}, ${service === undefined ? '' : `${service} `}${portText(ports)}`;

export const deniedBy = (way: Way | undefined): string | undefined =>
  way && !way.verdict.open ? way.verdict.by : undefined;

function found(
  id: string,
  severity: Finding['severity'],
  resource: string | undefined,
  said: Pick<Finding, 'message' | 'fix'>,
): Finding {
  const [stack = '', ...address] = (resource ?? '').split('/');
  return { id, kind: 'policy', severity, stack, address: address.join('/'), attribute: '', ...said };
}
