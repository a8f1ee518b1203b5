/** The address plan drawn to scale: one bar a segment, one cell a subnet, as wide as its share of the block. */
import type { AddressPlan, BlockPlan, SubnetPlan } from '../addressing/plan';
import { element, text, type Svg } from './svg';

const WIDTH = 960;
const MARGIN = 16;
const BAR = 46;
const ROW = 86;
/** Width of a character as a share of the font's size, generously. */
const GLYPH = 0.62;

/** Colour by tier; the shade tells the zone. Legible on light and dark pages alike: each cell has its own ground. */
const GROUND: Record<SubnetPlan['tier'], readonly string[]> = {
  private: ['#1f4e79', '#2a6496', '#3b7cb3', '#5490c4', '#6fa4d2', '#8ab7de'],
  public: ['#b45f06', '#c9731a', '#dd8833', '#e79d55', '#efb278', '#f5c79b'],
};

/** IPv4 of a CIDR as a number: the left edge of its cell. */
function start(cidr: string): number {
  return (cidr.split('/')[0] ?? '').split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0);
}

function cell(block: BlockPlan, subnet: SubnetPlan, top: number): string {
  const scale = (WIDTH - 2 * MARGIN) / block.size;
  const x = MARGIN + (start(subnet.cidr) - start(block.cidr)) * scale;
  const width = subnet.size * scale;
  const fill = GROUND[subnet.tier][subnet.zoneIndex] ?? '#666666';
  const middle = x + width / 2;
  const caption = `${subnet.tier} ${subnet.name.split('-').at(-1) ?? ''}`;
  const fit = (words: string) => Math.min(12, (width - 4) / (words.length * GLYPH)).toFixed(1);
  const label = { 'text-anchor': 'middle', fill: '#ffffff' };
  return [
    element('rect', { x: x.toFixed(1), y: top, width: Math.max(width - 1.5, 1).toFixed(1), height: BAR, rx: 3, fill }, [
      element('title', {}, [
        text(`${subnet.name} ${subnet.cidr} in ${subnet.zone}: ${subnet.usable} usable addresses`),
      ]),
    ]),
    element('text', { ...label, x: middle.toFixed(1), y: top + 20, 'font-size': fit(subnet.cidr) }, [
      text(subnet.cidr),
    ]),
    element('text', { ...label, x: middle.toFixed(1), y: top + 36, 'font-size': fit(caption) }, [text(caption)]),
  ].join('');
}

/** An SVG document, 960 units wide. Deterministic: the same plan gives the same bytes. */
export function addressMap(plan: AddressPlan): Svg {
  const height = MARGIN + plan.blocks.length * ROW;
  const rows = plan.blocks.map((block, index) => {
    const top = MARGIN + index * ROW;
    const heading = `${block.segment}  ${block.cidr}  ${block.allocated.toLocaleString('en-US')} of ${block.size.toLocaleString('en-US')} addresses`;
    return [
      element('text', { x: MARGIN, y: top + 12, 'font-size': 13, 'font-weight': 600, fill: 'currentColor' }, [
        text(heading),
      ]),
      ...block.subnets.map((subnet) => cell(block, subnet, top + 20)),
    ].join('');
  });
  return element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      viewBox: `0 0 ${WIDTH} ${height}`,
      'font-family': 'system-ui, sans-serif',
      role: 'img',
      'aria-label': `Address plan: ${plan.certificate.statement}`,
    },
    rows,
  );
}
