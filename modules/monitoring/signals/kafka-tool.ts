/** Kafka's own commands in runbooks, so that they can be typed as they stand. */

/** The listener that the broker's certificate names (localhost is not it), and the credentials that only root and kafka may read. */
const OURS = [
  '--bootstrap-server $(sudo sed -n s/^advertised.listeners=CLIENT:..//p /etc/kafka/server.properties)',
  '--command-config /etc/kafka/admin.properties',
].join(' ');

/** On a machine of ours, any broker that runs: where `kafka.sh` of cloud-init installs them. */
export const kafkaTool = (name: string, does: string): string => `\`sudo /opt/kafka/bin/${name}.sh ${OURS} ${does}\``;

/** The same step where Amazon runs the brokers: nobody signs in to those, and clients sign in by IAM. */
export const kafkaToolOnMsk = (step: string): string =>
  step
    .replace('sudo /opt/kafka/bin/', '')
    .replace(OURS, '--bootstrap-server <broker>:9098 --command-config <IAM client.properties>');
