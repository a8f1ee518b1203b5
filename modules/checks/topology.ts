/** Where things are: subnets, zones, addresses and groups of a project's resources, as far as its configuration says. */
import { parseCidr, type Cidr } from '../addressing';
import {
  list,
  referent,
  text,
  block,
  isUnknown,
  type Instance,
  type ResolvedProject,
  type Value,
  type Values,
} from './terraform';

export interface Subnet {
  readonly instance: Instance;
  readonly cidr?: Cidr;
  /** Zone id or name; undefined when only an apply can tell. */
  readonly zone?: string;
  /** Tags with the provider's defaults beneath. */
  readonly tags: Readonly<Record<string, string>>;
}

export class Topology {
  private static readonly known = new WeakMap<ResolvedProject, Topology>();
  private readonly subnets: ReadonlyMap<string, Subnet>;
  /** Resources by type and attribute, then by that attribute's value: `named` asks for the same ones again and again. */
  private readonly names = new Map<string, ReadonlyMap<string, readonly Instance[]>>();

  /** Of one project there is one, however many policies ask. */
  static of(project: ResolvedProject): Topology {
    const topology = Topology.known.get(project) ?? new Topology(project);
    Topology.known.set(project, topology);
    return topology;
  }

  constructor(readonly project: ResolvedProject) {
    this.subnets = new Map(project.ofType('aws_subnet').map((instance) => [idOf(instance), subnetOf(instance)]));
  }

  /** The subnets that an argument names (`subnet_ids`), those alone that are in the project. */
  subnetsOf(value: Value | undefined): Subnet[] {
    return list(value).flatMap((one) =>
      this.instancesOf(one).flatMap((instance) => this.subnets.get(idOf(instance)) ?? []),
    );
  }

  all(): readonly Subnet[] {
    return [...this.subnets.values()];
  }

  /** Whether an argument names anything that is not in the project, so that what is known of it is not all. */
  isPartial(value: Value | undefined): boolean {
    return isUnknown(value)
      ? referent(value) === undefined
      : list(value).some((one) => this.instancesOf(one).length === 0);
  }

  /** The copies that `${aws_subnet.a[0].id}` means. */
  instancesOf(value: Value | undefined): readonly Instance[] {
    const resource = referent(value);
    if (resource === undefined || !isUnknown(value)) return [];
    const copies = this.project.of(resource);
    const index = /\[("[^"]*"|\d+)\]/.exec(value.text)?.[1];
    const named = index === undefined ? [] : copies.filter(({ key }) => JSON.stringify(key) === index);
    return named.length > 0 ? named : copies;
  }

  /** What an argument names by reference, or by a name that the configuration spells out. */
  named(value: Value | undefined, type: string, attribute = 'name'): readonly Instance[] {
    if (isUnknown(value)) return this.instancesOf(value).filter(({ resource }) => resource.type === type);
    const name = text(value);
    return name === undefined ? [] : (this.byName(type, attribute).get(name) ?? []);
  }

  /** The launch templates, by id or by name, that a machine, a group or a node group asks for in its block `launch_template`. */
  launchTemplates({ launch_template }: Values): readonly Instance[] {
    const chosen = block(launch_template);
    return [...this.named(chosen?.id, 'aws_launch_template', 'id'), ...this.named(chosen?.name, 'aws_launch_template')];
  }

  private byName(type: string, attribute: string): ReadonlyMap<string, readonly Instance[]> {
    const key = `${type}.${attribute}`;
    const known = this.names.get(key);
    if (known !== undefined) return known;
    const index = new Map<string, Instance[]>();
    for (const instance of this.project.ofType(type)) {
      const name = text(instance.values[attribute]);
      if (name !== undefined) index.set(name, [...(index.get(name) ?? []), instance]);
    }
    this.names.set(key, index);
    return index;
  }

  /** Subnets of a machine: its own, or those of its network interfaces. */
  subnetsOfMachine({ values }: Instance): Subnet[] {
    const interfaces = [...list(values.network_interface), ...list(values.primary_network_interface)].flatMap((one) =>
      this.instancesOf(block(one)?.network_interface_id),
    );
    return [...this.subnetsOf(values.subnet_id), ...interfaces.flatMap((one) => this.subnetsOf(one.values.subnet_id))];
  }

  /** Addresses of the security groups of a thing, of its interfaces too. */
  groupsOf({ values }: Instance): string[] {
    const interfaces = [...list(values.network_interface), ...list(values.primary_network_interface)].flatMap((one) =>
      this.instancesOf(block(one)?.network_interface_id),
    );
    const own = [
      values.vpc_security_group_ids,
      values.security_groups,
      values.security_group_ids,
      block(values.vpc_config)?.security_group_ids,
      block(values.broker_node_group_info)?.security_groups,
    ];
    return [
      ...own.flatMap((value) => list(value)),
      ...interfaces.flatMap((one) => list(one.values.security_groups)),
    ].flatMap((value) => this.instancesOf(value).map(idOf));
  }
}

/** Names an instance in the whole project. */
export const idOf = ({ resource, address }: Instance): string => `${resource.stack}/${address}`;

function subnetOf(instance: Instance): Subnet {
  const { values } = instance;
  const zone =
    text(values.availability_zone_id) ??
    text(values.availability_zone) ??
    (isUnknown(values.availability_zone) ? values.availability_zone.text : undefined);
  const block = text(values.cidr_block);
  const cidr = block === undefined ? undefined : parse(block);
  return { instance, ...(cidr && { cidr }), ...(zone !== undefined && { zone }), tags: tagsOf(values.tags) };
}

/** Undefined for what is no IPv4 block: that is another check's business. */
export function parse(cidr: string): Cidr | undefined {
  try {
    return parseCidr(cidr, '');
  } catch {
    return undefined;
  }
}

/** Two blocks share addresses when one contains the other. The addressing module's answer, without its parser: asked a million times. */
export const sharesAddresses = (one: Cidr, other: Cidr): boolean => {
  const size = 2 ** (32 - Math.min(one.prefix, other.prefix));
  return Math.floor(one.base / size) === Math.floor(other.base / size);
};

function tagsOf(value: Value | undefined): Record<string, string> {
  const tags = block(value) ?? {};
  return Object.fromEntries(
    Object.entries(tags).flatMap(([name, tag]) => (text(tag) === undefined ? [] : [[name, text(tag) as string]])),
  );
}
