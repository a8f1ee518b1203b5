/** The address plan as people read it: a table, its proof in one line, and what the usual answer would strand. */
import { judgeShapes, podCapacity, shapeName, usualPlan, type AddressPlan, type BlockPlan } from '../addressing';
import { KUBERNETES_SEGMENT } from '../spec/platform';
import type { Paint } from './paint';
import { table } from './table';

const grouped = (count: number) => count.toLocaleString('en-US');
const prefixOf = (cidr: string) => Number(cidr.split('/')[1]);

/** @param defects what `verify` found; none proves the plan */
export function addressTable(plan: AddressPlan, defects: readonly string[], paint: Paint): string {
  const rows = plan.blocks.flatMap((block) =>
    block.subnets.map(({ name, cidr, tier, zone, size, usable }) => [
      name,
      cidr,
      tier === 'public' ? paint.cyan(tier) : tier,
      zone,
      size,
      usable,
      // Nodes, and so pods, are in the private subnets of the Kubernetes segment only.
      block.segment === KUBERNETES_SEGMENT && tier === 'private' ? grouped(podCapacity(size)) : '',
    ]),
  );
  const heads = [{ head: 'subnet' }, { head: 'block' }, { head: 'tier' }, { head: 'zone' }];
  return [
    table([...heads, { head: 'size' }, { head: 'usable' }, { head: 'pods', align: 'right' }], rows),
    '',
    defects.length === 0
      ? paint.green(`proved by an independent sweep: ${plan.certificate.statement}`)
      : paint.red(`not proved: ${defects.join('; ')}`),
    ...networks(plan).map((blocks) => usualAnswer(blocks)),
    paint.dim('usable: AWS keeps the first four addresses and the last of each subnet'),
    paint.dim(
      'pods: aligned /28 prefixes for the VPC CNI, all but the first and the last of a subnet, 16 addresses each',
    ),
  ].join('\n');
}

/** What the shapes would make of the largest block of each network. */
export function shapeTable(plan: AddressPlan, paint: Paint): string {
  return networks(plan)
    .map(([block]) => {
      const prefix = prefixOf(block.cidr);
      const zones = block.subnets.length / 2;
      const rows = judgeShapes(prefix, zones).map(({ arrangement: { shape, bits }, refusal }) => {
        const taken = shapeName(shape) === block.shape;
        const subnets = (extra: readonly number[]) => extra.map((bit) => `/${prefix + bit}`).join(' ');
        return [
          taken ? paint.bold(shapeName(shape)) : shapeName(shape),
          subnets(bits.private),
          subnets(bits.public),
          taken ? paint.green('in use') : refusal === undefined ? 'possible' : paint.yellow(`no: ${refusal}`),
        ];
      });
      const heads = [{ head: 'shape' }, { head: 'private' }, { head: 'public' }, { head: '' }];
      return `${block.segment} ${block.cidr}: ${rows.length} shapes of ${2 * zones} subnets\n${table(heads, rows)}`;
    })
    .join('\n\n');
}

/** The blocks of each network, the first of which is as large as any. */
function networks({ blocks, certificate }: AddressPlan): [BlockPlan, ...BlockPlan[]][] {
  return certificate.networks.map(
    ({ name }) => blocks.filter((block) => block.name === name) as [BlockPlan, ...BlockPlan[]],
  );
}

function usualAnswer(blocks: readonly [BlockPlan, ...BlockPlan[]]): string {
  const zones = blocks[0].subnets.length / 2;
  const usual = blocks.map(({ cidr }) => usualPlan(prefixOf(cidr), zones));
  const stranded = usual.reduce((sum, one) => sum + one.stranded, 0);
  const [{ privatePrefix, publicPrefix }] = usual as [(typeof usual)[number]];
  const tooSmall = publicPrefix > 27 ? `, and no load balancer fits in a public /${publicPrefix}` : '';
  const each = blocks.length === 1 ? blocks[0].cidr : `${blocks.length} segments, each`;
  return (
    `the usual answer for ${each}: ${zones} × /${privatePrefix} private, ${zones} × /${publicPrefix} public; ` +
    `it strands ${grouped(stranded)} addresses${tooSmall}`
  );
}
