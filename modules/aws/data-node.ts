/**
 * A machine that may be lost. What makes it a broker or a member, its address, its name and its data, are resources of
 * their own that outlive the instance; the instance is put together from them again by its user data.
 */
import { EbsVolume } from '@cdktf/provider-aws/lib/ebs-volume';
import { Instance } from '@cdktf/provider-aws/lib/instance';
import { NetworkInterface } from '@cdktf/provider-aws/lib/network-interface';
import { Route53Record } from '@cdktf/provider-aws/lib/route53-record';
import { VolumeAttachment } from '@cdktf/provider-aws/lib/volume-attachment';
import { Fn, TerraformLocal } from 'cdktf';
import { Construct } from 'constructs';
import type { VolumeType } from '../spec/platform';
import { USER_DATA_LIMIT, userDataSize } from './cloud-init';
import { amazonLinux, encryptedRoot, GUARDED_METADATA } from './machine';
import type { InstanceChoice } from '../catalog/choices';

/** Amazon Linux 2023 needs 8; the rest is for software and its logs. */
const ROOT_GIB = 20;

/** Seconds. An address changes only when the network interface is made anew. */
const DNS_TTL = 60;

export interface DataNodeProps {
  /** `cimiento-kafka-1`: the machine's name. */
  readonly name: string;
  /** `kafka-1.cimiento.internal`. */
  readonly host: string;
  readonly dnsZoneId: string;
  readonly subnetId: string;
  readonly securityGroupId: string;
  /** The availability zone's name in this account, where the subnet is. */
  readonly availabilityZone: string;
  readonly instance: InstanceChoice;
  readonly instanceProfileName: string;
  readonly diskGiB: number;
  readonly volumeType: VolumeType;
  readonly encryptionKeyArn: string;
  /** Refuse to delete what can't be had again: the data volume and the address. */
  readonly protection: boolean;
  /** Tags of the data volume, by which snapshots are taken. */
  readonly volumeTags: Readonly<Record<string, string>>;
  /** The user data, once the volume's id is known. */
  userData(volumeId: string): string;
}

export class DataNode extends Construct {
  constructor(scope: Construct, id: string, props: DataNodeProps) {
    super(scope, id);
    const { name, protection } = props;

    const address = new NetworkInterface(this, 'address', {
      subnetId: props.subnetId,
      securityGroups: [props.securityGroupId],
      description: `${name}: the address outlives the instance`,
      tags: { Name: name },
      lifecycle: { preventDestroy: protection },
    });
    new Route53Record(this, 'name', {
      zoneId: props.dnsZoneId,
      name: props.host,
      type: 'A',
      ttl: DNS_TTL,
      records: [address.privateIp],
    });
    const volume = new EbsVolume(this, 'data', {
      availabilityZone: props.availabilityZone,
      size: props.diskGiB,
      type: props.volumeType,
      encrypted: true,
      kmsKeyId: props.encryptionKeyArn,
      tags: { Name: `${name}-data`, ...props.volumeTags },
      lifecycle: { preventDestroy: protection },
    });
    // A local of its own, so that the script is read as text in the synthesized JSON and in a review of it.
    const userData = new TerraformLocal(this, 'user-data', terraformText(fitting(props.userData(volume.id))));
    const instance = new Instance(this, 'machine', {
      ami: amazonLinux(scope, props.instance.architecture),
      instanceType: props.instance.type,
      primaryNetworkInterface: { networkInterfaceId: address.id },
      iamInstanceProfile: props.instanceProfileName,
      metadataOptions: GUARDED_METADATA,
      rootBlockDevice: encryptedRoot(ROOT_GIB, props.volumeType, props.encryptionKeyArn),
      disableApiTermination: protection,
      userDataBase64: Fn.base64gzip(userData.asString),
      userDataReplaceOnChange: false,
      tags: { Name: name },
      // A newer image or an edited script must touch no running node: Terraform would stop and start all of them at once
      // to hand over new user data. Both take effect when a node is replaced, one at a time (docs/data.md).
      lifecycle: { ignoreChanges: ['ami', 'user_data_base64'] },
    });
    new VolumeAttachment(this, 'attachment', {
      deviceName: '/dev/sdf',
      instanceId: instance.id,
      volumeId: volume.id,
      // A volume is detached cleanly only from a stopped machine.
      stopInstanceBeforeDetaching: true,
    });
  }
}

/** @throws Error if EC2 would refuse the text for its size */
function fitting(text: string): string {
  const size = userDataSize(text);
  if (size > USER_DATA_LIMIT) throw new Error(`user data takes ${size} bytes compressed, EC2 takes ${USER_DATA_LIMIT}`);
  return text;
}

/** Bash's `${…}` kept from Terraform; cdktf's own tokens left to be resolved. */
function terraformText(text: string): string {
  return text.replaceAll(/\$\{(?!TfToken\[)/g, '$$${').replaceAll('%{', '%%{');
}
