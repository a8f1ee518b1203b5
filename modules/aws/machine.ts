/** What every EC2 machine of ours has in common: its image, guarded metadata, an encrypted root volume. */
import { DataAwsSsmParameter } from '@cdktf/provider-aws/lib/data-aws-ssm-parameter';
import type { Construct } from 'constructs';
import type { Architecture, VolumeType } from '../spec/platform';

/**
 * Instance metadata only with a session token (IMDSv2) and only from the machine itself: one hop keeps pods and containers
 * from the machine's role.
 */
export const GUARDED_METADATA = {
  httpEndpoint: 'enabled',
  httpTokens: 'required',
  httpPutResponseHopLimit: 1,
  instanceMetadataTags: 'disabled',
} as const;

/** The newest Amazon Linux 2023, by the public parameter that AWS keeps. Users ignore later changes of it, or machines would be replaced. */
export function amazonLinux(scope: Construct, architecture: Architecture): string {
  const id = `amazon-linux-${architecture.replace('_', '-')}`;
  const found = scope.node.tryFindChild(id) as DataAwsSsmParameter | undefined;
  const parameter =
    found ??
    new DataAwsSsmParameter(scope, id, {
      name: `/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-${architecture}`,
    });
  return parameter.insecureValue;
}

export function encryptedRoot(diskGiB: number, volumeType: VolumeType, kmsKeyId: string) {
  return { volumeSize: diskGiB, volumeType, encrypted: true, kmsKeyId, deleteOnTermination: true } as const;
}
