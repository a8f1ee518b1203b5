/**
 * The ledger: what was handed out, in `addresses.lock.json`, which is committed. A plan is a function of platform.yaml; the
 * ledger is what makes it a promise, since AWS can neither move a subnet nor resize one.
 */
import { z } from 'zod';
import { Rejection } from '../rejection';
import { blockPlan, subnetPlan } from './block';
import { certify } from './certificate';
import { byAddress, parseCidr } from './cidr';
import type { NetworkPlan } from './network';
import type { AddressPlan } from './plan';
import { verify } from './verify';

export const LEDGER_FILE = 'addresses.lock.json';
/** Raised when the format changes in a way that older code would misread. */
const VERSION = 1;

const Subnet = z.strictObject({
  name: z.string(),
  cidr: z.string(),
  tier: z.enum(['public', 'private']),
  zone: z.string(),
});
const Block = z.strictObject({ segment: z.string(), cidr: z.string(), subnets: z.array(Subnet) });
const NetworkName = z.enum(['kubernetes', 'services']);
const Network = z.strictObject({
  name: NetworkName,
  cidr: z.string(),
  cidrs: z.array(z.string()),
  blocks: z.array(Block),
});
const Ledger = z.strictObject({
  version: z.literal(VERSION),
  /** Zone ids in the order of their letters. */
  zones: z.array(z.string()),
  networks: z.array(Network),
});

export type Ledger = z.infer<typeof Ledger>;
export type LedgerNetwork = z.infer<typeof Network>;

/** What to write down once a plan is accepted; blocks and subnets in order of address. */
export function ledgerOf(plan: AddressPlan): Ledger {
  const address = ({ cidr }: { cidr: string }) => parseCidr(cidr, LEDGER_FILE);
  const inOrder = <T extends { cidr: string }>(items: readonly T[]) =>
    [...items].sort((one, other) => byAddress(address(one), address(other)));
  const zones = new Map(plan.blocks.flatMap(({ subnets }) => subnets.map(({ zoneIndex, zone }) => [zoneIndex, zone])));
  return {
    version: VERSION,
    zones: [...zones].sort(([one], [other]) => one - other).map(([, zone]) => zone),
    networks: plan.certificate.networks.map(({ name, cidr, cidrs }) => ({
      name,
      cidr,
      cidrs: [...cidrs],
      blocks: inOrder(plan.blocks.filter((block) => block.name === name)).map((block) => ({
        segment: block.segment,
        cidr: block.cidr,
        subnets: inOrder(block.subnets).map(({ name, cidr, tier, zone }) => ({ name, cidr, tier, zone })),
      })),
    })),
  };
}

/** The plan that a ledger stands for. @throws Rejection when a block in it is no block */
export function planOf(ledger: Ledger): AddressPlan {
  return certify(ledger.networks.map((network) => networkOf(network, ledger.zones)));
}

function networkOf(recorded: LedgerNetwork, zoneIds: readonly string[]): NetworkPlan {
  const { name, cidr, cidrs, blocks } = recorded;
  const at = (text: string) => parseCidr(text, LEDGER_FILE);
  return {
    network: {
      name,
      where: LEDGER_FILE,
      cidr: at(cidr),
      segments: blocks.map(({ segment }) => segment),
      shape: 'auto',
      zoneIds,
    },
    cidrs: cidrs.map(at),
    blocks: blocks.map((block) =>
      blockPlan(
        name,
        block.segment,
        at(block.cidr),
        block.subnets.map(({ tier, zone, cidr }) =>
          subnetPlan(block.segment, tier, zoneIds.indexOf(zone), zone, at(cidr)),
        ),
      ),
    ),
  };
}

/**
 * Reads a ledger. Its plan is verified like any other, so a bad merge or an edit by hand is found here, not in AWS.
 *
 * @throws Rejection naming the file
 */
export function parseLedger(text: string): Ledger {
  const refuse = (problem: string) =>
    new Rejection(LEDGER_FILE, problem, `take it from the last commit: git checkout HEAD -- ${LEDGER_FILE}`);
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (error) {
    if (/^(<{7}|={7}|>{7})/m.test(text)) throw refuse('it holds the marks of a merge that was not resolved');
    throw refuse(`it is not JSON (${(error as Error).message.replace(/\s+/g, ' ')})`);
  }
  const version = (content as { version?: unknown } | null)?.version;
  if (typeof version === 'number' && version > VERSION) {
    throw new Rejection(LEDGER_FILE, `it has version ${version}`, `this cimiento reads version ${VERSION}: update it`);
  }
  const { success, data, error } = Ledger.safeParse(content);
  if (!success) {
    const [issue] = error.issues;
    throw refuse(`${issue!.path.join('.') || 'the file'}: ${issue!.message}`);
  }
  const plan = planOf(data);
  const recorded = data.networks.flatMap(({ blocks }) => blocks.flatMap(({ subnets }) => subnets));
  const expected = plan.blocks.flatMap(({ subnets }) => subnets.map(({ name }) => name));
  const misnamed = recorded.find(({ name }, at) => name !== expected[at]);
  const unknown = NetworkName.options.find((name) => data.networks.every((network) => network.name !== name));
  if (unknown !== undefined) throw refuse(`it holds no network ${unknown}, so that its subnets could move unseen`);
  const [defect] =
    misnamed === undefined
      ? verify(plan)
      : [`${misnamed.name} is not the name of a subnet of its segment, tier and zone`];
  if (defect !== undefined) throw refuse(defect);
  return data;
}

/** The file's text: the same ledger gives the same bytes, and each subnet is a line, so that a diff reads well. */
export function formatLedger({ version, zones, networks }: Ledger): string {
  const line = (fields: Record<string, string>) =>
    `{ ${Object.entries(fields)
      .map(([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)}`)
      .join(', ')} }`;
  const list = (items: readonly string[]) => `[${items.map((item) => JSON.stringify(item)).join(', ')}]`;
  const lines = (indent: string, items: readonly string[]) => items.map((item) => indent + item).join(',\n');
  const block = ({ segment, cidr, subnets }: LedgerNetwork['blocks'][number]) =>
    `{
          "segment": ${JSON.stringify(segment)},
          "cidr": ${JSON.stringify(cidr)},
          "subnets": [
${lines(' '.repeat(12), subnets.map(line))}
          ]
        }`;
  const network = ({ name, cidr, cidrs, blocks }: LedgerNetwork) =>
    `{
      "name": ${JSON.stringify(name)},
      "cidr": ${JSON.stringify(cidr)},
      "cidrs": ${list(cidrs)},
      "blocks": [
${lines(' '.repeat(8), blocks.map(block))}
      ]
    }`;
  return `{
  "version": ${version},
  "zones": ${list(zones)},
  "networks": [
${lines('    ', networks.map(network))}
  ]
}
`;
}
