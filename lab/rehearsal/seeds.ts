/** Faults to plant in the synthesized JSON, one at a time: what each kind of mistake looks like in this platform. */

/** Terraform JSON, edited as a person would edit it. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a type that held the JSON right would refuse the faults
export type Json = any;

export interface Seed {
  readonly name: string;
  readonly stack: string;
  readonly plant: (json: Json) => void;
  /** Where Terraform is expected to notice; `nowhere` when only AWS would. */
  readonly noticed: 'validate' | 'plan' | 'apply' | 'nowhere';
  /** Why `cimiento check` cannot know, where Terraform does before it applies. */
  readonly unlinked?: string;
}

const resource = (json: Json, address: string): Json => {
  const [type, name] = address.split('.') as [string, string];
  const found: Json = json.resource[type]?.[name];
  if (found === undefined) throw new Error(`the stack has no ${address}`);
  return found;
};

const vpc = (json: Json): Json => resource(json, 'aws_vpc.vpc');
const eks = (json: Json): Json => resource(json, 'aws_eks_cluster.eks');
const groupA = (json: Json): Json => resource(json, 'aws_eks_node_group.nodes_zone-a');
const argocd = (json: Json): Json => resource(json, 'helm_release.argocd');
const nodeA: (json: Json) => Json = (json) => Object.values<Json>(json.resource.aws_instance)[0];

const seed = (
  name: string,
  stack: string,
  noticed: Seed['noticed'],
  plant: Seed['plant'],
  unlinked?: string,
): Seed => ({ name, stack, noticed, plant, unlinked });

/** What `cimiento check` does not judge. */
const NESTED = 'the shape of a nested attribute (helm) is not judged';
const VALUES = 'what a function is given is judged by its type, not by its value';

export const SEEDS: readonly Seed[] = [
  seed('unknown argument', 'network', 'validate', (json) => (vpc(json).cidr_blok = '10.0.0.0/16')),
  seed('unknown argument in a block', 'cluster', 'validate', (json) => (eks(json).vpc_config.subnets = [])),
  seed('required argument missing', 'cluster', 'validate', (json) => delete eks(json).role_arn),
  seed('required block missing', 'cluster', 'validate', (json) => delete eks(json).vpc_config),
  seed('two blocks where one may be', 'cluster', 'validate', (json) => {
    eks(json).vpc_config = [eks(json).vpc_config, eks(json).vpc_config];
  }),
  seed('text for a list', 'cluster', 'validate', (json) => (eks(json).vpc_config.subnet_ids = 'subnet-1')),
  seed('text for a number', 'cluster', 'validate', (json) => (groupA(json).scaling_config.max_size = 'two')),
  seed('text for a boolean', 'network', 'validate', (json) => (vpc(json).enable_dns_support = 'perhaps')),
  seed('object for text', 'network', 'validate', (json) => (vpc(json).cidr_block = { first: '10.0.0.0/16' })),
  seed('list for a map', 'network', 'validate', (json) => (vpc(json).tags = ['a', 'b'])),
  seed('block as an expression', 'cluster', 'validate', (json) => (eks(json).vpc_config = '${aws_iam_role.eks_role}')),
  seed('attribute as a block', 'network', 'validate', (json) => (vpc(json).cidr_block = [{ value: '10.0.0.0/16' }])),
  seed('helm 2 syntax: kubernetes as a list', 'gitops', 'validate', (json) => {
    json.provider.helm[0].kubernetes = [json.provider.helm[0].kubernetes];
  }, NESTED),
  seed('helm 2 syntax: set as an object', 'gitops', 'validate', (json) => (argocd(json).set = { name: 'a', value: 'b' }), NESTED),
  seed('broken expression', 'network', 'validate', (json) => (vpc(json).cidr_block = '${cidrsubnet("10.0.0.0/8", 8}')),
  seed('unclosed template', 'network', 'validate', (json) => (vpc(json).cidr_block = '${aws_eip.nat')),
  seed('unknown function', 'network', 'validate', (json) => (vpc(json).tags = { Name: '${uper("a")}' })),
  seed('argument of the wrong type to a function', 'network', 'validate', (json) => {
    vpc(json).tags = { Name: '${join("-", "a")}' };
  }),
  seed('resource that is not there', 'network', 'validate', (json) => {
    resource(json, 'aws_internet_gateway.vpc_internet').vpc_id = '${aws_vpc.other.id}';
  }),
  seed('attribute that is not there', 'network', 'validate', (json) => {
    resource(json, 'aws_internet_gateway.vpc_internet').vpc_id = '${aws_vpc.vpc.idd}';
  }),
  seed('attribute that is not there, deep inside', 'cluster', 'validate', (json) => {
    eks(json).tags = { issuer: '${aws_eks_cluster.eks.identity[0].oidc[0].isuer}' };
  }),
  seed('unknown resource type', 'network', 'validate', (json) => (json.resource.aws_vcp = { vpc: { cidr_block: '10.0.0.0/16' } })),
  seed('unknown data source type', 'network', 'validate', (json) => {
    json.data = { ...json.data, aws_caller_identiti: { caller: {} } };
  }),
  seed('provider alias that nobody declared', 'network', 'validate', (json) => (vpc(json).provider = 'aws.east')),
  seed('depends_on nothing', 'network', 'validate', (json) => (vpc(json).depends_on = ['aws_eip.nowhere'])),
  seed('cycle', 'network', 'validate', (json) => {
    vpc(json).tags = { Name: '${aws_internet_gateway.vpc_internet.id}' };
  }),
  seed('ignore_changes of nothing', 'network', 'validate', (json) => {
    vpc(json).lifecycle = { ignore_changes: ['tagz'] };
  }),
  seed('output of a resource that is not there', 'network', 'validate', (json) => {
    json.output = { ...json.output, lost: { value: '${aws_vpc.other.id}' } };
  }),
  seed('argument that only AWS sets', 'network', 'validate', (json) => (vpc(json).owner_id = '123456789012')),
  seed('output that the other stack does not have', 'cluster', 'plan', (json) => {
    eks(json).role_arn = '${data.terraform_remote_state.cross-stack-reference-input-network.outputs.nope}';
  }),
  seed('state of a stack that was never applied', 'cluster', 'plan', (json) => {
    const states: Json = json.data.terraform_remote_state;
    states['cross-stack-reference-input-network'].config.path = '../../../.state/networks.tfstate';
  }),
  seed('index beyond a list', 'network', 'validate', (json) => (vpc(json).tags = { Name: '${element([], 0)}' }), VALUES),
  seed('subnet beyond its network', 'network', 'validate', (json) => {
    Object.values<Json>(json.resource.aws_subnet)[0].cidr_block = '${cidrsubnet("10.100.0.0/19", 2, 9)}';
  }, VALUES),
  seed('count from what only AWS knows', 'cluster', 'plan', (json) => {
    json.resource.aws_cloudwatch_log_group.extra = { name: '/extra', count: '${length(aws_eks_cluster.new.arn)}' };
    json.resource.aws_eks_cluster.new = { ...eks(json), name: 'other' };
  }),
  seed('id of another kind', 'nodes', 'apply', (json) => {
    nodeA(json).subnet_id = nodeA(json).vpc_security_group_ids[0];
  }),
  seed('value that only AWS refuses (volume type gp9)', 'nodes', 'nowhere', (json) => {
    nodeA(json).root_block_device.volume_type = 'gp9';
  }),
];
