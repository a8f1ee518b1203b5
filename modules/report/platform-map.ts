/**
 * The platform as a picture: zones as columns, segments as bands, every subnet a cell, and in it what stands there. Drawn from
 * the synthesized Terraform, so it shows what will be deployed and cannot be stale.
 */
import {
  boolean,
  isUnknown,
  referent,
  text as textOf,
  type Instance,
  type ResolvedProject,
  type Value,
} from '../checks/terraform';
import { element, text, type Svg } from './svg';

/** What is drawn, and the words on it; everything else in a subnet is wiring. */
const DRAWN: Record<string, (instance: Instance) => string> = {
  aws_nat_gateway: () => 'NAT gateway',
  aws_lb: () => 'entry load balancer',
  aws_ec2_instance_connect_endpoint: () => 'Instance Connect',
  aws_eks_node_group: ({ values }) => `EKS node ${first(values.instance_types)}`,
  aws_instance: ({ values, resource }) =>
    `${nameOf(values.tags) ?? resource.name} ${textOf(values.instance_type) ?? ''}`,
  aws_db_instance: ({ values }) =>
    `PostgreSQL ${textOf(values.instance_class) ?? ''}, ${boolean(values.multi_az) === true ? 'two' : 'one'} of these`,
  aws_msk_cluster: () => 'MSK broker',
};

const COLUMN = 300;
const LABEL = 130;
const CHIP = 22;
const GAP = 8;

interface Cell {
  readonly address: string;
  readonly segment: string;
  readonly tier: string;
  readonly zone: string;
  readonly cidr: string;
  readonly chips: readonly string[];
}

/** An SVG document; `undefined` when the project has no subnets that say their segment and tier in tags. */
export function platformMap(project: ResolvedProject): Svg | undefined {
  const cells = cellsOf(project);
  if (cells.length === 0) return undefined;
  const zones = [...new Set(cells.map((cell) => cell.zone))].sort();
  const bands = bandsOf(cells);
  const width = LABEL + zones.length * COLUMN + GAP;
  const parts: string[] = zones.map((zone, index) =>
    words(LABEL + index * COLUMN + COLUMN / 2, 20, zone, { 'font-weight': 600, 'text-anchor': 'middle' }),
  );
  let top = 34;
  for (const { segment, tier, members } of bands) {
    const height = 26 + Math.max(1, ...members.map((cell) => cell.chips.length)) * CHIP;
    parts.push(words(GAP, top + 18, segment, { 'font-weight': 600 }), words(GAP, top + 34, tier, {}));
    for (const cell of members) parts.push(drawCell(cell, LABEL + zones.indexOf(cell.zone) * COLUMN, top, height));
    top += height + GAP;
  }
  return element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      viewBox: `0 0 ${width} ${top}`,
      'font-family': 'system-ui, sans-serif',
      'font-size': 12,
      role: 'img',
      'aria-label': 'The platform: zones, subnets and what stands in them',
    },
    [element('rect', { width, height: top, fill: '#ffffff' }), ...parts],
  );
}

function cellsOf(project: ResolvedProject): Cell[] {
  const subnets = project.ofType('aws_subnet');
  const chips = new Map<string, string[]>(subnets.map((subnet) => [subnet.address, []]));
  for (const [type, label] of Object.entries(DRAWN)) {
    for (const instance of project.ofType(type)) {
      for (const subnet of subnetsOf(project, instance)) chips.get(subnet)?.push(label(instance));
    }
  }
  return subnets.flatMap(({ address, values }) => {
    const tags = values.tags;
    const segment = tagOf(tags, 'segment');
    const tier = tagOf(tags, 'tier');
    if (segment === undefined || tier === undefined) return [];
    const zone = textOf(values.availability_zone_id) ?? textOf(values.availability_zone) ?? '?';
    return [{ address, segment, tier, zone, cidr: textOf(values.cidr_block) ?? '?', chips: chips.get(address) ?? [] }];
  });
}

/** Addresses of the subnets that a thing stands in, found by following references: an instance by its network interface. */
function subnetsOf(project: ResolvedProject, instance: Instance, depth = 2): string[] {
  const found = new Set<string>();
  const visit = (value: Value | undefined): void => {
    if (isUnknown(value)) {
      const target = referent(value);
      if (target?.type === 'aws_subnet') found.add(target.address);
      else if (target !== undefined && depth > 0 && LEADS_TO_SUBNET.has(target.type)) {
        for (const next of project.of(target)) subnetsOf(project, next, depth - 1).forEach((one) => found.add(one));
      }
    } else if (Array.isArray(value)) value.forEach(visit);
    else if (typeof value === 'object' && value !== null) Object.values(value).forEach(visit);
  };
  visit(instance.values);
  // A subnet group's name is known before it is made, so it is no reference.
  const group = textOf(instance.values.db_subnet_group_name);
  for (const one of group === undefined ? [] : project.ofType('aws_db_subnet_group')) {
    if (textOf(one.values.name) === group) visit(one.values);
  }
  return [...found];
}

const LEADS_TO_SUBNET = new Set(['aws_network_interface', 'aws_db_subnet_group']);

/** Segments in the order of their addresses, public above private. */
function bandsOf(cells: readonly Cell[]) {
  const byAddress = [...cells].sort((one, other) => addressOf(one) - addressOf(other));
  const keys = [...new Set(byAddress.map((cell) => cell.segment))].flatMap((segment) =>
    ['public', 'private'].map((tier) => ({ segment, tier })),
  );
  return keys
    .map((key) => ({ ...key, members: cells.filter((cell) => cell.segment === key.segment && cell.tier === key.tier) }))
    .filter((band) => band.members.length > 0);
}

/** The first address of a cell's block as a number. */
const addressOf = ({ cidr }: Cell): number =>
  (cidr.split('/')[0] ?? '').split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0);

function drawCell(cell: Cell, x: number, y: number, height: number): string {
  const [stroke, fill] = cell.tier === 'public' ? ['#b45f06', '#fff5ea'] : ['#1f4e79', '#eef5fb'];
  return [
    element('rect', { x, y, width: COLUMN - GAP, height, rx: 5, fill, stroke }),
    words(x + GAP, y + 16, cell.cidr, { fill: stroke }),
    ...cell.chips.map((chip, index) => {
      const top = y + 24 + index * CHIP;
      return (
        element('rect', { x: x + GAP, y: top, width: COLUMN - 3 * GAP, height: CHIP - 4, rx: 3, fill: stroke }) +
        words(x + 2 * GAP, top + 13, chip, { fill: '#ffffff' })
      );
    }),
  ].join('');
}

function words(x: number, y: number, content: string, style: Record<string, string | number>): string {
  return element('text', { x, y, fill: '#222222', ...style }, [text(content)]);
}

const first = (value: Value | undefined): string => (Array.isArray(value) ? (textOf(value[0]) ?? '') : '');

function tagOf(tags: Value | undefined, name: string): string | undefined {
  return typeof tags === 'object' && tags !== null && !Array.isArray(tags) && !isUnknown(tags)
    ? textOf((tags as Record<string, Value>)[name])
    : undefined;
}

const nameOf = (tags: Value | undefined): string | undefined => tagOf(tags, 'Name');
