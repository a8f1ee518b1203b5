/** User data of a node of each kind, and the script inside it. */
import { kafkaUserData, mongodbUserData } from '../../../../modules/aws/cloud-init';
import { kafkaArtifacts, mongodbArtifacts, nodeExporter } from '../../../../modules/aws/data-artifacts';
import { DURABILITY } from '../../../../modules/aws/kafka-durability';

const hosts = (service: string, count: number) =>
  Array.from({ length: count }, (_, i) => `${service}-${i + 1}.cimiento.internal`);

const common = {
  region: 'us-east-2',
  nodeExporterPort: 9100,
  volumeId: 'vol-0123456789abcdef0',
  clusterSecretArn: 'arn:aws:secretsmanager:us-east-2:111122223333:secret:cimiento/cluster-AbCdEf',
  clientSecretArn: 'arn:aws:secretsmanager:us-east-2:111122223333:secret:cimiento/client-AbCdEf',
  nodeExporter: nodeExporter('arm64'),
};

export const kafkaNode = (nodeId: number, nodes = 3): string =>
  kafkaUserData({
    ...common,
    cluster: 'cimiento-kafka',
    nodeId,
    zone: 'use2-az1',
    hosts: hosts('kafka', nodes),
    controllers: 3,
    clientPort: 9094,
    controllerPort: 9093,
    jmxExporterPort: 9404,
    artifacts: kafkaArtifacts('4.1'),
    heap: '3072m',
    ...DURABILITY,
  });

export const mongodbMember = (nodeId: number): string =>
  mongodbUserData({
    ...common,
    cluster: 'cimiento-mongodb',
    nodeId,
    hosts: hosts('mongodb', 3),
    replicaSet: 'cimiento',
    port: 27017,
    exporterPort: 9216,
    artifacts: mongodbArtifacts('8.0', 'arm64'),
  });

/** The program that the user data installs. */
export function nodeScriptOf(userData: string): string {
  const found = /<<'END_OF_CIMIENTO_NODE'\n([\s\S]*?)^END_OF_CIMIENTO_NODE$/m.exec(userData);
  if (found?.[1] === undefined) throw new Error('no node script in the user data');
  return found[1];
}
