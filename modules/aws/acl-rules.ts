/**
 * The network ACL rules of a segment's subnets, as data. ACLs are the coarse border between segments: they hold even where
 * a security group is wrong. They keep no connections in mind, so each permission has its way back, and the way back is
 * as narrow as the side that called allows.
 */
import type { AddressPlan, Tier } from '../addressing/plan';
import { Rejection } from '../rejection';
import { entersByHttp, KUBERNETES_SEGMENT, type Platform } from '../spec/platform';
import {
  ANY_EPHEMERAL,
  HTTP_PORT,
  HTTPS_PORT,
  LINUX_EPHEMERAL,
  portRanges,
  servicePorts,
  SSH_PORT,
  type PortRange,
} from './ports';
import { isSwitchedOn } from './segments';

/** AWS's default quota of rules per network ACL and direction ("Network ACLs" in the VPC quotas); more costs throughput. */
export const ACL_RULE_LIMIT = 20;

const ANYWHERE = '0.0.0.0/0';

/** Rule numbers leave room for a rule by hand in an emergency. */
const FIRST_NUMBER = 100;
const STEP = 10;

export interface AclRule {
  /** `in-own-segment`, `out-answers-kubernetes-1`: unique within the ACL. */
  readonly name: string;
  readonly direction: 'in' | 'out';
  readonly number: number;
  readonly action: 'allow' | 'deny';
  readonly protocol: 'all' | 'tcp' | 'icmp';
  /** The other side. */
  readonly cidr: string;
  /** Only for tcp. */
  readonly ports?: PortRange;
}

type Draft = Omit<AclRule, 'direction' | 'number'>;

/** ICMP "fragmentation needed" (3/4), without which path MTU discovery fails and large answers hang. */
export const FRAGMENTATION_NEEDED = { type: 3, code: 4 } as const;

/** What the rules are made from. */
export type AclInputs = Pick<Platform, 'network' | 'nodes' | 'kafka' | 'kubernetes'>;

/**
 * Rules of one segment's tier, in the order of their numbers; none for a segment that is switched off, which leaves the
 * ACL's own final "deny all".
 *
 * @throws Rejection when `network.allow` asks for more rules than an ACL takes
 */
export function aclRules(platform: AclInputs, plan: AddressPlan, segment: string, tier: Tier): AclRule[] {
  if (!isSwitchedOn(platform, segment)) return [];
  const build = tier === 'private' ? privateRules : publicRules;
  return (['in', 'out'] as const).flatMap((direction) => {
    const drafts = build(platform, plan, segment, direction);
    if (drafts.length > ACL_RULE_LIMIT) {
      throw new Rejection(
        'platform.yaml network.allow',
        `the ${tier} subnets of "${segment}" would need ${drafts.length} network ACL rules ${direction}wards, and AWS takes ${ACL_RULE_LIMIT}`,
        'let fewer segments in, or allow fewer services',
      );
    }
    return drafts.map((draft, index) => ({
      ...draft,
      name: `${direction}-${draft.name}`,
      direction,
      number: FIRST_NUMBER + STEP * index,
    }));
  });
}

function privateRules(platform: AclInputs, plan: AddressPlan, segment: string, direction: 'in' | 'out'): Draft[] {
  const inwards = direction === 'in';
  // Inwards, those who call us send to a service; outwards, so do we. Answers take the other way.
  const [calls, answers] = inwards ? (['to', 'from'] as const) : (['from', 'to'] as const);
  const other = { to: 'from', from: 'to' } as const;
  const rules = platform.network.allow;

  const services = rules
    .filter((rule) => rule[calls] === segment)
    .flatMap((rule) =>
      portRanges(rule.services.flatMap((service) => servicePorts(service, platform))).map((ports) =>
        allowTcp(`${rule[other[calls]]}-${portName(ports)}`, blockOf(plan, rule[other[calls]]), ports),
      ),
    );
  const callers = [...new Set(rules.filter((rule) => rule[answers] === segment).map((rule) => rule[other[answers]]))];
  const returns = callers.map((name) => allowTcp(`answers-${name}`, blockOf(plan, name), LINUX_EPHEMERAL));
  const administration = segment === KUBERNETES_SEGMENT ? [] : administrationRules(plan, direction);

  return [
    ownSegment(plan, segment),
    ...unique(services),
    ...returns,
    ...administration,
    ...denyPlatform(platform),
    inwards
      ? allowTcp('answers-internet', ANYWHERE, LINUX_EPHEMERAL)
      : allowTcp('https-internet', ANYWHERE, single(HTTPS_PORT)),
    ...(inwards ? [fragmentationNeeded()] : probesOfEntry(platform, segment)),
  ];
}

/** Pods ask the entry what clients ask it, at its public address: by HTTP as long as it has no certificate. NAT passes it on. */
function probesOfEntry(platform: AclInputs, segment: string): Draft[] {
  const plain = segment === KUBERNETES_SEGMENT && entersByHttp(platform.kubernetes);
  return plain ? [allowTcp('http-entry', ANYWHERE, single(HTTP_PORT))] : [];
}

/**
 * Public subnets hold load balancers, and those of Kubernetes the NAT gateway: what leaves any segment passes through them,
 * so theirs must not deny the segments, or testing would lose its own egress.
 */
function publicRules(platform: AclInputs, plan: AddressPlan, segment: string, direction: 'in' | 'out'): Draft[] {
  const holdsNat = segment === KUBERNETES_SEGMENT;
  const inwards = direction === 'in';
  const ssh = { ...allowTcp('ssh-services', platform.network.services.cidr, single(SSH_PORT)) };
  return [
    ownSegment(plan, segment),
    ...(holdsNat ? (inwards ? [] : [ssh]) : denyPlatform(platform)),
    ...(inwards ? [allowTcp('http', ANYWHERE, single(HTTP_PORT))] : []),
    // Inwards: clients, and what the segments send through NAT. Outwards: NAT.
    allowTcp('https', ANYWHERE, single(HTTPS_PORT)),
    // Inwards: answers to NAT and the Instance Connect endpoint. Outwards: answers to clients and, behind NAT, to segments.
    allowTcp('answers', ANYWHERE, ANY_EPHEMERAL),
    fragmentationNeeded(),
    ...(inwards ? [] : probesOfEntry(platform, segment)),
  ];
}

/** The Instance Connect endpoint sits in the first public Kubernetes subnet (see administrationSubnet). */
function administrationRules(plan: AddressPlan, direction: 'in' | 'out'): Draft[] {
  const { cidr } = administrationSubnet(plan);
  return direction === 'in'
    ? [allowTcp('ssh', cidr, single(SSH_PORT))]
    : [allowTcp('answers-ssh', cidr, ANY_EPHEMERAL)];
}

/** The subnet of the EC2 Instance Connect endpoint: public and of Kubernetes, since its ACL already faces every segment. */
export function administrationSubnet(plan: AddressPlan): { readonly name: string; readonly cidr: string } {
  const subnet = plan.blocks
    .find((block) => block.segment === KUBERNETES_SEGMENT)
    ?.subnets.find((one) => one.tier === 'public' && one.zoneIndex === 0);
  if (subnet === undefined) throw new Error('the plan has no public Kubernetes subnet in the first zone');
  return subnet;
}

function denyPlatform({ network }: AclInputs): Draft[] {
  return [
    { name: 'other-services', action: 'deny', protocol: 'all', cidr: network.services.cidr },
    { name: 'other-kubernetes', action: 'deny', protocol: 'all', cidr: network.kubernetes.cidr },
  ];
}

function ownSegment(plan: AddressPlan, segment: string): Draft {
  return { name: 'own-segment', action: 'allow', protocol: 'all', cidr: blockOf(plan, segment) };
}

function fragmentationNeeded(): Draft {
  return { name: 'fragmentation-needed', action: 'allow', protocol: 'icmp', cidr: ANYWHERE };
}

function allowTcp(name: string, cidr: string, ports: PortRange): Draft {
  return { name, action: 'allow', protocol: 'tcp', cidr, ports };
}

function blockOf(plan: AddressPlan, segment: string): string {
  const block = plan.blocks.find((one) => one.segment === segment);
  if (block === undefined) throw new Error(`the plan has no block for segment "${segment}"`);
  return block.cidr;
}

const single = (port: number): PortRange => ({ from: port, to: port });

const portName = ({ from, to }: PortRange): string => (from === to ? `${from}` : `${from}-${to}`);

/** Two allow rules may name the same pair and service. */
function unique(drafts: readonly Draft[]): Draft[] {
  return [...new Map(drafts.map((draft) => [draft.name, draft])).values()];
}
