/**
 * The user data of one machine of the lab, by the platform's own renderer: `render.ts NODE_ID VOLUME_ID SECRETS ARTIFACTS`,
 * where SECRETS is the cluster's and the client's ARN and ARTIFACTS is a folder with the downloads. Differs from AWS in
 * where downloads come from, in names, and in a heap and thread counts for a small machine.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { kafkaUserData } from '../../modules/aws/cloud-init';
import { kafkaArtifacts, type Download } from '../../modules/aws/data-artifacts';
import { DURABILITY } from '../../modules/aws/kafka-durability';
import { PLATFORM_DEFAULTS } from '../../modules/spec/defaults';

const [nodeId, volumeId, clusterSecretArn, clientSecretArn, artifacts] = process.argv.slice(2);
if (artifacts === undefined) throw new Error('usage: render.ts NODE_ID VOLUME_ID CLUSTER_SECRET CLIENT_SECRET ARTIFACTS');

const local = (file: string, algorithm: 'sha256' | 'sha512'): Download => ({
  url: `file://${artifacts}/${file}`,
  checksum: createHash(algorithm)
    .update(readFileSync(`${artifacts}/${file}`))
    .digest('hex'),
});

process.stdout.write(
  kafkaUserData({
    cluster: 'lab-kafka',
    region: 'us-east-2',
    nodeId: Number(nodeId),
    zone: `zone-${nodeId}`,
    hosts: [1, 2, 3].map((id) => `kafka-${id}.lab.internal`),
    controllers: 3,
    clientPort: 9094,
    controllerPort: 9093,
    jmxExporterPort: 9404,
    nodeExporterPort: 9100,
    volumeId: volumeId!,
    clusterSecretArn: clusterSecretArn!,
    clientSecretArn: clientSecretArn!,
    artifacts: {
      ...kafkaArtifacts(PLATFORM_DEFAULTS.kafkaVersion),
      kafka: local('kafka.tgz', 'sha512'),
      jmxExporter: local('jmx_exporter.jar', 'sha512'),
    },
    nodeExporter: local('node_exporter.tar.gz', 'sha256'),
    heap: '256m',
    ...DURABILITY,
    extraProperties: [
      'log.cleaner.dedupe.buffer.size=2097152',
      'offsets.topic.num.partitions=3',
      'num.io.threads=2',
      'num.network.threads=2',
    ].join('\n'),
  }),
);
