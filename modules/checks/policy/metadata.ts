/** Credentials of machines cannot be fetched by what runs on them and should not have them. */
import { block, isUnknown, number, text, type Instance } from '../terraform';
import { onEach, shown, type Objection, type Policy } from './policy';

type Found = Omit<Objection, 'instance'>;

function* tokens({ resource, values }: Instance): Generator<Found> {
  const options = block(values.metadata_options);
  if (text(options?.http_endpoint) === 'disabled' || isUnknown(options?.http_tokens)) return;
  // A machine made from a launch template takes the template's options.
  if (resource.type === 'aws_instance' && options === undefined && values.launch_template !== undefined) return;
  if (text(options?.http_tokens) === 'required') return;
  yield {
    attribute: 'metadata_options.http_tokens',
    value: shown(options?.http_tokens),
    message: 'metadata can be read without a session token (IMDSv1)',
  };
}

export const METADATA: readonly Policy[] = [
  {
    id: 'metadata.imdsv2',
    severity: 'high',
    title: 'Instance metadata is given out against a session token only',
    reason:
      'a server tricked into fetching a URL gives away the machine’s role otherwise (Amazon EC2 User Guide, "Use the Instance Metadata Service": IMDSv2)',
    fix: 'set metadata_options.http_tokens to required',
    find: onEach(['aws_instance', 'aws_launch_template', 'aws_launch_configuration'], tokens),
  },
  {
    id: 'metadata.hop-limit',
    severity: 'medium',
    title: 'Pods cannot read the metadata of the node they run on',
    reason:
      'an answer that may take one hop only does not reach a container with a network of its own (Amazon EKS Best Practices, "Restrict access to the instance profile")',
    fix: 'set http_put_response_hop_limit to 1 and give pods roles of their own',
    find: onEach(['aws_launch_template', 'aws_instance'], function* ({ values }) {
      const limit = number(block(values.metadata_options)?.http_put_response_hop_limit) ?? 1;
      if (limit > 1)
        yield {
          attribute: 'metadata_options.http_put_response_hop_limit',
          value: limit,
          message: `metadata answers travel ${limit} hops`,
        };
    }),
  },
];
