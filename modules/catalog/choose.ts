/** The choosers: a platform's requirements → the instance of each part and the zones it stands in, each with its reason. */
import { Rejection } from '../rejection';
import type { InstanceService } from '../spec/facts';
import type { InstanceRequirement, Platform } from '../spec/platform';
import { whyBurstable } from './burst';
import type { Choices, InstanceChoice } from './choices';
import { ec2Price, instanceType, maxPodsWithPrefixDelegation } from './ec2';
import { satisfies, type ZoneDemand } from './generations';
import { classPrice, classType } from './managed';
import { offers, type Offer } from './offers';
import { NoPrice, type Price } from './sources';
import { zonesFor } from './zones';

/** @throws Rejection when a pinned type is refused, nothing fits a requirement, or no three zones offer what was chosen */
export function choose(platform: Platform): Choices {
  const { region } = platform;
  const zones = platform.network.zoneIds ?? platform.network.zones;
  const pick = (where: string, requirement: InstanceRequirement, service: InstanceService) =>
    chooseInstance(where, requirement, service, region, zones);

  const kubernetes = pick('platform.yaml kubernetes.nodes', platform.kubernetes.nodes, 'ec2');
  const kafka = pick('platform.yaml kafka', platform.kafka, platform.kafka.engine);
  const postgres = pick('platform.yaml postgres', platform.postgres, 'rds');
  const mongodb = pick('platform.yaml mongodb', platform.mongodb, 'ec2');
  const nodes = Object.fromEntries(
    platform.nodes.map((node, index) => [node.name, pick(`platform.yaml nodes[${index}]`, node, 'ec2')]),
  );

  const machines = [kubernetes, mongodb, ...Object.values(nodes), ...(platform.kafka.engine === 'ec2' ? [kafka] : [])];
  const worker = instanceType(kubernetes.type);
  if (worker === undefined)
    throw new Rejection('platform.yaml kubernetes.nodes', `${kubernetes.type} is not in the catalogue`);
  return {
    zones: zonesFor(region, zones, [...new Set(machines.map((machine) => machine.type))]),
    kubernetes,
    kafka,
    postgres,
    mongodb,
    nodes,
    maxPodsPerNode: maxPodsWithPrefixDelegation(worker),
  };
}

/**
 * The pinned type if there is one, else the cheapest non-burstable class that meets the requirement in enough zones.
 *
 * @param where the place in platform.yaml, for errors
 * @throws Rejection
 */
export function chooseInstance(
  where: string,
  requirement: InstanceRequirement,
  service: InstanceService,
  region: string,
  zones: ZoneDemand = 3,
): InstanceChoice {
  return requirement.instance === undefined
    ? cheapest(where, requirement, service, region, zones)
    : pinned(where, requirement.instance, service, region);
}

function cheapest(
  where: string,
  requirement: InstanceRequirement,
  service: InstanceService,
  region: string,
  zones: ZoneDemand,
): InstanceChoice {
  const wanted = `${requirement.vcpu} vCPU and ${requirement.memoryGiB} GiB`;
  const [first, second] = offers(service, region).filter((offer) => satisfies(offer, requirement, zones));
  if (first === undefined) {
    const of = requirement.architecture === undefined ? '' : ` of ${requirement.architecture}`;
    throw new Rejection(
      `${where}.minimum`,
      `no non-burstable type${of} with ${wanted} is sold in ${typeof zones === 'number' ? `${zones} zones of ${region}` : zones.join(', ')}`,
      largestSold(offers(service, region), requirement),
    );
  }
  const next =
    second === undefined ? '' : ` (next: ${second.name}, +${percent(second.hourly.usd / first.hourly.usd - 1)} %)`;
  return choice(first.name, first.type, first.hourly, `cheapest non-burstable with ${wanted} in ${region}${next}`);
}

/** What may be asked for: the largest type that is sold, of the architecture that is asked for. */
function largestSold(sold: readonly Offer[], { architecture }: InstanceRequirement): string {
  const [largest] = sold
    .filter(({ type }) => architecture === undefined || type.architecture === architecture)
    .sort((one, other) => other.type.vcpu - one.type.vcpu || other.type.memoryGiB - one.type.memoryGiB);
  if (largest === undefined) return 'leave architecture out';
  return `ask for less: the largest, ${largest.name}, has ${largest.type.vcpu} vCPU and ${largest.type.memoryGiB} GiB`;
}

function pinned(where: string, name: string, service: InstanceService, region: string): InstanceChoice {
  const burst = whyBurstable(name);
  if (burst !== undefined) throw new Rejection(`${where}.instance`, `${name} is refused: ${burst}`);
  const type = service === 'ec2' ? instanceType(name) : classType(service, name);
  if (type === undefined) throw new Rejection(`${where}.instance`, `${name} is not a type that the catalogue knows`);
  try {
    const hourly = service === 'ec2' ? ec2Price(name, region) : classPrice(service, name, region);
    return choice(name, type, hourly, 'pinned in platform.yaml');
  } catch (error) {
    if (error instanceof NoPrice)
      throw new Rejection(`${where}.instance`, `${name} is not offered in ${region}`, error.reason);
    throw error;
  }
}

function choice(
  name: string,
  { architecture, vcpu, memoryGiB }: { architecture: InstanceChoice['architecture']; vcpu: number; memoryGiB: number },
  hourly: Price,
  why: string,
): InstanceChoice {
  const trust = hourly.confidence === 'estimate' ? '; its price is an estimate' : '';
  return { type: name, architecture, vcpu, memoryGiB, hourlyUsd: hourly.usd, why: why + trust };
}

/** At most one digit after the point, and none that is 0. */
function percent(fraction: number): string {
  return String(Math.round(fraction * 1000) / 10);
}
