/**
 * nodes: the EC2 machines that hold services (four by default), spread over zones, each with a name.
 *
 * Deletion: at any time before network; nothing but gitops (its scrape targets) looks at them.
 * Data protection: a snapshot a day of every root volume, kept a week and left behind by `destroy`; the machines refuse
 * termination until `protection` is lifted (stacks/platform-stack.ts). An image or script that AWS or we renew replaces none.
 */
import type { Construct } from 'constructs';
import { DailySnapshots } from '../modules/aws/daily-snapshots';
import type { NetworkOutputs, NodesOutputs } from '../modules/aws/outputs';
import { NODE_EXPORTER_PORT } from '../modules/aws/ports';
import { InstanceRole } from '../modules/aws/role';
import { ServiceNode } from '../modules/aws/service-node';
import type { PlatformInputs } from './inputs';
import { PlatformStack } from './platform-stack';

const SNAPSHOTS_KEPT = 7;

export class NodesStack extends PlatformStack {
  readonly outputs: NodesOutputs;

  constructor(scope: Construct, inputs: PlatformInputs, network: NetworkOutputs) {
    super(scope, 'nodes', inputs);
    const { platform, choices } = inputs;
    const { name } = platform;
    const { instanceProfileName } = new InstanceRole(this, 'role', {
      name: [name, 'service-node'],
      description: 'Service nodes: Session Manager, nothing else',
    });
    const snapshots = new DailySnapshots(this, 'snapshots', { name, purpose: 'nodes', retain: SNAPSHOTS_KEPT });

    const hosts = platform.nodes.map((spec): [string, string] => {
      const node = new ServiceNode(this, spec.name, {
        platform: name,
        spec,
        choice: choices.nodes[spec.name]!,
        volumeType: platform.volumes,
        subnetId: network.subnetIds[spec.segment]!.private[spec.zone]!,
        securityGroupId: network.securityGroupIds[`nodes-${spec.segment}`]!,
        instanceProfileName,
        encryptionKeyArn: network.encryptionKeyArn,
        dnsZoneId: network.dnsZoneId,
        dnsZoneName: network.dnsZoneName,
        snapshotTags: snapshots.tags,
        protection: this.protection,
      });
      return [spec.name, node.host];
    });
    this.outputs = {
      hosts: Object.fromEntries(hosts),
      scrapeTargets: hosts.map(([, host]) => `${host}:${NODE_EXPORTER_PORT}`),
    };
  }
}
