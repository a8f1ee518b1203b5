/** A snapshot a day of every volume with a certain tag, kept a week: Data Lifecycle Manager itself costs nothing. */
import { DlmLifecyclePolicy } from '@cdktf/provider-aws/lib/dlm-lifecycle-policy';
import { Construct } from 'constructs';
import { trust } from './policy-document';
import { Role } from './role';

/** UTC; the quiet hours of North America. */
const SNAPSHOT_TIME = '08:00';

export interface DailySnapshotsProps {
  readonly name: string;
  /** `nodes`: whose volumes. */
  readonly purpose: string;
  /** How many are kept, which is also for how many days. */
  readonly retain: number;
}

export class DailySnapshots extends Construct {
  /** For the volumes that are to be snapshotted. One tag only: the policy takes a volume that has any of several. */
  readonly tags: Readonly<Record<string, string>>;

  constructor(scope: Construct, id: string, { name, purpose, retain }: DailySnapshotsProps) {
    super(scope, id);
    this.tags = { snapshots: `${name}-${purpose}` };
    const role = new Role(this, 'role', {
      name: [name, `snapshots-${purpose}`],
      description: `Daily snapshots of ${purpose}`,
      trust: trust('dlm.amazonaws.com'),
      managed: ['service-role/AWSDataLifecycleManagerServiceRole'],
    });
    new DlmLifecyclePolicy(this, 'this', {
      description: `Daily snapshots of ${name} ${purpose}`,
      executionRoleArn: role.arn,
      state: 'ENABLED',
      policyDetails: {
        resourceTypes: ['VOLUME'],
        targetTags: this.tags,
        schedule: [
          {
            name: 'daily',
            copyTags: true,
            createRule: { interval: 24, intervalUnit: 'HOURS', times: [SNAPSHOT_TIME] },
            retainRule: { count: retain },
          },
        ],
      },
      tags: { Name: `${name}-${purpose}` },
      dependsOn: [...role.permissions],
    });
  }
}
