/**
 * What every stack has in common: its backend, the AWS provider with the tags that every resource bears, readable resource
 * addresses, and the one switch that lifts data protection.
 */
import { LocalBackend, S3Backend, TerraformElement, TerraformStack } from 'cdktf';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import type { Construct, Node } from 'constructs';
import type { OwnTag } from '../modules/spec';
import type { StateBackend } from '../modules/spec/platform';
import type { PlatformInputs } from './inputs';

/** S3's own state lock (`use_lockfile`) is stable from 1.11 on; `~> 1.11` keeps a 2.x from reading this state unasked. */
const TERRAFORM_VERSION = '~> 1.11';

/**
 * The context key that lifts protection against deletion, in cdktf.json or CDKTF_CONTEXT_JSON:
 * `CDKTF_CONTEXT_JSON='{"protection":"lifted"}' npx cdktf deploy …`, then the same with `destroy`.
 */
export const PROTECTION_CONTEXT = 'protection';

/** Seen from cdktf.out/stacks/<stack>: beside cdktf.out, because cdktf removes the folder of a removed stack, state included. */
const LOCAL_STATE_FOLDER = '../../../.state';

export class PlatformStack extends TerraformStack {
  /**
   * Whether what holds data or cannot be had again refuses deletion (`deletion_protection`, `prevent_destroy`): true unless
   * the context says `protection: lifted`.
   */
  readonly protection: boolean;

  /** What the provider tags every resource with; for what it cannot reach, such as machines that a launch template starts. */
  protected readonly tags: Readonly<Record<string, string>>;

  readonly #paths = new Map<string, string>();

  /** @param state where this stack keeps its state; platform.yaml's `state` unless given */
  constructor(scope: Construct, id: string, inputs: PlatformInputs, state: StateBackend = inputs.platform.state) {
    super(scope, id);
    const { name, region, tags } = inputs.platform;
    this.protection = this.node.tryGetContext(PROTECTION_CONTEXT) !== 'lifted';

    if (state.kind === 's3') {
      const backend = new S3Backend(this, {
        bucket: state.bucket,
        key: `${name}/${id}.tfstate`,
        region,
        encrypt: true,
      });
      // cdktf 0.21 has no property for it; without it two people may apply at once.
      backend.addOverride('use_lockfile', true);
    } else {
      new LocalBackend(this, { path: `${LOCAL_STATE_FOLDER}/${id}.tfstate` });
    }
    this.addOverride('terraform.required_version', TERRAFORM_VERSION);

    // Name is each resource's own.
    const own: Readonly<Record<Exclude<OwnTag, 'Name'>, string>> = {
      project: name,
      stack: id,
      'managed-by': 'terraform',
    };
    this.tags = { ...tags, ...own };
    new AwsProvider(this, 'aws', { region, defaultTags: [{ tags: this.tags }] });
  }

  /**
   * Addresses that a person can say: the construct's path joined by `_`, without cdktf's hash and without a construct's main
   * resource, `this`, as in `aws_subnet.subnets_production-private-a` and `aws_vpc.vpc`.
   *
   * @throws if two paths would get the same name
   */
  protected override allocateLogicalId(element: TerraformElement | Node): string {
    const node = TerraformElement.isTerraformElement(element) ? element.node : (element as Node);
    const steps = node.scopes.slice(this.node.scopes.length).map((scope) => scope.node.id);
    const id = steps.filter((step) => step !== 'this').join('_');
    if (!/^[A-Za-z_][A-Za-z0-9_-]*$/.test(id)) return super.allocateLogicalId(element);
    const earlier = this.#paths.get(id);
    if (earlier !== undefined && earlier !== node.path) {
      throw new Error(`${node.path} and ${earlier} would both be called "${id}" in Terraform: rename one construct`);
    }
    this.#paths.set(id, node.path);
    return id;
  }
}
