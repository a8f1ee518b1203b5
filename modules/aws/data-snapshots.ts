/** Daily snapshots of the data volumes, kept for days: for what replication copies too, such as a dropped collection. */
import { DlmLifecyclePolicy } from '@cdktf/provider-aws/lib/dlm-lifecycle-policy';
import { Construct } from 'constructs';
import { trust } from './policy-document';
import { Role } from './role';

/** The tag by which volumes are found. */
export const SNAPSHOT_TAG = 'snapshots';

/** UTC, a quiet hour in all of North America. Volumes of one policy are taken one after the other, not at one instant. */
const AT = '08:00';

export interface DataSnapshotsProps {
  readonly platform: string;
  /** The value of the volumes' tag. */
  readonly tag: string;
  readonly days: number;
}

export class DataSnapshots extends Construct {
  constructor(scope: Construct, id: string, { platform, tag, days }: DataSnapshotsProps) {
    super(scope, id);
    const role = new Role(this, 'role', {
      name: [platform, 'data-snapshots'],
      description: 'Takes and forgets snapshots of data volumes',
      trust: trust('dlm.amazonaws.com'),
      managed: ['service-role/AWSDataLifecycleManagerServiceRole'],
    });
    new DlmLifecyclePolicy(this, 'daily', {
      description: `Daily snapshots of data volumes, kept ${days} days`,
      executionRoleArn: role.arn,
      state: 'ENABLED',
      policyDetails: {
        resourceTypes: ['VOLUME'],
        targetTags: { [SNAPSHOT_TAG]: tag },
        schedule: [
          {
            name: 'daily',
            createRule: { interval: 24, intervalUnit: 'HOURS', times: [AT] },
            retainRule: { count: days },
            copyTags: true,
          },
        ],
      },
      dependsOn: [...role.permissions],
    });
  }
}
