/**
 * VPC flow log of what ACLs and groups refused. Rejected packets only: accepted ones are most of the volume, and delivery is
 * billed by the GB; S3 takes them for half of CloudWatch's price.
 */
import { FlowLog } from '@cdktf/provider-aws/lib/flow-log';
import { Construct } from 'constructs';
import { LogBucket } from './log-bucket';

export interface RejectedTrafficLogProps {
  readonly name: string;
  readonly vpcId: string;
  readonly accountId: string;
}

export class RejectedTrafficLog extends Construct {
  constructor(scope: Construct, id: string, { name, vpcId, accountId }: RejectedTrafficLogProps) {
    super(scope, id);
    const deliver = {
      Effect: 'Allow',
      Principal: { Service: 'delivery.logs.amazonaws.com' },
      // Only what it does for this account, whoever else asks it to.
      Condition: { StringEquals: { 'aws:SourceAccount': accountId } },
    } as const;
    const bucket = new LogBucket(this, 'bucket', {
      name,
      purpose: 'flow-logs',
      statements: (arn) => [
        { ...deliver, Sid: 'Deliver', Action: 's3:PutObject', Resource: `${arn}/AWSLogs/${accountId}/*` },
        { ...deliver, Sid: 'CheckBeforeDelivery', Action: 's3:GetBucketAcl', Resource: arn },
      ],
    });
    new FlowLog(this, 'this', {
      vpcId,
      trafficType: 'REJECT',
      logDestinationType: 's3',
      logDestination: bucket.arn,
      maxAggregationInterval: 600,
      tags: { Name: `${name}-rejected` },
      // Without it the delivery service would write a policy of its own, and each apply would remove it again.
      dependsOn: [bucket.policy],
    });
  }
}
