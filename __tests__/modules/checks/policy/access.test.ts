import { checkPolicies, POLICIES } from '../../../../modules/checks/policy';
import { resolve } from '../project';

test('policies that a data source writes are read like those written out', async () => {
  const json = (name: string) => `\${data.aws_iam_policy_document.${name}.json}`;
  const resolved = await resolve({
    main: {
      data: {
        aws_iam_policy_document: {
          all: {
            statement: [
              { actions: ['s3:GetObject'], resources: ['*'] },
              { actions: ['*'], resources: ['*'] },
            ],
          },
          denied: { statement: { effect: 'Deny', actions: ['*'], resources: ['*'] } },
          anybody: { statement: { actions: ['s3:GetObject'], principals: { type: '*', identifiers: ['*'] } } },
          any_account: { statement: { actions: ['kms:Decrypt'], principals: [{ type: 'AWS', identifiers: ['*'] }] } },
          ours: {
            statement: {
              actions: ['s3:GetObject'],
              principals: { type: 'AWS', identifiers: ['*'] },
              condition: { test: 'StringEquals', variable: 'aws:PrincipalOrgID', values: ['o-1'] },
            },
          },
          service: {
            statement: {
              actions: ['sts:AssumeRole'],
              principals: { type: 'Service', identifiers: ['ec2.amazonaws.com'] },
            },
          },
        },
      },
      resource: {
        aws_iam_role_policy: { all: { policy: json('all') }, denied: { policy: json('denied') } },
        aws_s3_bucket_policy: { anybody: { policy: json('anybody') }, ours: { policy: json('ours') } },
        aws_kms_key: { k: { policy: json('any_account') } },
        aws_iam_role: { r: { assume_role_policy: json('service') } },
      },
    },
  });
  const policies = POLICIES.filter(({ id }) => id.startsWith('access.'));
  const found = checkPolicies(resolved, { today: '2026-11-24', schemas: {} }, policies);
  expect(found.map(({ id, address }) => `${id} ${address}`)).toEqual([
    'access.administrator aws_iam_role_policy.all',
    'access.everybody aws_s3_bucket_policy.anybody',
    'access.everybody aws_kms_key.k',
  ]);
});
