/** Who may do what: roles with the least they need. */
import {
  block,
  blocks,
  text,
  isUnknown,
  type Instance,
  type ResolvedProject,
  type Value,
  type Values,
} from '../terraform';
import { Topology } from '../topology';
import { onEach, type Objection, type Policy } from './policy';

type Found = Omit<Objection, 'instance'>;

interface Statement {
  readonly Effect?: string;
  readonly Action?: unknown;
  readonly Resource?: unknown;
  readonly Principal?: unknown;
  readonly Condition?: unknown;
}

/** Statements of a policy document; ARNs that do not exist yet stand in it as `${…}`, which is text like any other. */
function statements(value: Value | undefined, project: ResolvedProject): Statement[] {
  const written = Topology.of(project)
    .instancesOf(value)
    .filter(({ resource }) => resource.mode === 'data' && resource.type === 'aws_iam_policy_document');
  if (written.length > 0) return written.flatMap(({ values }) => blocks(values.statement).map(statementOf));
  const source = isUnknown(value) ? value.text : text(value);
  try {
    const { Statement: found } = JSON.parse(source ?? '{}') as { Statement?: Statement | Statement[] };
    return found === undefined ? [] : Array.isArray(found) ? found : [found];
  } catch {
    return [];
  }
}

/** A statement as a document of Terraform's own writes it. */
function statementOf({ effect, actions, resources, principals, condition }: Values): Statement {
  const named = blocks(principals).map(({ type, identifiers }): readonly [string, unknown] => [
    text(type) ?? '',
    identifiers,
  ]);
  return {
    Effect: text(effect) ?? 'Allow',
    Action: actions,
    Resource: resources,
    Principal: named.some(([type]) => type === '*') ? '*' : Object.fromEntries(named),
    ...(blocks(condition).length > 0 && { Condition: condition }),
  };
}

const asList = (value: unknown): readonly unknown[] => (Array.isArray(value) ? (value as unknown[]) : [value]);

function* administrator(value: Value | undefined, attribute: string, project: ResolvedProject): Generator<Found> {
  for (const { Effect, Action, Resource } of statements(value, project)) {
    if (Effect === 'Allow' && asList(Action).includes('*') && asList(Resource).includes('*')) {
      yield { attribute, value: '*', message: 'it allows every action on everything' };
    }
  }
}

const anybody = (principal: unknown): boolean =>
  principal === '*' ||
  (typeof principal === 'object' && principal !== null && asList((principal as { AWS?: unknown }).AWS).includes('*'));

function* everybody({ values }: Instance, attribute: string, project: ResolvedProject): Generator<Found> {
  for (const { Effect, Principal, Condition } of statements(values[attribute], project)) {
    if (Effect === 'Allow' && Condition === undefined && anybody(Principal))
      yield { attribute, value: '*', message: 'anybody in the world is allowed, without a condition' };
  }
}

/** Argument that holds a resource's own policy, by type. */
const RESOURCE_POLICY: Readonly<Record<string, string>> = {
  aws_s3_bucket_policy: 'policy',
  aws_kms_key: 'policy',
  aws_sqs_queue_policy: 'policy',
  aws_sns_topic_policy: 'policy',
  aws_ecr_repository_policy: 'policy',
  aws_secretsmanager_secret_policy: 'policy',
  aws_iam_role: 'assume_role_policy',
};

const inline = (values: Values): Value | undefined => block(values.inline_policy)?.policy;

export const ACCESS: readonly Policy[] = [
  {
    id: 'access.administrator',
    severity: 'high',
    title: 'No role may do everything',
    reason: 'whoever takes over one workload takes the account (AWS Security Hub IAM.1)',
    fix: 'name the actions and resources that are needed',
    find: onEach(
      [
        'aws_iam_policy',
        'aws_iam_role_policy',
        'aws_iam_user_policy',
        'aws_iam_group_policy',
        'aws_iam_role',
        'aws_iam_role_policy_attachment',
      ],
      function* ({ resource, values }, project) {
        if (resource.type === 'aws_iam_role_policy_attachment') {
          const arn = text(values.policy_arn);
          if (arn?.endsWith(':policy/AdministratorAccess'))
            yield { attribute: 'policy_arn', value: arn, message: 'it allows every action on everything' };
        } else if (resource.type === 'aws_iam_role')
          yield* administrator(inline(values), 'inline_policy.policy', project);
        else yield* administrator(values.policy, 'policy', project);
      },
    ),
  },
  {
    id: 'access.everybody',
    severity: 'critical',
    title: 'No policy of a bucket, key, queue or role lets everybody in',
    reason:
      'Principal "*" without a condition means other accounts too (AWS IAM User Guide, "AWS JSON policy elements: Principal")',
    fix: 'name the principals, or add a condition',
    find: onEach(Object.keys(RESOURCE_POLICY), (instance, project) =>
      everybody(instance, RESOURCE_POLICY[instance.resource.type] as string, project),
    ),
  },
];
