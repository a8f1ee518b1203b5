/**
 * network: addresses, routes, borders, names and the key. Everything else stands on it.
 *
 * Deletion: last but one (the state stack is last); AWS refuses while anything still has an interface in a subnet, and that is the
 * order that remote state enforces by hand: gitops, nodes, data, cluster, network.
 * Data protection: the KMS key has `prevent_destroy` and 30 days to change one's mind, since volumes and snapshots are
 * unreadable without it. Flow logs go with the stack.
 */
import { DataAwsCallerIdentity } from '@cdktf/provider-aws/lib/data-aws-caller-identity';
import { Ec2InstanceConnectEndpoint } from '@cdktf/provider-aws/lib/ec2-instance-connect-endpoint';
import { Route53Zone } from '@cdktf/provider-aws/lib/route53-zone';
import type { Construct } from 'constructs';
import { administrationSubnet } from '../modules/aws/acl-rules';
import { Budget } from '../modules/aws/budget';
import { EncryptionKey } from '../modules/aws/encryption-key';
import type { NetworkOutputs } from '../modules/aws/outputs';
import { RejectedTrafficLog } from '../modules/aws/rejected-traffic-log';
import { Routing } from '../modules/aws/routing';
import { SecurityGroups } from '../modules/aws/security-groups';
import { groupNames, permissions } from '../modules/aws/security-rules';
import { SegmentAcls } from '../modules/aws/segment-acls';
import { Subnets } from '../modules/aws/subnets';
import { Vpc } from '../modules/aws/vpc';
import { KUBERNETES_SEGMENT } from '../modules/spec/platform';
import type { PlatformInputs } from './inputs';
import { PlatformStack } from './platform-stack';

export class NetworkStack extends PlatformStack {
  readonly outputs: NetworkOutputs;

  constructor(scope: Construct, inputs: PlatformInputs) {
    super(scope, 'network', inputs);
    const { platform, plan } = inputs;
    const { name, region, network } = platform;
    const { accountId } = new DataAwsCallerIdentity(this, 'caller');

    const vpc = new Vpc(this, 'vpc', { name, plan });
    const subnets = new Subnets(this, 'subnets', { name, vpc, plan });
    new Routing(this, 'routing', { name, region, vpc, subnets, egress: network.egress });
    new SegmentAcls(this, 'acls', { name, vpc, subnets, plan, platform });
    const groups = new SecurityGroups(this, 'groups', {
      name,
      vpcId: vpc.vpcId,
      groups: groupNames(platform),
      permissions: permissions(platform),
    });

    const dnsZoneName = `${name}.internal`;
    const zone = new Route53Zone(this, 'names', {
      name: dnsZoneName,
      comment: 'Brokers, replica set members and service nodes',
      vpc: [{ vpcId: vpc.vpcId }],
    });
    const key = new EncryptionKey(this, 'key', { name, region, accountId, protection: this.protection });
    new RejectedTrafficLog(this, 'rejected-traffic', { name, vpcId: vpc.vpcId, accountId });

    // A free way in where Session Manager cannot be used; nothing listens on the internet for it.
    const administration = administrationSubnet(plan);
    new Ec2InstanceConnectEndpoint(this, 'instance-connect', {
      subnetId: subnets.all.find((subnet) => subnet.name === administration.name)!.id,
      securityGroupIds: [groups.ids['instance-connect']],
      preserveClientIp: false,
      tags: { Name: `${name}-instance-connect` },
    });

    // In the stack that is made first and destroyed last, so that no dollar is spent unseen.
    if (platform.budget !== undefined) new Budget(this, 'budget', { name, ...platform.budget });

    this.outputs = {
      vpcId: vpc.vpcId,
      subnetIds: Object.fromEntries(
        plan.blocks.map(({ segment }) => [
          segment,
          {
            public: subnets.of(segment, 'public').map((subnet) => subnet.id),
            private: subnets.of(segment, 'private').map((subnet) => subnet.id),
          },
        ]),
      ),
      availabilityZones: subnets.of(KUBERNETES_SEGMENT, 'private').map((subnet) => subnet.availabilityZone),
      securityGroupIds: groups.ids,
      dnsZoneId: zone.zoneId,
      dnsZoneName,
      encryptionKeyArn: key.arn,
    };
  }
}
