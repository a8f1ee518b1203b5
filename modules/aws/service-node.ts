/** An EC2 machine that holds services (brief 2.5): private, without a key pair, reached by Session Manager. */
import { Instance } from '@cdktf/provider-aws/lib/instance';
import { Route53Record } from '@cdktf/provider-aws/lib/route53-record';
import { Construct } from 'constructs';
import type { InstanceChoice } from '../catalog/choices';
import type { ServiceNodeSpec, VolumeType } from '../spec/platform';
import { serviceNodeUserData } from './cloud-init/service-node';
import { nodeExporter } from './data-artifacts';
import { amazonLinux, encryptedRoot, GUARDED_METADATA } from './machine';
import { NODE_EXPORTER_PORT } from './ports';

/** Seconds: after a replacement the name leads to the new address within a minute. */
const DNS_TTL = 60;

export interface ServiceNodeProps {
  readonly platform: string;
  readonly spec: ServiceNodeSpec;
  readonly choice: InstanceChoice;
  readonly volumeType: VolumeType;
  readonly subnetId: string;
  readonly securityGroupId: string;
  readonly instanceProfileName: string;
  readonly encryptionKeyArn: string;
  readonly dnsZoneId: string;
  readonly dnsZoneName: string;
  /** On the root volume: what the snapshot policy looks for. */
  readonly snapshotTags: Readonly<Record<string, string>>;
  readonly protection: boolean;
}

export class ServiceNode extends Construct {
  /** `svc-1.cimiento.internal`. */
  readonly host: string;

  constructor(scope: Construct, id: string, props: ServiceNodeProps) {
    super(scope, id);
    const { spec, choice } = props;
    const name = `${props.platform}-${spec.name}`;
    const userData = serviceNodeUserData({
      name: spec.name,
      nodeExporter: nodeExporter(choice.architecture),
      nodeExporterPort: NODE_EXPORTER_PORT,
    });
    const instance = new Instance(this, 'this', {
      ami: amazonLinux(scope, choice.architecture),
      instanceType: choice.type,
      subnetId: props.subnetId,
      vpcSecurityGroupIds: [props.securityGroupId],
      associatePublicIpAddress: false,
      iamInstanceProfile: props.instanceProfileName,
      metadataOptions: GUARDED_METADATA,
      rootBlockDevice: {
        ...encryptedRoot(spec.diskGiB, props.volumeType, props.encryptionKeyArn),
        tags: { Name: name, ...props.snapshotTags },
      },
      ebsOptimized: true,
      disableApiTermination: props.protection,
      // bash's own `${…}` is not Terraform's.
      userData: userData.replaceAll('${', '$${'),
      userDataReplaceOnChange: false,
      tags: { Name: name, segment: spec.segment },
      // A newer image or script is for new machines: what the owners installed here stays. `terraform apply -replace=…` renews.
      lifecycle: { ignoreChanges: ['ami', 'user_data'] },
    });
    this.host = new Route53Record(this, 'name', {
      zoneId: props.dnsZoneId,
      name: `${spec.name}.${props.dnsZoneName}`,
      type: 'A',
      ttl: DNS_TTL,
      records: [instance.privateIp],
    }).fqdn;
  }
}
