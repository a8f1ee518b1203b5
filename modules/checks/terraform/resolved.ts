/** A project with every expression read and every reference followed: what policies, prices and differences are judged by. */
import type { Resource, Stack, TerraformProject } from './project';
import type { Instance, ResolvedResource, Values } from './value';

export interface ResolvedStack {
  readonly stack: Stack;
  readonly resources: readonly ResolvedResource[];
  readonly data: readonly ResolvedResource[];
  /** By `aws` or `aws.alias`. */
  readonly providers: Readonly<Record<string, Values>>;
  readonly outputs: Values;
}

export interface ResolvedProject {
  readonly project: TerraformProject;
  readonly stacks: readonly ResolvedStack[];
  /** Every copy of every managed resource, in the order of stacks and addresses. */
  readonly instances: readonly Instance[];
  /** Every copy of one resource, as `referent` finds it. */
  of(resource: Resource): readonly Instance[];
  /** Every copy of a type: `ofType('aws_instance')`. */
  ofType(type: string): readonly Instance[];
  /** The AWS region that a resource is made in: its own, its provider's; undefined when neither says. */
  region(resource: Resource): string | undefined;
}
